"""How a C3D file stores numbers: three kinds of processor, two of real numbers (C3D user guide, c3d.org)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray

INTEL, DEC, MIPS = 84, 85, 86
"""Processor types; the parameter section names one."""


@dataclass(frozen=True)
class Encoding:
    """Byte order of a file, and whether its real numbers are those of a VAX."""

    order: Literal["<", ">"]
    vax: bool

    def integers(self, raw: bytes, *, unsigned: bool = False) -> npt.NDArray[np.int64]:
        """Integers of 16 bits."""
        return np.frombuffer(raw, f"{self.order}{'u' if unsigned else 'i'}2").astype(np.int64)

    def reals(self, raw: bytes) -> FloatArray:
        """Real numbers of 32 bits.

        Notes
        -----
        A VAX number has its words exchanged and an exponent two higher than the same bits in IEEE 754 mean.
        """
        if self.vax:
            words = np.frombuffer(raw, "<u2").reshape(-1, 2)[:, ::-1]
            return np.ascontiguousarray(words).view("<f4").ravel().astype(np.float64) / 4.0
        return np.frombuffer(raw, f"{self.order}f4").astype(np.float64)


def encoding_of(processor: int) -> Encoding | None:
    """Encoding that a processor type stands for; ``None`` for a type that is not known."""
    if processor not in (INTEL, DEC, MIPS):
        return None
    return Encoding(">" if processor == MIPS else "<", processor == DEC)
