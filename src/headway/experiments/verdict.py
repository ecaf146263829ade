"""The verdict: changed, no change larger than your own noise, cannot tell (and what would), or not performed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.experiments.designs import survives
from headway.experiments.manipulation import Check
from headway.experiments.power import pairs_needed
from headway.experiments.protocol import WASHED_OUT
from headway.experiments.slope import SpeedSlope
from headway.experiments.speeds import TOLERANCE, Speeds
from headway.experiments.statistics import ALPHA, FEWEST_PAIRS, Effect, quantile

Word = Literal["changed", "no change larger than your own noise", "cannot tell", "not performed"]


@dataclass(frozen=True)
class Verdict:
    """What can be said.

    Attributes
    ----------
    word
        The verdict.
    why
        One sentence.
    would
        What would tell; empty when the question is answered.
    strength
        ``tested`` by randomisation, or ``described``.
    """

    word: Word
    why: str
    would: str = ""
    strength: Literal["tested", "described"] = "described"


def own_noise(effect: Effect, free_blocks: int) -> float | None:
    """The plain MDC95 (1.96 sqrt(2) SEM): to call a change smaller than the noise needs the noise that was seen, not the most it may be."""
    if effect.mdc95 is None or free_blocks < 2:
        return None
    return effect.mdc95 / float(quantile(free_blocks - 1)) * 1.96


def is_change(effect: Effect, design: str, *, randomised: bool, washed_out: bool = False) -> bool:
    """Whether the effect counts as a change.

    Randomised pairs: exact p up to 0.05, and carry-over does not explain it. Several alternating blocks: interval, which holds a curve in time,
    without zero, and back again afterwards. One tested block never: a curve through the session explains any three blocks.
    """
    if design == "pairs":
        if effect.p is None:
            return False
        beyond = effect.excludes_zero or not effect.adjusted
        enough = randomised and beyond and effect.count >= FEWEST_PAIRS and effect.p <= ALPHA
        return enough and not carried(effect, washed_out=washed_out)
    return effect.by_blocks and effect.excludes_zero and bool(effect.reversed)


def carried(effect: Effect, *, washed_out: bool) -> bool:
    """Whether what one block leaves behind in the next could be all there is: it was found, or nothing was done to wash it out."""
    if effect.carry is None:
        return False
    if washed_out and not effect.carry.found:
        return False
    return not bool(survives(effect.change, effect.carry.without))


def decide(
    effect: Effect | None,
    *,
    design: str,
    randomised: bool,
    check: Check,
    smallest: float,
    free_blocks: int,
    washed_out: bool = False,
    missing: tuple[str, str] = ("", ""),
    refused: Speeds | None = None,
) -> Verdict:
    """Decide about the primary outcome.

    Parameters
    ----------
    effect
        ``None`` when the outcome was not measured on both sides; ``missing`` then says why and what to record.
    design, randomised
        As in the protocol.
    check
        Whether the condition was performed.
    smallest
        Change that matters to the runner, as a share.
    free_blocks
        How many there are.
    washed_out
        Whether ``WASHED_OUT`` or more lay before every block.
    refused
        Speeds that forbid the comparison of a load, or ``None``.
    """
    if check.status == "not performed":
        return Verdict(
            "not performed",
            f"{check.condition.replace('_', ' ')}: {check.text}",
            "Repeat it with the condition carried out; nothing can be said about the claim without.",
        )
    if refused is not None:
        why = (
            "the speed is unknown, and a load is not compared without it"
            if refused.difference is None
            else f"speed differed by {refused.difference:+.1%}, and a load is not compared when it differs by more than {TOLERANCE:.0%}"
        )
        return Verdict(
            "cannot tell", why, "Match the speed, or add free blocks at three or more speeds for your own slope."
        )
    if effect is None:
        return Verdict("cannot tell", f"the primary outcome was not measured: {missing[0]}", missing[1])
    strength = "tested" if design == "pairs" and randomised and effect.p is not None else "described"
    if is_change(effect, design, randomised=randomised, washed_out=washed_out):
        return Verdict("changed", _why_changed(effect) + _about_carry(effect, washed_out), "", strength)
    if effect.p is not None and _lasts(effect, washed_out):
        return Verdict("cannot tell", _why_carried(effect), WASH, strength)
    noise = own_noise(effect, free_blocks)
    bound = max(noise or 0.0, smallest * abs(effect.reference))
    inside = effect.ci95 is not None and max(abs(effect.ci95[0]), abs(effect.ci95[1])) <= bound
    if inside and not washed_out and _may_hide(effect, bound):
        return Verdict("cannot tell", _why_masked(effect, bound), WASH, strength)
    if inside and (design != "pairs" or randomised or not effect.excludes_zero):
        return Verdict("no change larger than your own noise", _why_none(effect, noise), "", strength)
    return Verdict("cannot tell", _why_not(effect, design, randomised), _would(effect, smallest), strength)


def _may_hide(effect: Effect, bound: float) -> bool:
    """Whether a change beyond the bound could be there beside carry-over against it."""
    if effect.carry is None:
        return False
    return effect.carry.without_ci95 is None or float(np.max(np.abs(effect.carry.without_ci95))) > bound


def _lasts(effect: Effect, washed_out: bool) -> bool:
    """Whether carry-over decides: it was found, or it alone stands between the effect and a change."""
    if effect.carry is not None and effect.carry.found:
        return True
    significant = effect.p is not None and effect.p <= ALPHA and effect.count >= FEWEST_PAIRS
    return significant and carried(effect, washed_out=washed_out)


def decide_slope(line: SpeedSlope | None, reference: float, span: float, smallest: float) -> Verdict:
    """Decide whether a metric scales with speed.

    Parameters
    ----------
    line
        ``None`` with fewer than three speeds.
    reference
        Mean of the metric.
    span
        Fastest minus slowest speed, m/s.
    smallest
        Change over the span that matters, as a share of ``reference``.
    """
    if line is None:
        return Verdict("cannot tell", "fewer than three speeds", "Record three or more speeds, 5 % apart or more.")
    low, high = (bound * span / abs(reference or 1.0) for bound in line.ci95)
    text = f"over {span:.2f} m/s it changes by {(low + high) / 2:+.0%} (95 % interval {low:+.0%} to {high:+.0%}, {line.speeds} speeds)"
    if low > 0 or high < 0:
        return Verdict("changed", f"{text}; described, not tested: the speeds were not in random order")
    if max(abs(low), abs(high)) <= smallest:
        return Verdict("no change larger than your own noise", text)
    return Verdict("cannot tell", text, "More speeds, each of them more than once and in random order.")


def _share(effect: Effect, value: float) -> str:
    return f"{value / effect.reference:+.1%}" if effect.reference else f"{value:+.3g}"


def _interval(effect: Effect) -> str:
    if effect.ci95 is None:
        return "no interval"
    low, high = sorted(bound / (effect.reference or 1.0) for bound in effect.ci95)
    return f"95 % interval {low:+.1%} to {high:+.1%}"


def _why_changed(effect: Effect) -> str:
    text = f"{_share(effect, effect.change)} ({_interval(effect)})"
    if effect.p is not None:
        return f"{text}, exact p = {effect.p:.3f} over {effect.count} randomised pairs"
    return f"{text}, more than your own noise, and it went back afterwards; described, not tested: the order was not randomised"


WASH = f"Repeat it with {WASHED_OUT:g} s of usual running before every block that are not analysed (headway plan; washout in the protocol)."


def _carry_words(effect: Effect) -> str:
    if effect.carry is None:
        return "carry-over falls on both conditions alike in this order"
    if effect.carry.ci95 is None:
        return "what a tested block leaves behind in the next one cannot be told apart in this order"
    low, high = sorted(bound / (effect.reference or 1.0) for bound in effect.carry.ci95)
    size, without = (_share(effect, one) for one in (effect.carry.size, effect.carry.without))
    return f"a tested block leaves {size} ({low:+.1%} to {high:+.1%}) behind in the next one; without that the change is {without}"


def _why_carried(effect: Effect) -> str:
    kind = "carry-over" if effect.carry is not None and effect.carry.found else "carry-over is not excluded"
    return f"{_share(effect, effect.change)} ({_interval(effect)}); {kind}: {_carry_words(effect)}"


def _why_masked(effect: Effect, bound: float) -> str:
    return (
        f"{_share(effect, effect.change)} ({_interval(effect)}); carry-over may hide a change of more than {_share(effect, bound).lstrip('+')}: "
        f"{_carry_words(effect)}"
    )


def _about_carry(effect: Effect, washed_out: bool) -> str:
    if effect.p is None:
        return "" if washed_out else "; what a tested block leaves behind in the next free one was not washed out"
    if washed_out and (effect.carry is None or not effect.carry.found):
        return f"; {WASHED_OUT:g} s or more between blocks, no carry-over found"
    return f"; {_carry_words(effect)}"


def _why_none(effect: Effect, noise: float | None) -> str:
    own = "" if noise is None or not effect.reference else f"; your own noise is ±{abs(noise / effect.reference):.1%}"
    return f"{_share(effect, effect.change)} ({_interval(effect)}){own}"


def _why_not(effect: Effect, design: str, randomised: bool) -> str:
    text = f"{_share(effect, effect.change)} ({_interval(effect)})"
    if design == "pairs" and not randomised:
        return f"{text}; the order within the pairs was not randomised, so change and order cannot be told apart"
    if design == "pairs" and effect.count < FEWEST_PAIRS:
        return f"{text}; {effect.count} pairs cannot reach p = 0.05, {FEWEST_PAIRS} can"
    if design == "drill":
        return f"{text}; a drill goes through its phases once and cannot be told from warming up"
    if effect.excludes_zero and effect.reversed is False:
        return f"{text}; it did not go back afterwards, as drift or fatigue would do too"
    if effect.excludes_zero and effect.count == 1:
        return f"{text}; described only: a curve through the session (warming up, then tiring) explains any free, held and free block"
    return f"{text}; that is compatible with no change and with one that matters"


def _would(effect: Effect, smallest: float) -> str:
    wanted = smallest * abs(effect.reference)
    if effect.count == 1 and effect.excludes_zero:
        return (
            f"Free, held, free, held, free, held, free; better {FEWEST_PAIRS} or more randomised pairs (headway plan)."
        )
    if not effect.spread or wanted <= 0:
        return f"Randomised pairs, {FEWEST_PAIRS} or more (headway plan)."
    need = pairs_needed(max(round(20 * wanted / effect.spread), 1) / 20)
    many = f"{need} randomised pairs" if need is not None else "more than 40 randomised pairs"
    return f"For a change of {smallest:.0%} in 4 of 5 attempts: about {many} like these (headway plan)."
