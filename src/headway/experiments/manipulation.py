"""Was it done? What the recording can tell about each block, before any outcome is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.experiments.blocks import NEAR_HIP, MeasuredBlock
from headway.experiments.protocol import REFERENCE
from headway.results import NotMeasurable

BOUNCE = "lateral_bounce_amplitude"
FALL = 0.30
"""Least fall of the head's lateral bounce that counts as held."""
HANDS_TIME = 0.80
"""Least share of the time with both hands at the hips."""

Done = Literal["performed", "not performed", "cannot check", "nothing to check"]


@dataclass(frozen=True)
class Check:
    """What the recording tells about one block.

    Attributes
    ----------
    index
        Block, from 0 in the file.
    condition
        What was asked.
    status
        Whether it was done.
    value
        The number looked at (share of fall, share of time, change of lean in rad); ``None`` without one.
    text
        In words.
    """

    index: int
    condition: str
    status: Done
    value: float | None
    text: str


def check_blocks(blocks: Sequence[MeasuredBlock]) -> list[Check]:
    """Check every block against its neighbours; blocks in order of time."""
    return [_check(blocks, k) for k in range(len(blocks))]


def overall(checks: Sequence[Check], condition: str | None) -> Check:
    """One status for the tested condition: by the mean over its blocks, with the blocks that failed named.

    Blocks that failed stay in the analysis: to leave them out afterwards would undo the randomisation.
    """
    own = [check for check in checks if check.condition == condition]
    known = [check for check in own if check.status in ("performed", "not performed")]
    if not own or not known:
        text = own[0].text if own else "no block was asked to do anything"
        status: Done = own[0].status if own else "nothing to check"
        return Check(-1, condition or "", status, None, text)
    failed = [check for check in known if check.status == "not performed"]
    value = float(np.mean([check.value for check in known if check.value is not None]))
    if condition == "held":
        done = value >= FALL
        text = f"the head's lateral bounce {_fell(value)} (asked: down by {FALL:.0%} or more)"
    else:
        done = len(failed) * 2 < len(known)
        text = known[0].text if len(known) == 1 else f"done in {len(known) - len(failed)} of {len(known)} blocks"
    if failed and len(known) > 1:
        text += f"; not done in block{'s' if len(failed) > 1 else ''} {', '.join(str(c.index + 1) for c in failed)}"
    return Check(-1, condition or "", "performed" if done else "not performed", value, text)


def _fell(value: float) -> str:
    return f"fell by {value:.0%}" if value >= 0 else f"rose by {-value:.0%}"


def neighbours(blocks: Sequence[MeasuredBlock], k: int) -> list[MeasuredBlock]:
    """The free block before and the one after, as far as there are any; speed trials do not count."""
    usual = [name for name in REFERENCE if name != "speed"]
    before = [one for one in blocks[:k] if one.block.condition in usual]
    after = [one for one in blocks[k + 1 :] if one.block.condition in usual]
    return [*before[-1:], *after[:1]]


def _check(blocks: Sequence[MeasuredBlock], k: int) -> Check:
    one = blocks[k]
    condition = one.block.condition
    if condition in ("held", "sham"):
        return _bounce(one, neighbours(blocks, k))
    if condition in ("hands_on_hips", "hands_off"):
        return _hands(one)
    if condition == "lean":
        return _lean(one, _earlier(blocks, k, ("baseline", "free")), kept=False)
    if condition == "keep":
        return _lean(one, _earlier(blocks, k, ("hands_off", "release_neck", "lean")), kept=True)
    if condition == "release_neck":
        return Check(one.index, condition, "cannot check", None, "no film shows whether jaw and neck let go")
    return Check(one.index, condition, "nothing to check", None, "runs as usual")


def _earlier(blocks: Sequence[MeasuredBlock], k: int, names: Sequence[str]) -> MeasuredBlock | None:
    return next((one for one in reversed(blocks[:k]) if one.block.condition in names), None)


def _bounce(one: MeasuredBlock, free: Sequence[MeasuredBlock]) -> Check:
    condition = one.block.condition
    base = [other.means[BOUNCE].value for other in free if BOUNCE in other.means]
    if BOUNCE not in one.means or not base:
        seen = one.analysis.summary.metrics[BOUNCE]
        why, remedy = (
            "it is missing in the free blocks beside it",
            "film every block from behind or with a sensor on the head",
        )
        if isinstance(seen, NotMeasurable):
            why, remedy = seen.why, seen.record
        text = f"the head's sideways motion is not in the recording ({why}); {remedy}"
        return Check(one.index, condition, "cannot check", None, text)
    fall = 1.0 - one.means[BOUNCE].value / float(np.mean(base))
    text = f"the head's lateral bounce {_fell(fall)} against the free blocks beside it"
    if condition == "sham":
        if fall >= FALL:
            return Check(
                one.index, condition, "not performed", fall, f"{text}: the head was held as well, this is no sham"
            )
        return Check(one.index, condition, "cannot check", fall, f"the elbow is not looked at; {text}")
    done = fall >= FALL
    return Check(one.index, condition, "performed" if done else "not performed", fall, text)


def _hands(one: MeasuredBlock) -> Check:
    condition = one.block.condition
    if one.hands is None:
        text = "wrists and hip joints are not both in the recording; mark them, or film from the side"
        return Check(one.index, condition, "cannot check", None, text)
    done = one.hands >= HANDS_TIME if condition == "hands_on_hips" else one.hands <= 1 - HANDS_TIME
    text = f"both wrists within {NEAR_HIP:g} statures of the hip joints for {one.hands:.0%} of the time"
    return Check(one.index, condition, "performed" if done else "not performed", one.hands, text)


def _lean(one: MeasuredBlock, before: MeasuredBlock | None, *, kept: bool) -> Check:
    condition = one.block.condition
    for name, words in (("body_lean", "body lean"), ("trunk_lean", "trunk lean")):
        if before is None or name not in one.means or name not in before.means:
            continue
        new, old = one.means[name], before.means[name]
        change = new.value - old.value
        noise = 1.96 * float(np.sqrt(np.nansum([new.variance, old.variance])))
        done = abs(change) <= max(noise, np.radians(1.0)) if kept else change > noise
        against = f"against {before.name}"
        text = f"{words} {np.degrees(change):+.1f}° {against} (noise ±{np.degrees(noise):.1f}°)"
        return Check(one.index, condition, "performed" if done else "not performed", change, text)
    text = "the lean is not in the recording; film from the side, or mark feet and head"
    return Check(one.index, condition, "cannot check", None, text)
