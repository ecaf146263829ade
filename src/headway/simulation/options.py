"""Options of a simulation, declared once: the command line is made from them. Imports nothing heavy."""

# ruff: noqa: RUF009 - the fields' defaults are declarations, which are frozen

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from headway.errors import OptionError

if TYPE_CHECKING:
    from headway.body.skeleton import Skeleton

HEIGHT, MASS = 1.75, 70.0
"""Body that is simulated where none is told, m and kg."""
MOST_STARTS, MESH = 20, (8, 60)


def _option(default: object, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class SimulationOptions:
    """What is to be simulated, in the words of the command line.

    Attributes
    ----------
    head
        Conditions: ``free,braced,held``.
    speed, lean, step_width, neck, right_leg, right_ankle
        A number, or a sweep ``from:to:step``; degrees for the lean, a share for the ankle, else SI.
    height, mass, sex
        The body.
    recording
        A runner's own recording to begin with.
    quick
        The leading variant only: nothing is said about robustness.
    starts, mesh, workers
        Cold starts of the first condition, spline intervals in a step, processes.
    cache
        Keep solutions, and begin a quick run from those of earlier ones.
    """

    head: str = _option(
        "free,braced,held",
        "Conditions of the head; the others are compared with the first: free, braced, held, stacked, "
        "hands_on_hips, arms_fixed, arms_passive, hands_on_back, arms_crossed, hands_on_head; "
        "braced+stacked combines two.",
    )
    speed: str | None = _option(None, "Running speed, m/s, or a sweep such as 3:5:0.5.")
    lean: str | None = _option(None, "Mean trunk lean, degrees, positive forward; chosen by the simulation otherwise.")
    step_width: str | None = _option(
        None, "Lateral distance between the feet, metres; chosen by the simulation otherwise."
    )
    neck: str | None = _option(None, "Neck stiffness, N·m/rad (11 is relaxed, 59 braced).")
    right_leg: str | None = _option(
        None, "How much longer the right leg is, metres; a sweep such as 0:0.02:0.02 compares it with equal legs."
    )
    right_ankle: str | None = _option(
        None, "Strength of the right ankle, a share; a sweep such as 1:0.7:-0.3 compares it with equal ankles."
    )
    height: float | None = _option(None, f"Runner's height, metres [default: {HEIGHT:g}].")
    mass: float | None = _option(None, f"Runner's mass, kilograms [default: {MASS:g}].")
    sex: Literal["male", "female"] | None = _option(
        None, "Sex for the tables of segment masses; the mean of both otherwise."
    )
    recording: Path | None = _option(
        None, "A runner's own recording; the simulation starts from it, with that body and speed."
    )
    quick: bool = _option(
        False,
        "Use one cost function and one neck stiffness: seconds instead of minutes, but without a test of robustness.",
    )
    starts: int | None = _option(None, "Number of cold starts of the first condition.")
    mesh: int | None = _option(None, "Number of spline intervals in a step.")
    workers: int | None = _option(None, "Number of processes; one per core otherwise.")
    cache: bool = _option(True, "Keep solutions; with --quick, start from those of earlier runs.")

    def skeleton(self) -> Skeleton:
        """The body, from tables.

        Raises
        ------
        OptionError
            A height, mass or sex that cannot be.
        """
        from headway.gait.runner import Runner
        from headway.simulation.simulated_body import simulated_skeleton

        runner = Runner(
            HEIGHT if self.height is None else self.height, MASS if self.mass is None else self.mass, self.sex
        )
        assert runner.height is not None and runner.mass is not None
        return simulated_skeleton(runner.height, runner.mass, runner.sex)

    def check_counts(self) -> None:
        """Refuse numbers of starts, intervals and processes that cannot be."""
        for option, value, low, high in (
            ("--starts", self.starts, 1, MOST_STARTS),
            ("--mesh", self.mesh, *MESH),
            ("--workers", self.workers, 1, 256),
        ):
            if value is not None and not low <= value <= high:
                raise OptionError(option, f"{value} cannot be", f"give {low} to {high}")
