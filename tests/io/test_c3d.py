import numpy as np
import pytest

import headway
from headway.errors import RecordingError
from headway.io.c3d.read import open_c3d

BESIDE = np.array([0.0, 2.0, 0.0])
NAMES = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]


def test_positions_come_back_in_metres_from_either_unit(walk, make_c3d):
    positions = walk()
    for unit, scale in (("mm", 1000.0), ("m", 1.0), ("cm", 100.0)):
        recording = headway.load(make_c3d(positions, unit=unit, scale=scale))
        assert recording.names() == NAMES
        np.testing.assert_allclose(recording.points.to_numpy(), positions, atol=2e-6)
        assert recording.rate == pytest.approx(200.0)
        assert recording.time[0] == 0.0
        assert recording.kind == "c3d"
        assert recording.log[0].name == "load"


def test_missing_unit_is_told_by_size_and_said(walk, make_c3d):
    recording = headway.load(make_c3d(walk(), unit=" "))
    assert [flag.code for flag in recording.flags] == ["unit_assumed"]
    assert recording.position("C7")[0, 2] == pytest.approx(1.49)


def test_unknown_unit_is_refused(walk, make_c3d):
    with pytest.raises(RecordingError, match="states the unit of length furlong"):
        headway.load(make_c3d(walk(), unit="furlong"))


def test_zeros_are_gaps(walk, make_c3d):
    positions = walk()
    positions[50:80, 2] = 0.0
    recording = headway.load(make_c3d(positions))
    missing = np.isnan(recording.position("RASI")).all(1)
    assert np.flatnonzero(missing).tolist() == list(range(50, 80))
    assert not recording.points.drop_sel(point="RASI").isnull().any()


def test_event_times_count_from_the_start_of_the_capture(walk, make_c3d):
    events = {
        "USED": [3],
        "LABELS": ["Foot Off", "Foot Strike", "Foot Strike"],
        "CONTEXTS": ["Left", "Right", "Left"],
        "TIMES": np.array([[0.0, 0.0, 1.0], [1.75, 1.5, 2.0]]),
    }
    recording = headway.load(make_c3d(walk(), first=200, parameters={"EVENT": events}))
    found = [(event.name, event.side, round(event.time, 5), event.method) for event in recording.events]
    assert found == [("initial_contact", "right", 0.5, "file"), ("toe_off", "left", 0.75, "file")]
    assert "events_outside" in [flag.code for flag in recording.flags]


def test_prefix_is_stripped_and_kept_as_the_subject(walk, make_c3d):
    recording = headway.load(make_c3d(walk(), [f"Ann:{name}" for name in NAMES]))
    assert recording.names() == NAMES
    assert recording.subject == "Ann"


def test_two_runners_ask_which(walk, make_c3d):
    both = np.concatenate((walk(), walk() + BESIDE), axis=1)
    path = make_c3d(both, [f"{who}:{name}" for who in ("Ann", "Bea") for name in NAMES])
    with pytest.raises(RecordingError, match=r"holds 2 runners \(Ann, Bea\); name one with --subject NAME"):
        headway.load(path)
    recording = headway.load(path, subject="bea")
    assert recording.subject == "Bea"
    np.testing.assert_allclose(recording.points.to_numpy(), walk() + BESIDE, atol=2e-6)
    with pytest.raises(RecordingError, match="holds no runner named Cia; name one of: Ann, Bea"):
        headway.load(path, subject="Cia")


def test_model_outputs_and_nameless_markers_are_left_out(walk, make_c3d):
    positions = walk()
    names = ["C7", "LHipAngles", "RASI", "*52", "PELA", "RAnkleMoment", "LHEE", "TRXPower"]
    recording = headway.load(make_c3d(positions, names))
    assert recording.names() == ["C7", "RASI", "PELA", "LHEE"]


def test_declared_outputs_are_left_out(walk, make_c3d):
    parameters = {"POINT": {"ANGLES": ["Odd", "Other"]}}
    recording = headway.load(make_c3d(walk(), ["Odd", *NAMES[1:]], parameters=parameters))
    assert recording.names() == NAMES[1:]


def test_repeated_label_keeps_the_first_with_data(walk, make_c3d):
    positions = walk()
    positions[:, 0] = 0.0
    recording = headway.load(make_c3d(positions, ["C7", "C7", *NAMES[2:]]))
    np.testing.assert_allclose(recording.position("C7"), positions[:, 1], atol=2e-6)
    assert [flag.code for flag in recording.flags] == ["repeated_labels"]


def test_point_never_seen_is_named_and_left_out(walk, make_c3d):
    positions = walk()
    positions[:, 3] = 0.0
    recording = headway.load(make_c3d(positions))
    assert "SACR" not in recording.names()
    assert "SACR" in recording.flags[0].message


def test_all_points_gone(walk, make_c3d):
    with pytest.raises(RecordingError, match="no point is seen in any frame"):
        headway.load(make_c3d(walk() * 0.0))


def test_three_frames(walk, make_c3d):
    with pytest.raises(RecordingError, match="3 frames; at least 10 are needed"):
        headway.load(make_c3d(walk(3)))


def test_text_named_c3d(tmp_path):
    path = tmp_path / "run.c3d"
    path.write_text("time,x\n" * 400)
    with pytest.raises(RecordingError, match="is not a C3D file"):
        headway.load(path)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_cut_off_file(walk, make_c3d, share):
    path = make_c3d(walk())
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(RecordingError, match=r"made\.c3d: .*(cut off|damaged)"):
        headway.load(path)


def test_cut_off_file_says_how_much_is_there(walk, make_c3d):
    path = make_c3d(walk(400))
    start = open_c3d(path).layout.shape.start
    path.write_bytes(path.read_bytes()[: start + 123 * 8 * 16 + 5])
    with pytest.raises(RecordingError, match="is cut off: 123 of 400 frames are there"):
        headway.load(path)


def test_analog_only(tmp_path):
    import ezc3d

    file = ezc3d.c3d()
    file["parameters"]["ANALOG"]["RATE"]["value"] = [1000.0]
    file["parameters"]["ANALOG"]["LABELS"]["value"] = ["emg"]
    file["parameters"]["POINT"]["RATE"]["value"] = [1000.0]
    file["data"]["analogs"] = np.ones((1, 1, 500))
    del file["data"]["rotations"]
    path = tmp_path / "emg.c3d"
    file.write(str(path))
    with pytest.raises(RecordingError, match="holds no points"):
        headway.load(path)


def test_broken_parameters_end_in_a_recording_or_one_line(walk, make_c3d):
    """Every third byte of the parameters of a small file, spoilt in turn."""
    path = make_c3d(walk(12), analogs=np.zeros((6, 24)))
    content = path.read_bytes()
    refused = 0
    for position in range(512, open_c3d(path).layout.shape.start, 3):
        spoilt = bytearray(content)
        spoilt[position] = 255 - spoilt[position]
        path.write_bytes(spoilt)
        try:
            open_c3d(path)
        except RecordingError as error:
            assert "\n" not in str(error)
            refused += 1
    assert refused > 20
