"""Labels as files have them: runners' prefixes, nameless markers, model outputs, names given twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.errors import RecordingError
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

_NAMELESS = re.compile(r"^(\*\d*|uname\S*|unlabell?ed.*|ghost.*|)$", re.IGNORECASE)
_OUTPUT = re.compile(
    r"(Angles?|Forces?|Moments?|Powers?|AngularVelocity|GroundReaction\w*|NormalisedGRF|CentreOfMass\w*|CenterOfMass\w*)$"
)
_BONE = re.compile(r"^(HED|TRX|THO|PEL|SAC|[LR](?:FE|TI|FO|TO|HU|RA|HN|CL|TB))([OALP])$")
_BONE_POINTS = frozenset("OALP")
_COUNTED = re.compile(r"^(marker|m|rb|rigid ?body)?[ _-]*\d+$", re.IGNORECASE)
"""Names of markers on a rigid body: nothing but a number."""
_FEWEST_MARKERS = 5


@dataclass(frozen=True)
class Selection:
    """Which labels of a file are markers of the runner.

    Attributes
    ----------
    names
        Without prefix, each once.
    positions
        Of each name, shape (frames, names, 3), in the unit of the file's positions.
    subject
        Prefix of the runner, ``None`` without one.
    flags
        What was dropped and why.
    """

    names: list[str]
    positions: FloatArray
    subject: str | None
    flags: tuple[Flag, ...]


def select(
    where: str,
    labels: Sequence[str],
    positions: FloatArray,
    *,
    subject: str | None = None,
    prefixes: Sequence[str] = (),
    subjects: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> Selection:
    """Choose the markers of one runner among the labels of a file.

    Parameters
    ----------
    where
        File, for messages.
    labels
        As in the file, one per point.
    positions
        Shape (frames, points, 3), NaN where not seen.
    subject
        Runner asked for, by prefix or by one of ``subjects``.
    prefixes, subjects
        Label prefixes and names that the file declares, if any.
    outputs
        Labels that the file itself declares as model outputs.

    Raises
    ------
    RecordingError
        If the file holds several runners and none was named, the named one is not in it, or no labelled point has data.
    """
    split = [_split(label.strip(), prefixes) for label in labels]
    split = _without_common_start(split) if not any(prefix for prefix, _ in split) else split
    found, others = _runners(split)
    wanted, runner = _choose(where, found, subject, subjects)
    bare = [name for _, name in split]
    dropped = set(outputs) | _model_outputs(bare)
    seen = np.asarray(np.isfinite(positions).all(2))
    ever = np.asarray(seen.any(0))
    columns: dict[str, list[int]] = {}
    for column, (prefix, name) in enumerate(split):
        if _NAMELESS.match(name) or name in dropped or labels[column].strip() in dropped or prefix in others:
            continue
        if len(found) <= 1 or prefix == wanted:
            columns.setdefault(name, []).append(column)
    if not columns:
        raise RecordingError(where, "holds no labelled points", "label the markers and export the file again")
    kept = {name: places for name, places in columns.items() if seen[:, places].any()}
    if not kept:
        raise RecordingError(where, "no point is seen in any frame", "export the labelled trajectories")
    out, repeat_flags = _one_path_each(kept, positions, seen)
    unseen = [name for name in columns if name not in kept]
    nameless = sum(bool(_NAMELESS.match(name)) for name, there in zip(bare, ever, strict=True) if there)
    left = [f"{prefix} ({sum(prefix == one for one, _ in split)})" for prefix in (*others, *found) if prefix != wanted]
    return Selection(list(kept), out, runner, (*repeat_flags, *_flags(unseen, nameless, left)))


def _without_common_start(split: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names without the word and underscore that all of them begin with: ``Runner_LASI``; a side is no such word."""
    named = [name for _, name in split if not _NAMELESS.match(name)]
    starts = {name.partition("_")[0] for name in named}
    start = next(iter(starts)) if len(starts) == 1 and len(named) >= _FEWEST_MARKERS else ""
    if not start or start.lower() in ("l", "r", "left", "right") or not all("_" in name for name in named):
        return list(split)
    return [(start if name in named else "", name.removeprefix(f"{start}_")) for _, name in split]


def _runners(split: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Prefixes of runners, and of things beside them: few markers, or markers that are only counted."""
    members: dict[str, list[str]] = {}
    for prefix, name in split:
        if prefix and not _NAMELESS.match(name):
            members.setdefault(prefix, []).append(name)
    most = max((len(names) for names in members.values()), default=0)
    runners = [
        prefix
        for prefix, names in members.items()
        if 4 * len(names) >= most and not all(_COUNTED.match(name) for name in names)
    ]
    # A file of rigid bodies alone is left to what follows.
    return (runners, [prefix for prefix in members if prefix not in runners]) if runners else (list(members), [])


def _one_path_each(
    columns: dict[str, list[int]], positions: FloatArray, seen: np.ndarray
) -> tuple[FloatArray, tuple[Flag, ...]]:
    """One path per name: pieces of one marker are joined; of two that are seen at once the first with data is kept."""
    out = np.empty((len(positions), len(columns), 3))
    joined: list[str] = []
    doubled: list[str] = []
    for place, (name, found) in enumerate(columns.items()):
        there = [column for column in found if seen[:, column].any()]
        out[:, place] = positions[:, there[0]]
        if len(found) == 1:
            continue
        if len(there) > 1 and seen[:, there].sum(1).max() <= 1:
            for column in there[1:]:
                out[seen[:, column], place] = positions[seen[:, column], column]
            joined.append(name)
        else:
            doubled.append(name)
    flags: list[Flag] = []
    if joined:
        message = TEXTS("lab.pieces_joined", names=", ".join(joined))
        flags.append(Flag("pieces_joined", "info", message))
    if doubled:
        message = TEXTS("lab.repeated_labels", names=", ".join(doubled))
        flags.append(Flag("repeated_labels", "warning", message))
    return out, tuple(flags)


def _split(label: str, prefixes: Sequence[str]) -> tuple[str, str]:
    for prefix in prefixes:
        if prefix and label.startswith(prefix) and len(label) > len(prefix):
            return prefix.rstrip(":_ "), label[len(prefix) :].lstrip(":")
    prefix, colon, name = label.rpartition(":")
    return (prefix.strip(), name.strip()) if colon else ("", label)


def _choose(
    where: str, found: Sequence[str], subject: str | None, subjects: Sequence[str]
) -> tuple[str | None, str | None]:
    """Prefix to keep and the name under which the runner goes."""
    named = [name.strip() for name in subjects if name.strip()]
    if subject is None:
        if len(found) > 1:
            listed = ", ".join(found)
            raise RecordingError(where, f"holds {len(found)} runners ({listed})", "name one with --subject NAME")
        runner = found[0] if found else named[0] if len(named) == 1 else None
        return (found[0] if found else None), runner
    for candidate in found:
        if candidate.lower() == subject.strip().lower():
            return candidate, candidate
    if len(found) <= 1:
        for candidate in named:
            if candidate.lower() == subject.strip().lower():
                return (found[0] if found else None), candidate
    known = ", ".join(dict.fromkeys([*found, *(named if len(found) <= 1 else [])]))
    if not known:
        raise RecordingError(
            where, f"holds no runner named {subject} (its markers carry no names)", "leave --subject away"
        )
    raise RecordingError(where, f"holds no runner named {subject}", f"name one of: {known}")


def is_output(name: str) -> bool:
    """Whether a name has the form of a result of a model: ``LHipAngles``."""
    return _OUTPUT.search(name) is not None


def _model_outputs(names: Sequence[str]) -> set[str]:
    """Names that by their form are results of a model: ``LHipAngles``; all four of ``HEDO HEDA HEDL HEDP``."""
    outputs = {name for name in names if is_output(name)}
    bones: dict[str, set[str]] = {}
    for name in names:
        if match := _BONE.match(name):
            bones.setdefault(match[1], set()).add(match[2])
    # A cluster of markers can be called PELA-PELD: only the full set of bone points is an output.
    whole = {bone for bone, points in bones.items() if points == _BONE_POINTS}
    return outputs | {name for name in names if (match := _BONE.match(name)) and match[1] in whole}


def _flags(unseen: Sequence[str], nameless: int, left: Sequence[str]) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if unseen:
        flags.append(Flag("points_never_seen", "info", TEXTS("lab.points_never_seen", names=", ".join(unseen))))
    if nameless:
        message = TEXTS("lab.points_without_label", n=nameless)
        flags.append(Flag("points_without_label", "info", message))
    if left:
        message = TEXTS("lab.subjects_not_used", names=", ".join(dict.fromkeys(left)))
        flags.append(Flag("subjects_not_used", "info", message))
    return tuple(flags)
