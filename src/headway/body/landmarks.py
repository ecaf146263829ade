"""From the labels of a file to landmarks: find the marker set, rename its points, say what was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headway.body.marker_sets import HEAD_MARKERS, OTHER_NAMES, SETS, MarkerSet
from headway.errors import RecordingError
from headway.recording import Flag, Recording
from headway.texts import TEXTS

SHOWN = 12
"""Labels named in a message before it says how many more."""
_LOOSE = re.compile(r"[\s._\-]")


@dataclass(frozen=True)
class Match:
    """What the labels of a file mean.

    Attributes
    ----------
    marker_set
        The set that explains most labels; ``None`` when no label is known.
    names
        Label as in the file to landmark.
    left_over
        Labels that were not understood, in the order of the file.
    subjects
        Prefixes met (``Name:marker``).
    """

    marker_set: MarkerSet | None
    names: dict[str, str]
    left_over: tuple[str, ...]
    subjects: tuple[str, ...] = ()


def identify(labels: Sequence[str], subject: str | None = None, also: Sequence[str] = ()) -> Match:
    """Find the marker set that explains most labels, and what each label means in it.

    Exact names within that set come first, then names that differ in case, spaces, ``.``, ``_`` or ``-`` only, then
    other names that mean one place only. Of alternatives for one landmark the best ranked is used.

    Parameters
    ----------
    labels
        As in the file, with or without a prefix ``Name:``.
    subject
        Only labels with this prefix (or none) are used.
    also
        Labels of another trial in the same markers: they help to find the set, but are not named.
    """
    bare: dict[str, str] = {}
    subjects: list[str] = []
    for label in labels:
        prefix, _, rest = label.rpartition(":")
        if prefix and prefix not in subjects:
            subjects.append(prefix)
        if subject and prefix and prefix != subject:
            continue
        bare[label] = _without_subject(rest, subject)
    known = {*bare.values(), *(_without_subject(label.rpartition(":")[2], subject) for label in also)}
    best = max(SETS, key=lambda candidate: _score(candidate, known))
    names: dict[str, str] = {}
    if _score(best, known):
        _take(best, bare, names, loose=False)
        _take(best, bare, names, loose=True)
        _take(OTHER_NAMES, bare, names, loose=False)
        _take(OTHER_NAMES, bare, names, loose=True)
    left_over = tuple(label for label in labels if label not in names)
    return Match(best if names else None, names, left_over, tuple(subjects))


def to_landmarks(recording: Recording, also: Sequence[str] = ()) -> Recording:
    """Rename the points of a recording to landmarks and drop those that are not understood.

    The set found goes to the log, the labels left over to the log and to a flag ``labels_not_understood``. A recording
    without any known label keeps no points: see :func:`groups` for what is there. ``also`` as in :func:`identify`.

    Raises
    ------
    RecordingError
        Several subjects in one file and none of them chosen.
    """
    found = identify(recording.names(), recording.subject, also)
    if recording.subject is None and len(found.subjects) > 1:
        listed = ", ".join(found.subjects)
        raise RecordingError(
            recording.source, f"several people in one file ({listed})", "choose one with --subject NAME"
        )
    points = recording.points.sel(point=list(found.names))
    points = points.assign_coords(point=list(found.names.values()))
    name = found.marker_set.name if found.marker_set else "none"
    arguments = {"marker_set": name, "landmarks": len(found.names), "left_over": list(found.left_over)}
    flags = [_left_over_flag(found, name)] if found.left_over else []
    chosen = found.marker_set.name if found.marker_set else ""
    return recording.logged("to_landmarks", flags=flags, arguments=arguments, points=points, marker_set=chosen)


def labels_of(recording: Recording) -> dict[str, str]:
    """Landmark to the label that stands for it: the recording's own, else the best one of its marker set."""
    found = identify(recording.names(), recording.subject)
    out: dict[str, str] = {}
    if found.marker_set is not None:
        for label, (landmark, rank) in found.marker_set.labels.items():
            if rank == 0:
                out.setdefault(landmark, label)
    return out | {landmark: label for label, landmark in found.names.items()}


def groups(names: Sequence[str]) -> dict[str, bool]:
    """Tell which parts of the body are marked well enough to be used.

    Keys: ``head`` (its centre), ``head_rotation`` (three markers on the skull), ``neck_base``, ``pelvis``, ``hips``,
    ``knees``, ``ankles``, ``feet``, ``shoulders``, ``hands``, both sides each.

    Parameters
    ----------
    names
        Landmarks (before or after joint centres were added).
    """
    have = set(names)

    def both(*alternatives: str) -> bool:
        return any({f"{name}_left", f"{name}_right"} <= have for name in alternatives)

    skull = [name for name in HEAD_MARKERS if name in have]
    back = bool({"sacrum"} & have) or both("psis")
    fore = all(any(f"{name}_{side}" in have for name in ("mt1", "mt2", "mt5", "toe")) for side in ("left", "right"))
    return {
        "head": len(skull) >= 2 or both("ear"),
        "head_rotation": len(skull) + len({"vertex", "ear_left", "ear_right"} & have) >= 3,
        "neck_base": "c7" in have and ("suprasternal" in have or both("sternum")),
        "pelvis": both("hip") or (both("asis") and back),
        "hips": both("hip") or (both("asis") and back),
        "knees": both("knee", "knee_lateral"),
        "ankles": both("ankle", "ankle_lateral"),
        "feet": both("heel") and fore,
        "shoulders": both("shoulder", "acromion"),
        "hands": both("wrist", "wrist_radial", "wrist_ulnar"),
    }


def _without_subject(label: str, subject: str | None) -> str:
    if subject and label.startswith(f"{subject}_"):
        return label[len(subject) + 1 :]
    return label


def _loose(label: str) -> str:
    return _LOOSE.sub("", label).lower()


def _score(candidate: MarkerSet, labels: Iterable[str]) -> float:
    """Landmarks explained; one that needs loose spelling counts half."""
    by_loose = {_loose(label): landmark for label, (landmark, _) in candidate.labels.items()}
    exact, loose = set[str](), set[str]()
    for label in labels:
        if label in candidate.labels:
            exact.add(candidate.labels[label][0])
        elif _loose(label) in by_loose:
            loose.add(by_loose[_loose(label)])
    return len(exact) + 0.5 * len(loose - exact)


def _take(source: MarkerSet, bare: dict[str, str], names: dict[str, str], *, loose: bool) -> None:
    table = {_loose(label) if loose else label: entry for label, entry in source.labels.items()}
    ranked: list[tuple[int, int, str, str]] = []
    for place, (label, spelled) in enumerate(bare.items()):
        entry = table.get(_loose(spelled) if loose else spelled)
        if label not in names and entry:
            ranked.append((entry[1], place, label, entry[0]))
    taken = set(names.values())
    for _, _, label, landmark in sorted(ranked):
        if landmark not in taken:
            names[label] = landmark
            taken.add(landmark)


def _left_over_flag(found: Match, name: str) -> Flag:
    shown = ", ".join(found.left_over[:SHOWN])
    more = len(found.left_over) - SHOWN
    text = f"{shown} and {more} more" if more > 0 else shown
    return Flag("labels_not_understood", "info", TEXTS("lab.labels_not_understood", name=name, text=text))
