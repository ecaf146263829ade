"""Exchanged labels: found by distances that a body keeps and by which side is which, and put right where one exchange explains them.

Everything here is true in any axes.
"""

from __future__ import annotations

from headway.body.clusters import CLUSTERS
from headway.body.labelled_paths import Exchange, LabelledPaths
from headway.body.leg_exchange import mend_legs
from headway.body.segment_exchange import mend_strangers, mend_stretches
from headway.body.side_exchange import FEET, TRUNK, mend_chest, mend_mirrored, mend_reversed
from headway.recording import FloatArray


def put_right(paths: dict[str, FloatArray]) -> list[Exchange]:
    """Find exchanged labels and put them right in ``paths`` (its values are replaced).

    Parameters
    ----------
    paths
        Landmark to path, m, shape (frames, 3), in any axes.
    """
    labels = LabelledPaths(paths)
    if not paths:
        return []
    mend_chest(labels)
    mend_strangers(labels)
    mend_reversed(labels, TRUNK)
    mend_stretches(labels, CLUSTERS[:3])
    mend_mirrored(labels)
    mend_legs(labels)
    mend_reversed(labels, FEET)
    mend_stretches(labels, CLUSTERS[3:])
    return labels.exchanges()
