"""Films as phones write them: H.264, with slow motion, pictures shown again, and cuts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from headway.synthetic.film.motion import FilmMotion
from headway.synthetic.film.render import DrawnTruth, Renderer
from headway.synthetic.film.scene import RenderedScene

CLOCK = 90_000
"""Ticks per second of the film's times."""


def write_film(path: Path, shots: Sequence[tuple[RenderedScene, FilmMotion]]) -> list[DrawnTruth]:
    """Render shots one after the other into one film; the truth of each.

    Parameters
    ----------
    path
        MP4 file to be written.
    shots
        Scenes with who runs in them; all of one picture size. ``slowed`` and ``repeats`` of each are kept to.

    Raises
    ------
    OptionError
        The extra ``render`` is not installed.
    """
    import av

    camera, truths, clock = shots[0][0].camera, [], 0.0
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        options = {"preset": "veryfast", "crf": str(camera.quality), "x264-params": "threads=1"}
        stream = container.add_stream("libx264", rate=Fraction(camera.rate).limit_denominator(1001), options=options)
        stream.width, stream.height, stream.pix_fmt = *camera.size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
        for scene, motion in shots:
            renderer = Renderer(scene, motion)
            spacing = scene.slowed / scene.camera.rate
            for image in renderer.pictures():
                for _ in range(scene.repeats):
                    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                    frame.pts, frame.time_base = round(clock * CLOCK), Fraction(1, CLOCK)
                    container.mux(stream.encode(frame))
                    clock += spacing / scene.repeats
            truths.append(renderer.truth())
        container.mux(stream.encode(None))
    return truths
