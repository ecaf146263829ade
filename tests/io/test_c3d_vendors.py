"""C3D as vendors write it: each oddity made byte by byte; the same runner must come back, or one line that names the field."""

import ezc3d
import numpy as np
import pytest

import headway
from headway.errors import RecordingError
from headway.io.c3d.layout import layout_of
from headway.io.c3d.read import open_c3d, read_c3d
from headway.io.c3d.samples import by_ezc3d, decode, suits_ezc3d
from headway.io.c3d.sections import read_sections

from .bytes_c3d import Made, write

NAMES = ("C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE")
CORNERS = (
    np.array([[400.0, -400, -400, 400], [300, 300, -300, -300], [0, 0, 0, 0]])[..., None]
    + np.array([500.0, 0, 0])[:, None, None]
)
PLATE = {"FORCE_PLATFORM:USED": 1, "FORCE_PLATFORM:TYPE": np.array([2]), "FORCE_PLATFORM:CORNERS": CORNERS,
         "FORCE_PLATFORM:ORIGIN": np.zeros((3, 1)), "FORCE_PLATFORM:CHANNEL": np.arange(1, 7)[:, None]}  # fmt: skip


@pytest.fixture
def made(walk):
    """A file as it should be: 120 frames, eight points in mm, six channels of one plate at 1000 Hz, 700 N down on it."""
    channels = np.zeros((6, 600))
    channels[2] = np.round(700 * np.clip(np.sin(np.arange(600) / 600 * 3 * np.pi), 0, None))
    return Made(walk(120) * 1000, NAMES, channels, parameters=dict(PLATE))


def _same(recording, made, tolerance=1e-5):
    np.testing.assert_allclose(recording.points.to_numpy(), made.positions / 1000, atol=tolerance)
    assert recording.names() == list(NAMES)
    assert recording.rate == pytest.approx(200.0)
    force = recording.ground_force["force"].to_numpy()
    assert force.shape == (600, 1, 3)
    np.testing.assert_allclose(force[:, 0, 2], made.analogs[2], atol=1e-3)


def _codes(recording):
    return {flag.code for flag in recording.flags}


@pytest.mark.parametrize("processor", ["intel", "dec", "mips"])
@pytest.mark.parametrize("scale", [-1.0, 0.1])
def test_every_processor_and_kind_of_number(tmp_path, made, processor, scale):
    recording = headway.load(write(tmp_path / "a.c3d", made.but(processor=processor, scale=scale)))
    _same(recording, made, 1e-4 if scale > 0 else 1e-5)
    assert not _codes(recording)


@pytest.mark.parametrize("processor", ["intel", "dec"])
@pytest.mark.parametrize("scale", [-1.0, 0.1])
def test_both_readers_agree_point_by_point(tmp_path, made, processor, scale):
    positions = made.positions.copy()
    positions[5:9, 2] = np.nan
    _compare(write(tmp_path / "a.c3d", made.but(positions=positions, processor=processor, scale=scale)))


def test_both_readers_agree_on_every_shared_file(data):
    files = sorted(data.rglob("*.c3d"))
    for path in files[:: max(len(files) // 12, 1)]:
        _compare(path)


def _compare(path):
    content = path.read_bytes()
    sections = read_sections(str(path), content)
    layout = layout_of(str(path), sections, len(content))
    theirs, ours = by_ezc3d(path, layout.shape), decode(content, sections, layout.shape)
    assert theirs is not None
    np.testing.assert_allclose(theirs.positions, ours.positions, atol=1e-9)
    np.testing.assert_allclose(theirs.analogs, ours.analogs, rtol=1e-6, atol=1e-6)


def test_ezc3d_is_the_reader_of_a_file_as_it_should_be(tmp_path, made):
    path = write(tmp_path / "a.c3d", made)
    file = open_c3d(path)
    assert suits_ezc3d(file.sections, file.layout)
    assert ezc3d.c3d(str(path))["data"]["points"].shape == (4, 8, 120)


def test_markers_only_with_one_sample_in_the_header(tmp_path, made):
    path = write(tmp_path / "a.c3d", made.but(analogs=None, parameters={}, header={"samples": 1}))
    recording = headway.load(path)
    np.testing.assert_allclose(recording.points.to_numpy(), made.positions / 1000, atol=1e-5)
    assert recording.ground_force is None
    assert not _codes(recording)


@pytest.mark.parametrize("missing", ["ANALOG:RATE", "ANALOG:USED", "POINT:SCALE", "POINT:USED", "POINT:FRAMES", "POINT:RATE",
                                     "POINT:DATA_START", "ANALOG:GEN_SCALE", "FORCE_PLATFORM:USED"])  # fmt: skip
def test_what_is_missing_in_the_parameters_is_in_the_header(tmp_path, made, missing):
    _same(headway.load(write(tmp_path / "a.c3d", made.but(without=(missing,)))), made)


@pytest.mark.parametrize("missing", ["ANALOG:SCALE", "ANALOG:OFFSET"])
def test_missing_scale_and_offset_are_one_and_nought_with_a_flag(tmp_path, made, missing):
    recording = headway.load(write(tmp_path / "a.c3d", made.but(without=(missing,))))
    _same(recording, made)
    assert _codes(recording) == {"analog_defaults"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("ANALOG:RATE", 200.0), ("ANALOG:USED", 12), ("POINT:USED", 11), ("POINT:FRAMES", 900), ("POINT:DATA_START", 9)],
)
def test_a_wrong_parameter_is_told_by_the_size_of_the_file(tmp_path, made, field, value):
    parameters = {**PLATE, field: value}
    recording = headway.load(write(tmp_path / "a.c3d", made.but(parameters=parameters)))
    _same(recording, made)
    told = next(flag for flag in recording.flags if flag.code == "header_disagrees")
    assert field in told.message


@pytest.mark.parametrize(("field", "value"), [("points", 11), ("last", 900), ("samples", 1), ("values", 6)])
def test_a_wrong_header_is_told_by_the_size_of_the_file(tmp_path, made, field, value):
    recording = headway.load(write(tmp_path / "a.c3d", made.but(header={field: value})))
    _same(recording, made)
    assert "header" in next(flag.message for flag in recording.flags if flag.code == "header_disagrees")


def test_a_contradiction_that_the_size_does_not_settle_names_both(tmp_path, made):
    # Half as many points, and half as many frames: both fit.
    plain = made.but(analogs=None, header={"points": 999}, parameters={"POINT:USED": 4, "POINT:FRAMES": 240,
                     "TRIAL:ACTUAL_END_FIELD": np.array([120, 0]), "TRIAL:ACTUAL_START_FIELD": np.array([1, 0])})  # fmt: skip
    with pytest.raises(RecordingError) as fault:
        headway.load(write(tmp_path / "a.c3d", plain.but(header={"points": 999, "last": 77})))
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("field", ["POINT:FRAMES", "POINT:USED", "ANALOG:USED", "ANALOG:OFFSET"])
def test_counts_stored_as_reals(tmp_path, made, field):
    value = {"POINT:FRAMES": 120.0, "POINT:USED": 8.0, "ANALOG:USED": 6.0, "ANALOG:OFFSET": np.zeros(6)}[field]
    recording = headway.load(write(tmp_path / "a.c3d", made.but(parameters={**PLATE, field: value})))
    _same(recording, made)
    assert not _codes(recording)


@pytest.mark.parametrize("used", ["1", "\x01"])
def test_number_of_plates_stored_as_text(tmp_path, made, used):
    _same(headway.load(write(tmp_path / "a.c3d", made.but(parameters={**PLATE, "FORCE_PLATFORM:USED": used}))), made)


@pytest.mark.parametrize("stated", [{"ANALOG:FORMAT": ["UNSIGNED"]}, {"ANALOG:BITS": 16}])
def test_analog_values_of_sixteen_bits_without_sign(tmp_path, made, stated):
    odd = made.but(scale=0.1, offset=32768, parameters={**PLATE, **stated})
    _same(headway.load(write(tmp_path / "a.c3d", odd)), made, 1e-4)


@pytest.mark.parametrize(("unit", "factor"), [("mete", 1e-3), ("mill", 1.0), ("METRES", 1e-3), ("cent", 0.1)])
def test_units_cut_to_four_letters(tmp_path, made, unit, factor):
    plain = made.but(analogs=None, parameters={}, positions=made.positions * factor, unit=unit)
    recording = headway.load(write(tmp_path / "a.c3d", plain))
    np.testing.assert_allclose(recording.points.to_numpy(), made.positions / 1000, atol=1e-5)
    assert not _codes(recording)


@pytest.mark.parametrize(("unit", "factor"), [("m", 1.0), ("mm", 1e-3), ("m", 0.1)])
def test_a_unit_that_no_body_can_be_in_is_corrected_with_a_flag(tmp_path, made, unit, factor):
    odd = made.but(positions=made.positions * factor, unit=unit)
    recording = headway.load(write(tmp_path / "a.c3d", odd))
    np.testing.assert_allclose(recording.points.to_numpy(), made.positions / 1000, atol=1e-5)
    assert "unit_corrected" in _codes(recording)


def test_more_frames_than_sixteen_bits(tmp_path, walk):
    positions = np.tile(walk(50), (1400, 1, 1)) * 1000
    odd = Made(positions, NAMES, None, header={"last": 0xFFFF}, without=("POINT:FRAMES",),
               parameters={"POINT:LONG_FRAMES": 70000.0})  # fmt: skip
    path = write(tmp_path / "a.c3d", odd)
    assert open_c3d(path).samples.positions.shape == (70000, 8, 3)
    trial = {"TRIAL:ACTUAL_START_FIELD": np.array([1, 0]), "TRIAL:ACTUAL_END_FIELD": np.array([70000 - 65536, 1])}
    path = write(tmp_path / "b.c3d", odd.but(parameters=trial))
    assert open_c3d(path).samples.positions.shape == (70000, 8, 3)
    wrapped = odd.but(header={"last": 70000 - 65536}, parameters={"POINT:FRAMES": 70000 - 65536}, without=())
    assert open_c3d(write(tmp_path / "c.c3d", wrapped)).samples.positions.shape == (70000, 8, 3)


def test_frames_that_nothing_counts_are_counted_by_the_size(tmp_path, walk):
    positions = np.tile(walk(50), (1400, 1, 1)) * 1000
    odd = Made(positions, NAMES, None, header={"last": 0xFFFF}, without=("POINT:FRAMES",))
    file = open_c3d(write(tmp_path / "a.c3d", odd))
    np.testing.assert_allclose(file.samples.positions, positions, atol=1e-3)
    assert [flag.code for flag in file.layout.flags] == ["frames_counted"]


def test_of_a_file_that_is_too_long_a_part_is_read(tmp_path, made, monkeypatch):
    path = write(tmp_path / "a.c3d", made)
    whole = headway.load(path)
    monkeypatch.setattr("headway.bounds.MOST_POINTS", 400)
    monkeypatch.setattr("headway.io.c3d.read.MOST_POINTS", 400)
    with pytest.raises(RecordingError, match=r"would take more than 2 GB .* --start 0 --stop"):
        headway.load(path)
    start, stop = whole.time[50], whole.time[90]
    part = headway.load(path, start=start, stop=stop)
    np.testing.assert_allclose(part.time, whole.time[50:91], atol=1e-12)
    np.testing.assert_array_equal(part.points.to_numpy(), whole.points.to_numpy()[50:91])
    forces = whole.ground_force.sel(time=slice(start, stop))
    np.testing.assert_allclose(part.ground_force["force"].sel(time=slice(start, stop)), forces["force"])
    assert part.events == whole.events


def test_no_frames_and_no_points_are_said(tmp_path, made):
    with pytest.raises(RecordingError, match="holds no frames"):
        headway.load(write(tmp_path / "a.c3d", made.but(header={"last": 0}, parameters={"POINT:FRAMES": 0})))
    rotations = {"ROTATION:USED": 2, "ROTATION:LABELS": ["pelvis_4X4", "head_4X4"]}
    only = made.but(positions=made.positions[:, :0], names=(), analogs=None, parameters=rotations)
    with pytest.raises(RecordingError, match=r"rotations of 2 segments \(pelvis_4X4, head_4X4"):
        headway.load(write(tmp_path / "b.c3d", only))


def test_labels_go_on_in_a_second_list(tmp_path, walk):
    many = np.concatenate([walk(20) * 1000 + 10.0 * k for k in range(40)], axis=1)
    names = tuple(f"P{k}" for k in range(320))
    odd = Made(many, names[:255], None, parameters={"POINT:LABELS2": list(names[255:])})
    assert headway.load(write(tmp_path / "a.c3d", odd)).names() == list(names)


def test_descriptions_without_letters_and_a_broken_end_of_the_parameters(tmp_path, made):
    path = write(tmp_path / "a.c3d", made)
    content = bytearray(path.read_bytes())
    end = content.index(b"CHANNEL") + len("CHANNEL") + 2 + 4 + 12 + 1
    content[end : end + 13] = b"\x09\xf0" + b"123456789" + b"\xff\xff"
    path.write_bytes(content)
    recording = headway.load(path)
    _same(recording, made)
    assert "parameters_damaged" in _codes(recording)


def test_a_point_marked_by_nines_is_a_gap(tmp_path, made):
    positions = made.positions.copy()
    positions[10:20, 3] = 9999999.0
    recording = headway.load(write(tmp_path / "a.c3d", made.but(positions=positions)))
    assert np.isnan(recording.position("SACR")[10:20]).all()
    assert "jumps_masked" not in _codes(recording)


def test_one_marker_in_two_pieces_is_joined(tmp_path, made):
    positions = np.concatenate((made.positions, made.positions[:, :1]), axis=1)
    positions[60:, 0], positions[:60, 8] = np.nan, np.nan
    recording = headway.load(write(tmp_path / "a.c3d", made.but(positions=positions, names=(*NAMES, "C7"))))
    _same(recording, made)
    assert _codes(recording) == {"pieces_joined"}


def test_a_rigid_body_beside_the_runner_is_no_runner(tmp_path, made):
    beside = np.concatenate((made.positions, made.positions[:, :1] + 2000), axis=1)
    names = (*(f"Ann:{name}" for name in NAMES), "Belt:Marker1")
    recording = headway.load(write(tmp_path / "a.c3d", made.but(positions=beside, names=names)))
    _same(recording, made)
    assert recording.subject == "Ann"
    assert "Belt" in next(flag.message for flag in recording.flags if flag.code == "subjects_not_used")


def test_a_word_that_every_label_begins_with_is_the_subject(tmp_path, made):
    recording = headway.load(write(tmp_path / "a.c3d", made.but(names=tuple(f"Runner_{name}" for name in NAMES))))
    _same(recording, made)
    assert recording.subject == "Runner"


def test_two_plates_on_one_set_of_channels_are_used_once(tmp_path, made):
    both = {"FORCE_PLATFORM:USED": 2, "FORCE_PLATFORM:TYPE": np.array([2, 2]), "FORCE_PLATFORM:CORNERS": np.repeat(CORNERS, 2, 2),
            "FORCE_PLATFORM:ORIGIN": np.zeros((3, 2)), "FORCE_PLATFORM:CHANNEL": np.repeat(np.arange(1, 7)[:, None], 2, 1)}  # fmt: skip
    recording = headway.load(write(tmp_path / "a.c3d", made.but(parameters=both)))
    _same(recording, made)
    assert "names channels of plate 1" in next(
        flag.message for flag in recording.flags if flag.code == "plate_left_out"
    )


def test_forces_beyond_any_runner_are_left_out(tmp_path, made):
    recording = headway.load(write(tmp_path / "a.c3d", made.but(analogs=made.analogs * 100)))
    assert recording.ground_force is None
    assert "70 kN" in next(flag.message for flag in recording.flags if flag.code == "forces_not_used")


def test_events_of_the_header_and_events_not_known(tmp_path, made):
    path = write(tmp_path / "a.c3d", made)
    content = bytearray(path.read_bytes())
    content[298:302] = np.array([12345, 2], "<u2").tobytes()
    content[304:312] = np.array([0.1, 0.3], "<f4").tobytes()
    content[396:404] = b"RHS BALL"
    path.write_bytes(content)
    recording = headway.load(path)
    assert [(event.name, event.side, round(event.time, 3)) for event in recording.events] == [
        ("initial_contact", "right", 0.1)
    ]
    assert "BALL" in next(flag.message for flag in recording.flags if flag.code == "events_not_used")


def test_a_file_read_at_the_wrong_rate_or_shape_says_nothing_of_the_runner(tmp_path, made):
    noise = np.random.default_rng(1).normal(0, 500, made.positions.shape)
    with pytest.raises(RecordingError, match="samples jump as no body can"):
        headway.load(write(tmp_path / "a.c3d", made.but(positions=made.positions + noise)))


@pytest.mark.parametrize("blocks", [-1, 1])
@pytest.mark.parametrize("wrong", ["the header", "POINT:DATA_START"])
def test_two_of_three_tell_where_the_data_start(tmp_path, made, wrong, blocks):
    start = layout_of("", *_read_sections(write(tmp_path / "a.c3d", made))).shape.start // 512 + 1 + blocks
    changes = (
        {"header": {"start": start}} if wrong == "the header" else {"parameters": {**PLATE, "POINT:DATA_START": start}}
    )
    path = write(tmp_path / "a.c3d", made.but(**changes))
    path.write_bytes(path.read_bytes() + bytes(1024))  # so that the size of the file cannot decide
    recording = headway.load(path)
    _same(recording, made)
    told = next(flag.message for flag in recording.flags if flag.code == "header_disagrees")
    assert wrong in told
    assert "length" not in told


def _read_sections(path):
    content = path.read_bytes()
    return read_sections("", content), len(content)


def test_a_name_with_a_letter_that_none_has_ends_the_chain(tmp_path, made):
    path = write(tmp_path / "a.c3d", made)
    content = path.read_bytes()
    assert content.count(b"CHANNEL") == 1
    path.write_bytes(content.replace(b"CHANNEL", b"CHAN\5EL"))
    assert "parameters_damaged" in _codes(headway.load(path))


@pytest.mark.parametrize(
    ("start", "stop", "first", "last"),
    [(0.3, None, 60, 120), (None, 0.2, 0, 41), (0.1, 0.25, 20, 51), (0.5, 9.0, 100, 120)],
)
def test_of_a_file_that_is_too_long_the_part_is_read_to_the_frame(
    tmp_path, made, monkeypatch, start, stop, first, last
):
    path = write(tmp_path / "a.c3d", made)  # 120 frames of eight points at 200 Hz, five samples of the plate to a frame
    monkeypatch.setattr("headway.io.c3d.read.MOST_POINTS", 500)
    monkeypatch.setattr("headway.bounds.MOST_POINTS", 500)
    found = open_c3d(path, start, stop)
    assert found.begins == first
    np.testing.assert_allclose(found.samples.positions, made.positions[first:last], atol=1e-3)
    np.testing.assert_allclose(found.samples.analogs[2], made.analogs[2, 5 * first : 5 * last], atol=1e-3)
    with pytest.raises(RecordingError, match="would take more than 2 GB"):
        open_c3d(path)
    recording = read_c3d(path, start=start, stop=stop)
    assert recording.time[0] == pytest.approx(first / 200)
