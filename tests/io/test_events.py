import subprocess
import sys

import numpy as np
import pytest

from headway.io.c3d.events import c3d_events
from headway.io.events import parse_event


@pytest.mark.parametrize(
    ("label", "context", "expected"),
    [
        ("Foot Strike", "Left", ("initial_contact", "left")),
        ("Foot Off", "Right", ("toe_off", "right")),
        ("RHS", "", ("initial_contact", "right")),
        ("LTO", "", ("toe_off", "left")),
        ("RON", "", ("initial_contact", "right")),
        ("LOFF", "", ("toe_off", "left")),
        ("lon", "General", ("initial_contact", "left")),
        ("Right Foot Strike", "", ("initial_contact", "right")),
        ("toe_off_left", "", ("toe_off", "left")),
        ("FO", "L", ("toe_off", "left")),
        ("TD", "R", ("initial_contact", "right")),
        ("IC", "", ("initial_contact", None)),
        ("LO", "Right", ("toe_off", "right")),
        ("General", "General", None),
        ("Start", "Left", None),
        ("", "", None),
    ],
)
def test_names_of_events(label, context, expected):
    assert parse_event(label, context) == expected


def _group(times, **more):
    labels = ["Foot Strike"] * len(times)
    return {
        "LABELS": labels,
        "CONTEXTS": ["Left"] * len(times),
        "TIMES": np.array([np.zeros(len(times)), times]),
        **more,
    }


def test_minutes_count():
    group = {"LABELS": ["Foot Off"], "CONTEXTS": ["Right"], "TIMES": np.array([[2.0], [3.5]])}
    events, _ = c3d_events(group, 120.0, 10.0)
    assert events[0].time == pytest.approx(3.5)


def test_times_that_count_from_the_first_stored_frame_are_noticed():
    events, flags = c3d_events(_group([0.2, 0.9]), 5.0, 1.0)
    assert [event.time for event in events] == [0.2, 0.9]
    assert [flag.code for flag in flags] == ["event_clock"]


def test_events_of_the_other_runner_are_left_out():
    group = _group([0.1, 0.2, 0.3], SUBJECTS=["Ann", "Bea", "Ann"])
    events, _ = c3d_events(group, 0.0, 1.0, "Ann")
    assert [event.time for event in events] == [0.1, 0.3]


def test_a_single_owner_with_another_name_is_the_runner():
    events, _ = c3d_events(_group([0.1], SUBJECTS=["Patient"]), 0.0, 1.0, "Ann")
    assert len(events) == 1


def test_no_events():
    assert c3d_events({"USED": [0]}, 0.0, 1.0) == ((), ())


def test_a_table_can_be_the_first_file_that_is_read():
    """Names of events come without the reader of C3D, which needs them itself."""
    subprocess.run([sys.executable, "-c", "import headway.io.qualisys"], check=True, timeout=60)
