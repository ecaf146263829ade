"""What holds whatever is assumed, and what depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SAME = 2e-3
"""Share of the reference below which a difference is none."""


def judge(
    differences: Mapping[str, float], reference: float, kinds: Mapping[str, str], needed: int, styles: int
) -> tuple[bool, str]:
    """Verdict on one difference.

    Parameters
    ----------
    differences
        By variant; the leading one first.
    reference
        Value of the first condition.
    kinds
        What each variant changes: ``the cost function``, ``the neck stiffness``, ``the mesh``; the leading one changes nothing.
    needed
        Number of variants that were asked for; with fewer solved nothing is called robust.
    styles
        Number of styles of running among the variants, the leading one counted; in one alone nothing is called robust.
    """
    if any(value != value for value in differences.values()):
        return False, "not measurable in every variant"
    if len(differences) < 2:
        return False, "not tested"
    small = SAME * max(abs(reference), 1e-9)
    signs = {name: 0 if abs(value) <= small else (1 if value > 0 else -1) for name, value in differences.items()}
    lead = next(iter(signs.values()))
    against: Sequence[str] = list(dict.fromkeys(kinds[name] for name, sign in signs.items() if sign != lead))
    if against:
        return False, "depends on " + " and ".join(against)
    if len(differences) < needed:
        return False, f"agrees in {len(differences)} of {needed} variants, the others have no solution"
    if styles < 2:
        return False, {0: "no difference in one style", 1: "higher in one style", -1: "lower in one style"}[lead]
    return True, {0: "no difference", 1: "robust: higher", -1: "robust: lower"}[lead]
