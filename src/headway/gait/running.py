"""Is this running? Standing and walking are refused with the reason; grounded running is flagged."""

from __future__ import annotations

import numpy as np

from headway.body.motion import Motion
from headway.dynamics.ground_force import read
from headway.errors import RecordingError
from headway.gait.contacts import CONTACT_LONGEST, Contacts
from headway.gait.steps import Steps
from headway.recording import Flag
from headway.texts import TEXTS

WALKING_DUTY = 0.5
QUICKEST = 0.17
"""Time of a step that nobody goes below, s: the quickest sprinters take 0.2."""


def check_running(source: str, contacts: Contacts, steps: Steps, motion: Motion, trunk: str | None) -> tuple[Flag, ...]:
    """Refuse what is not running.

    Parameters
    ----------
    source
        File, for the message.
    contacts, steps
        As found.
    motion
        Filtered motion.
    trunk
        Name of the point that stands for the body's height (centre of mass, pelvis).

    Raises
    ------
    RecordingError
        No whole stance; steps quicker than anybody's; or walking:
        feet on the ground for more than half of the time with the body highest at midstance.

    Notes
    -----
    Grounded running (no flight, but the body lowest at midstance) is running and is flagged, in films where their error cannot hide a flight.
    """
    if not len(steps):
        whole = [contact for contact in contacts.found if contact.duration > CONTACT_LONGEST]
        if whole:
            raise RecordingError(
                source,
                f"a foot is on the ground for {whole[0].duration:.1f} s without flight: this is walking or standing",
                "give a recording of running",
            )
        why = contacts.found[0].rejected if contacts.found else "no foot touched a plate or the ground"
        raise RecordingError(
            source, f"no whole stance was recorded ({why})", "record at least one whole contact of one foot"
        )
    apart = steps.next_contact - steps.initial_contact
    if np.isfinite(apart).any() and (quick := float(np.nanmedian(apart))) < QUICKEST:
        what = f"its steps follow each other at {60 / quick:.0f} per minute, which nobody does"
        raise RecordingError(source, what, "check the frame rate, and that a runner is what was recorded")
    duty = _duty_factor(steps)
    if duty is None or duty <= WALKING_DUTY or trunk is None:
        return ()
    if _rises_at_midstance(steps, motion, trunk):
        raise RecordingError(
            source,
            f"this is walking: the duty factor is {duty:.2f} and the body is highest at midstance",
            "give a recording of running",
        )
    if not _surely_grounded(duty, contacts, steps):
        return ()
    return (Flag("grounded_running", "warning", TEXTS("flags.grounded_running", duty=duty)),)


def _surely_grounded(duty: float, contacts: Contacts, steps: Steps) -> bool:
    """Whether the error of a film's contact times leaves no flight."""
    if contacts.error is None:
        return True
    step_time = float(np.nanmedian(steps.contact_time)) / (2 * duty)
    return not contacts.doubt and duty - 1.96 * contacts.error.contact_time / (2 * step_time) > WALKING_DUTY


def _duty_factor(steps: Steps) -> float | None:
    step_time = steps.next_contact - steps.initial_contact
    known = np.isfinite(step_time)
    if known.any():
        return float(np.mean(steps.contact_time[known] / (2 * step_time[known])))
    return None if np.median(steps.contact_time) < 0.4 else 1.0


def _rises_at_midstance(steps: Steps, motion: Motion, trunk: str) -> bool:
    height = motion.position(trunk)[:, 1]
    middle = read(motion.time, height, steps.midstance)
    ends = (read(motion.time, height, steps.initial_contact) + read(motion.time, height, steps.toe_off)) / 2
    difference = middle - ends
    return bool(np.isfinite(difference).any() and np.nanmedian(difference) > 0)
