"""What pushes the head: how much of a change of velocity over push-off each joint, gravity and the velocities give."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.dynamics.push import CONTRIBUTIONS
from headway.gait.trial import Trial
from headway.metrics.errors import OnFilm
from headway.metrics.registry import CannotMeasure, metric
from headway.recording import FloatArray
from headway.texts import TEXTS

WIDEST = 1.0
"""Half of a 95 % interval from which a film's value says nothing, m/s: about what the strongest source gives."""
PUSHED_WORDS = {"head": "head", "neck_base": "neck base", "com": "centre of mass"}
SOURCE_WORDS = {
    "ankle": "ankles and toes", "knee": "knees", "hip": "hips", "lumbar": "lower back", "neck": "neck",
    "arms": "shoulders and elbows", "gravity": "gravity", "velocity": "velocities",
}  # fmt: skip
DIRECTION_WORDS = {"up": "Upward", "forward": "Forward", "lateral": "Sideways (toward the stance side)"}
PLANES = {"up": "vertical", "forward": "sagittal", "lateral": "frontal"}
DEFINITIONS = {
    "gravity": "gravity, with the ground's answer to it,",
    "velocity": "terms of the velocities and what the sole does by itself",
}


def _contribution(name: str) -> Any:
    def compute(trial: Trial) -> FloatArray:
        """Change of velocity over push-off, m/s, per step."""
        push = trial.push
        if push is None or not np.isfinite(push.of(name)).any():
            raise CannotMeasure(TEXTS("refused.no_stride_fitted"), TEXTS("refused.record_strides_on_plates"))
        return push.of(name)

    return compute


for _name, (_pushed, _source, _direction) in CONTRIBUTIONS.items():
    _by = DEFINITIONS.get(_source, f"the net moments of the {SOURCE_WORDS[_source]} of both sides")
    metric(
        _name,
        f"{DIRECTION_WORDS[_direction]} push on the {PUSHED_WORDS[_pushed]} by {SOURCE_WORDS[_source]}",
        f"integral from the braking-propulsion transition to toe-off of the acceleration of the {PUSHED_WORDS[_pushed]} that {_by} "
        "induce when the foot rolls about its centre of pressure",
        unit="m/s",
        family="what pushes the head",
        plane=PLANES[_direction],
        source="D60, Zajac & Gordon 1989",
        claims=("A1", "A2") if _pushed == "head" else (),
        model="induced accelerations of a body of rigid segments",
        contradicts="it depends on what the ground is taken to do (three ideas stand side by side in body.grounds) and is no muscle's intention",
        fitted=True,
        film=OnFilm(widest=WIDEST),
    )(_contribution(_name))
