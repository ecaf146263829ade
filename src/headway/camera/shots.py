"""Which part of a film is measured: one shot of a film that was cut, and one steady run of that shot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.camera.bouts import FilmBout, find_film_bouts, main_run, zoom_jumps
from headway.errors import OptionError, RecordingError
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.shots import Shot
from headway.recording import Flag
from headway.texts import TEXTS

FEW = 0.2
"""Share of the frames without the runner from which the flag is a warning."""
WHOLE = ("shoulder", "hip", "knee", "ankle")
"""A body of which these are seen is whole."""


@dataclass(frozen=True)
class _Seen:
    """A shot with its key points, what is done in it, the run that stands for it, and the share of frames with a whole body."""

    shot: Shot
    keypoints: KeyPoints
    bouts: tuple[FilmBout, ...]
    run: FilmBout | None
    whole: float

    @property
    def weight(self) -> float:
        """Seconds of running with the whole body in view."""
        running = sum(bout.duration for bout in self.bouts if bout.activity == "running")
        best = running if self.run is None else self.run.duration
        return self.whole * (best + 1e-3 * self.shot.duration)


def one_run(keypoints: KeyPoints, options: Options) -> KeyPoints:
    """Key points of one shot and one steady run, with a flag that tells what else the film holds.

    Parameters
    ----------
    keypoints
        With landmark names.
    options
        ``shot``, else the shot at ``start``, else the longest steady one with the whole body; ``bout`` of it, else the longest run.

    Raises
    ------
    OptionError
        There is no shot or run of that number.
    RecordingError
        Nobody is seen in that shot.
    """
    if not keypoints.shots:
        seen = _seen(Shot(1, float(keypoints.time[0]), float(keypoints.time[-1])), keypoints)
        return _one_bout(seen, options)
    shots = [_seen(shot, keypoints) for shot in keypoints.shots]
    chosen = _chosen([one for one in shots if one is not None], keypoints, options)
    out = _one_bout(chosen, options)
    flags = (*_without_runner(chosen.keypoints), *_zoomed(chosen))
    if len(keypoints.shots) > 1:
        flags = (_told(keypoints, shots, chosen), *flags)
    arguments = {
        "shot": chosen.shot.number,
        "of": len(keypoints.shots),
        "start": chosen.shot.start,
        "stop": chosen.shot.stop,
    }
    return out.logged("one_run", flags=flags, arguments=arguments)


def _seen(shot: Shot, keypoints: KeyPoints) -> _Seen | None:
    """A shot as far as it is among the key points; ``None`` where nobody is seen in it."""
    spare = 0.25 / keypoints.rate
    rows = (keypoints.time >= shot.start - spare) & (keypoints.time <= shot.stop + spare)
    part = keypoints if rows.all() else keypoints.frames(rows)
    if rows.sum() < 10 or not np.isfinite(part.pixels).any():
        return None
    joints = [k for k, name in enumerate(part.names) if name.rpartition("_")[0] in WHOLE]
    whole = float(np.isfinite(part.pixels[:, joints, 0]).all(1).mean()) if joints else 1.0
    bouts = find_film_bouts(part)
    return _Seen(shot, part, bouts, main_run(bouts), whole)


def _chosen(shots: list[_Seen], keypoints: KeyPoints, options: Options) -> _Seen:
    number = options.shot
    if number is not None:
        if number > len(keypoints.shots):
            what = f"there is no shot {number}: the film was cut into {len(keypoints.shots)}"
            raise OptionError("--shot", what, f"give 1 to {len(keypoints.shots)}")
        found = [one for one in shots if one.shot.number == number]
        if not found:
            why = keypoints.shots[number - 1].missing or "nobody is seen"
            raise RecordingError(keypoints.source, f"shot {number}: {why}", "choose another one with --shot")
        return found[0]
    if not shots:
        raise RecordingError(keypoints.source, "nobody is seen in any shot", "film the whole runner from head to foot")
    if options.start is not None and options.stop is None:
        return min(shots, key=lambda one: one.shot.start)
    return max(shots, key=lambda one: one.weight)


def _one_bout(seen: _Seen | None, options: Options) -> KeyPoints:
    """The run to measure; everything where there is but one."""
    assert seen is not None
    running = [bout for bout in seen.bouts if bout.activity == "running"]
    run = seen.run
    if not running and any(bout.activity == "walking" for bout in seen.bouts):
        raise RecordingError(
            seen.keypoints.source, "this is walking: the body is highest at midstance", "give a film of running"
        )
    if options.bout is not None:
        if options.bout > len(running):
            held = (
                "; ".join(_bout_words(bout, seen.keypoints.slow_motion) for bout in seen.bouts)
                or "nothing that can be told"
            )
            raise OptionError(
                "--bout", f"there is no run {options.bout}: the shot holds {held}", f"give 1 to {len(running)}"
            )
        run = running[options.bout - 1]
    if run is None:
        return seen.keypoints
    slow = seen.keypoints.slow_motion
    rows = (seen.keypoints.time >= run.start) & (seen.keypoints.time <= run.stop)

    def words(bout: FilmBout) -> str:
        said = _bout_words(bout, slow)
        return TEXTS("words.run_number", run=said, number=running.index(bout) + 1) if bout in running else said

    rest = [words(bout) for bout in seen.bouts if bout != run]
    more = len(running) > 1
    text = TEXTS("flags.bouts", run=_bout_words(run, slow), names="; ".join(rest))
    text += f"; {TEXTS('words.choose_run')}" if more else ""
    return seen.keypoints.frames(
        rows, flags=(*seen.keypoints.flags, Flag("bouts", "warning" if more else "info", text))
    )


def _bout_words(bout: FilmBout, slow: float) -> str:
    key = "words.bout_cadence" if bout.activity in ("running", "walking") and bout.cadence > 0 else "words.bout"
    start, stop = slow * bout.start, slow * bout.stop
    return TEXTS(key, activity=bout.activity, cadence=bout.cadence, start=start, stop=stop)


def _told(keypoints: KeyPoints, shots: list[_Seen | None], chosen: _Seen) -> Flag:
    """Say which shot was taken, and what the others are."""
    words = []
    for shot, seen in zip(keypoints.shots, shots, strict=True):
        slow = keypoints.slow_motion
        when = f"{shot.number}: {slow * shot.start:.1f}–{slow * shot.stop:.1f} s"
        if seen is None:
            words.append(f"{when}, {shot.missing or TEXTS('words.not_looked_at')}")
            continue
        runs = [bout for bout in seen.bouts if bout.activity == "running"]
        best = max(runs, key=lambda bout: bout.duration) if runs else None
        words.append(f"{when}, {TEXTS('words.no_steady_run') if best is None else f'{best.cadence:.0f} steps/min'}")
    text = TEXTS("flags.shots", number=chosen.shot.number, shots=len(keypoints.shots), names="; ".join(words))
    return Flag("shots", "warning", text)


def _zoomed(seen: _Seen) -> tuple[Flag, ...]:
    """Tell where the zoom was changed."""
    at = ", ".join(f"{seen.keypoints.slow_motion * time:.1f}" for time in zoom_jumps(seen.keypoints))
    return (Flag("zoom_changes", "warning", TEXTS("flags.zoom_changes", at=at)),) if at else ()


def _without_runner(keypoints: KeyPoints) -> tuple[Flag, ...]:
    """Tell how much of the shot is without the runner."""
    whole = np.asarray(np.isfinite(keypoints.pixels[..., 0]).any(1), bool)
    share = float(1 - whole.mean())
    if share <= 0.02:
        return ()
    seen = np.flatnonzero(whole)
    first, last = int(seen[0]), int(seen[-1])
    message = TEXTS(
        "flags.frames_without_runner",
        share=100 * (1 - share),
        first=keypoints.time[first],
        last=keypoints.time[last],
        whole=int((~whole[first:last]).sum()),
    )
    return (Flag("frames_without_runner", "warning" if share > FEW else "info", message),)
