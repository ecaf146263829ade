"""What a page of one analysis is made from."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
import xarray as xr

from headway.results import Summary


class Analysed(Protocol):
    """An analysis, or anything shaped like one."""

    @property
    def summary(self) -> Summary:
        """The contents of ``summary.json``."""
        ...

    @property
    def steps(self) -> pd.DataFrame:
        """One row per step; SI."""
        ...

    @property
    def waveforms(self) -> xr.Dataset:
        """Means and spreads over stance, and the figure; SI."""
        ...

    @property
    def curves(self) -> xr.Dataset:
        """Everything over time; SI."""
        ...
