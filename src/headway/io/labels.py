"""Labels as files have them: runners' prefixes, nameless markers, model outputs, names given twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.errors import RecordingError
from headway.recording import Flag, FloatArray

_NAMELESS = re.compile(r"^(\*\d*|uname\S*|unlabell?ed\S*|ghost\S*|)$", re.IGNORECASE)
_OUTPUT = re.compile(
    r"(Angles?|Forces?|Moments?|Powers?|AngularVelocity|GroundReaction\w*|NormalisedGRF|CentreOfMass\w*|CenterOfMass\w*)$"
)
_BONE = re.compile(r"^(HED|TRX|THO|PEL|SAC|[LR](?:FE|TI|FO|TO|HU|RA|HN|CL|TB))([OALP])$")
_BONE_POINTS = frozenset("OALP")


@dataclass(frozen=True)
class Selection:
    """Which labels of a file are markers of the runner.

    Attributes
    ----------
    names
        Without prefix, each once.
    columns
        Index of each name in the file.
    subject
        Prefix of the runner, ``None`` without one.
    flags
        What was dropped and why.
    """

    names: list[str]
    columns: list[int]
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
        Shape (frames, points, 3), NaN where not seen; tells which of two equal labels has data.
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
    found = list(dict.fromkeys(prefix for prefix, name in split if prefix and not _NAMELESS.match(name)))
    wanted, runner = _choose(where, found, subject, subjects)
    bare = [name for _, name in split]
    dropped = set(outputs) | _model_outputs(bare)
    seen = np.asarray(np.isfinite(positions).all(2))
    names: dict[str, int] = {}
    repeated: list[str] = []
    for column, (prefix, name) in enumerate(split):
        if _NAMELESS.match(name) or name in dropped or labels[column].strip() in dropped:
            continue
        if len(found) > 1 and prefix != wanted:
            continue
        if name in names:
            repeated.append(name)
            if not seen[:, names[name]].any() and seen[:, column].any():
                names[name] = column
            continue
        names[name] = column
    unseen = [name for name, column in names.items() if not seen[:, column].any()]
    kept = {name: column for name, column in names.items() if name not in set(unseen)}
    if not names:
        raise RecordingError(where, "holds no labelled points", "label the markers and export the file again")
    if not kept:
        raise RecordingError(where, "no point is seen in any frame", "export the labelled trajectories")
    return Selection(list(kept), list(kept.values()), runner, _flags(repeated, unseen))


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


def _model_outputs(names: Sequence[str]) -> set[str]:
    """Names that by their form are results of a model: ``LHipAngles``; all four of ``HEDO HEDA HEDL HEDP``."""
    outputs = {name for name in names if _OUTPUT.search(name)}
    bones: dict[str, set[str]] = {}
    for name in names:
        if match := _BONE.match(name):
            bones.setdefault(match[1], set()).add(match[2])
    # A cluster of markers can be called PELA-PELD: only the full set of bone points is an output.
    whole = {bone for bone, points in bones.items() if points == _BONE_POINTS}
    return outputs | {name for name in names if (match := _BONE.match(name)) and match[1] in whole}


def _flags(repeated: Sequence[str], unseen: Sequence[str]) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if repeated:
        listed = ", ".join(dict.fromkeys(repeated))
        flags.append(Flag("repeated_labels", "warning", f"labels given twice, the first with data kept: {listed}"))
    if unseen:
        listed = ", ".join(unseen)
        flags.append(Flag("points_never_seen", "info", f"labelled but never seen, left out: {listed}"))
    return tuple(flags)
