"""The whole way from the key points of a film to a recording in metres."""

from __future__ import annotations

from headway.camera.points import canonical
from headway.camera.shots import one_run
from headway.camera.tempo import real_time
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import Recording


def filmed(keypoints: KeyPoints, height: float | None, options: Options) -> tuple[Recording, tuple[KeyPoints, ...]]:
    """Put the key points of a film into metres; the recording, and the cleaned key points that it was made from.

    Parameters
    ----------
    keypoints
        As read.
    height
        Of the runner, m.
    options
        View, treadmill, speed, part of the film.
    """
    run = one_run(canonical(keypoints), options)
    seen = trustworthy(real_time(run, stated=options.slow_motion is not None))
    recording = to_recording(seen, height=height, view=options.view, treadmill=options.treadmill, speed=options.speed)
    return recording, (seen,)
