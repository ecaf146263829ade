"""One threshold of force for the contacts of several recordings that are compared."""

from __future__ import annotations

from collections.abc import Sequence

from headway.analysis.analysis import Analysis


def raised(found: Sequence[Analysis]) -> dict[int, float]:
    """Which analyses have to be made again, and with which threshold (N), so that the contacts of all end at the same force.

    Quiet plates tell contacts at 20 N, noisy ones at 50 N: between the two lie about 7 ms of contact time. The highest can be had
    from all. Contacts that do not come from force have no threshold.
    """
    levels = [analysis.summary.events.threshold for analysis in found]
    highest = max((level for level in levels if level is not None), default=None)
    return {
        k: highest for k, level in enumerate(levels) if level is not None and highest is not None and level < highest
    }
