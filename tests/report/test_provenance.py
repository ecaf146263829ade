"""What stands at the head of a page is what was found, not what had to be withheld."""

from msgspec.structs import replace

from headway.recording import Camera
from headway.report.provenance import at_a_glance
from headway.results import NotMeasurable

from .conftest import made_summary

CAMERA = Camera(
    view="side", direction=1, kind="panning", travels=False, rate=30.0, scale_error=0.02, roll=0.0, roll_error=0.01,
    noise=0.01, height_known=True,
)  # fmt: skip


def test_a_films_speed_that_was_withheld_is_not_told():
    made = made_summary(5, 5)
    withheld = {**made.metrics, "speed": NotMeasurable(why="the camera moves", record="film with a fixed camera")}
    of_markers = replace(made, metrics=withheld, recording=replace(made.recording, speed=6.25, camera=None))
    of_film = replace(of_markers, recording=replace(of_markers.recording, camera=CAMERA))
    assert dict(at_a_glance(of_markers))["Speed"] == "6.25\N{NARROW NO-BREAK SPACE}m/s"
    assert "Speed" not in dict(at_a_glance(of_film))
