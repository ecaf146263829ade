"""Tables as programs and countries write them: one recording, whatever the encoding, separator, decimal mark and clock."""

import numpy as np
import pytest

import headway
from headway.errors import RecordingError
from headway.io.dialect import decimal_of, encoding_of, separator_of
from headway.io.plausible import in_a_bodys_unit, in_seconds, stated_clock
from headway.io.text import read_table
from headway.io.units import length_unit

NAMES = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]


def _csv(walk, separator=",", decimal=".", scale=1.0, factor=1.0):
    rows = [separator.join(["time", *(f"{name}_{axis}" for name in NAMES for axis in "xyz")])]
    for k, row in enumerate(walk(60).reshape(60, -1) * scale):
        cells = [f"{factor * k / 200:.6f}", *(f"{value:.6f}" for value in row)]
        rows.append(separator.join(cell.replace(".", decimal) for cell in cells))
    return "# units: m\n" + "\n".join(rows) + "\n"


def _same(recording, walk, frames=60):
    np.testing.assert_allclose(recording.points.to_numpy(), walk(frames), atol=2e-6)
    assert recording.names() == NAMES
    assert recording.rate == pytest.approx(200.0)


@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", "."), (";", ","), ("\t", ","), ("  ", ",")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_one_table_in_every_dialect(tmp_path, walk, separator, decimal, encoding):
    path = tmp_path / "run.csv"
    path.write_bytes(("# runner: J\u00f6rg\n" + _csv(walk, separator, decimal)).encode(encoding))
    _same(headway.load(path), walk)


def test_quoted_numbers_with_commas(tmp_path, walk):
    lines = _csv(walk, ";", ",").splitlines()
    quoted = [",".join(f'"{cell}"' for cell in line.split(";")) if ";" in line else line for line in lines]
    (tmp_path / "run.csv").write_text("\n".join(quoted))
    _same(headway.load(tmp_path / "run.csv"), walk)


def test_short_rows_and_every_spelling_of_no_number():
    spelt = ["NaN", "nan", "N/A", "#N/A", "null", "-", "1.#QNAN", "-1.#IND", ""]
    table, _ = read_table("x", [f"1,{word},2" for word in spelt] + ["3"], 1, 3, ",")
    assert np.isnan(table[:, 1]).all()
    assert np.isnan(table[-1, 2])


def test_what_is_no_number_names_the_line():
    with pytest.raises(RecordingError, match="line 8: 'left' is not a number"):
        read_table("x", ["1,2", "left,2"], 7, 2, ",")


def test_bytes_that_are_no_text():
    assert encoding_of(bytes(range(256)) * 4) is None
    assert separator_of("Frame Time C7") is None
    assert decimal_of(["1,5;2"], ";") == ","
    assert decimal_of(["1,5,2"], ",") == "."


def test_times_of_a_table_in_milliseconds_are_told(tmp_path, walk):
    (tmp_path / "run.csv").write_text(_csv(walk, factor=1000.0))
    recording = headway.load(tmp_path / "run.csv")
    _same(recording, walk)
    assert [flag.code for flag in recording.flags] == ["time_corrected"]


@pytest.mark.parametrize("damaged", ["nan", "inf"])
def test_a_time_that_is_no_number_names_its_line(tmp_path, walk, damaged):
    lines = _csv(walk).splitlines()
    lines[4] = damaged + lines[4][lines[4].index(",") :]
    (tmp_path / "run.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(RecordingError, match="line 5 has no time"):
        headway.load(tmp_path / "run.csv")


def test_times_in_no_unit_name_the_column():
    with pytest.raises(RecordingError, match="frames are 1 s apart in the column of time"):
        in_seconds("run.csv", np.arange(50.0))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (lambda t: 1000.0 * t, "milliseconds"),
        (lambda t: np.round(t, 2), "rounded to 0.01 s"),
        (lambda t: np.floor(t * 100 + 1e-9) / 100, "rounded to 0.01 s"),
        (lambda t: np.round(t * 200), "count frames"),
    ],
)
def test_the_stated_rate_puts_times_right(written, said):
    time = 3.0 + np.arange(300) / 200.0
    right, flags = stated_clock(written(time), 200.0)
    np.testing.assert_allclose(np.diff(right), 0.005, atol=1e-9)
    assert abs(right[0] - 3.0) < 0.006
    assert said in flags[0].message


def test_times_that_contradict_the_rate_are_kept_and_told():
    time = np.arange(300) / 100.0
    right, flags = stated_clock(time, 200.0)
    assert right is time
    assert flags[0].code == "rate_disagrees"


def test_dropped_frames_do_not_contradict_the_rate():
    time = np.delete(np.arange(300) / 200.0, [40, 41, 90])
    assert stated_clock(time, 200.0)[1] == ()


MOTIVE = "Format Version,1.23,Take Name,run,Capture Frame Rate,200.000000,Export Frame Rate,200.000000,Length Units,{unit},Coordinate Space,Global"


def _motive(walk, unit="Meters", scale=1.0, kind="Marker", rigid=True, parent=True):
    kinds, names, ids, above, axes = (["", word] for word in ("Type", "Name", "ID", "Parent", ""))
    axes[:] = ["Frame", "Time (Seconds)"]
    quantity = ["", ""]
    for name in NAMES:
        kinds += [kind] * 3
        names += [f"Ann:{name}"] * 3
        quantity += ["Position"] * 3
        axes += ["X", "Y", "Z"]
    if rigid:
        kinds += ["Rigid Body"] * 7
        names += ["Belt"] * 7
        quantity += ["Rotation"] * 4 + ["Position"] * 3
        axes += ["X", "Y", "Z", "W", "X", "Y", "Z"]
    width = len(axes)
    rows = [
        kinds,
        names,
        (ids + ["1"] * width)[:width],
        *([(above + [""] * width)[:width]] if parent else []),
        quantity,
        axes,
    ]
    out = [MOTIVE.format(unit=unit), "", *(",".join(row) for row in rows)]
    for k, row in enumerate(walk(60).reshape(60, -1) * scale):
        cells = [str(k), f"{k / 200:.6f}", *(f"{value:.6f}" for value in row), *(["0.1"] * 7 if rigid else [])]
        out.append(",".join(cells))
    return "\n".join(out) + "\n"


@pytest.mark.parametrize(("unit", "scale"), [("Meters", 1.0), ("Millimeters", 1000.0), ("Centimeters", 100.0)])
@pytest.mark.parametrize("parent", [True, False])
def test_motive(tmp_path, walk, unit, scale, parent):
    (tmp_path / "take.csv").write_text(_motive(walk, unit, scale, parent=parent))
    recording = headway.load(tmp_path / "take.csv")
    _same(recording, walk)
    assert recording.subject == "Ann"
    assert recording.kind == "motive"
    assert "rigid body (1)" in next(flag.message for flag in recording.flags if flag.code == "columns_not_read")


def test_motive_with_time_code_and_without_words_before_the_rows(tmp_path, walk):
    text = (
        _motive(walk, rigid=False, parent=False)
        .replace(",Type,", ",,")
        .replace(",Name,", ",,")
        .replace("Seconds)", "Seconds),TimeCode")
    )
    head, rows = text.split("\n")[:7], text.split("\n")[7:-1]
    head[2:6] = [line[:1] + "," + line[1:] for line in head[2:6]]
    rows = [",".join([*row.split(",")[:2], "15:26:46:12.02", *row.split(",")[2:]]) for row in rows]
    (tmp_path / "take.csv").write_text("\n".join([*head, *rows]) + "\n")
    _same(headway.load(tmp_path / "take.csv"), walk)


def test_motive_with_bones_alone_says_that_nothing_was_measured(tmp_path, walk):
    (tmp_path / "take.csv").write_text(_motive(walk, kind="Bone", rigid=False))
    assert [flag.code for flag in headway.load(tmp_path / "take.csv").flags] == ["not_measured_markers"]


def test_motive_without_frames_says_so(tmp_path, walk):
    (tmp_path / "take.csv").write_text(_motive(walk).partition("\n0,")[0] + "\n")
    with pytest.raises(RecordingError, match="holds no rows of data"):
        headway.load(tmp_path / "take.csv")


@pytest.mark.parametrize(("unit", "rate"), [(0.1, 8.0), (0.01, 70.0), (0.001, 700.0), (1e-4, 7000.0)])
def test_times_rounded_to_more_than_half_a_frame_are_put_right(unit, rate):
    true = np.arange(300) / rate
    found, flags = stated_clock(np.round(np.round(true / unit) * unit, 6), rate)
    np.testing.assert_allclose(found, true, atol=1e-9)
    assert f"{unit:g}" in flags[0].message


@pytest.mark.parametrize(("rate", "told"), [(203.0, False), (206.0, True)])
def test_a_stated_rate_that_is_two_per_cent_off_the_times_is_told(rate, told):
    flags = stated_clock(np.arange(300) / 200, rate)[1]
    assert bool(flags) == told
    if told:
        assert "206" in flags[0].message and "200" in flags[0].message


@pytest.mark.parametrize("lead", [0, 1, 2])
def test_qualisys(tmp_path, walk, lead):
    head = [
        "NO_OF_FRAMES\t60", "NO_OF_CAMERAS\t9", "NO_OF_MARKERS\t8", "FREQUENCY\t200", "NO_OF_ANALOG\t0", "ANALOG_FREQUENCY\t0",
        "DESCRIPTION\t--", "TIME_STAMP\t2026-01-01, 10:00:00", "DATA_INCLUDED\t3D", "EVENT\tRHS\t21\t0.1", "EVENT\tClap\t31\t0.15",
        "\t".join(["MARKER_NAMES", *NAMES]),
    ]  # fmt: skip
    if lead:
        head.append(
            "\t".join([*("Frame", "Time")[2 - lead :], *(f"{name} {axis}" for name in NAMES for axis in "XYZ")])
        )
    for k, row in enumerate(walk(60).reshape(60, -1) * 1000):
        head.append("\t".join([*(str(k + 1), f"{k / 200:.5f}")[2 - lead :], *(f"{value:.3f}" for value in row)]))
    (tmp_path / "run.tsv").write_text("\n".join(head) + "\n")
    (tmp_path / "run_f_1.tsv").write_text("NO_OF_SAMPLES\t300\n")
    recording = headway.load(tmp_path / "run.tsv")
    assert "run_f_1.tsv" in next(flag.message for flag in recording.flags if flag.code == "forces_not_used")
    np.testing.assert_allclose(recording.points.to_numpy(), walk(60), atol=1e-6)
    assert recording.names() == NAMES
    assert recording.rate == pytest.approx(200.0)
    assert [(event.name, event.side, event.time) for event in recording.events] == [("initial_contact", "right", 0.1)]
    assert "Clap" in next(flag.message for flag in recording.flags if flag.code == "events_not_used")


def test_qualisys_of_rigid_bodies_is_told(tmp_path):
    (tmp_path / "run.tsv").write_text("NO_OF_FRAMES\t2\nDATA_INCLUDED\t6D\nBODY_NAMES\tpelvis\n1\t2\n")
    with pytest.raises(RecordingError, match="holds 6D data and 0 named markers"):
        headway.load(tmp_path / "run.tsv")


@pytest.mark.parametrize("name", ["run.csv", "run.trc"])
def test_a_table_too_large_for_memory_is_refused_before_it_is_read(tmp_path, walk, name):
    with (tmp_path / name).open("w+b") as stream:
        stream.write(_csv(walk).encode() if name == "run.csv" else b"PathFileType\t4\t(X/Y/Z)\trun.trc\n")
        stream.truncate(400_000_001)  # a hole, which takes no place
    with pytest.raises(RecordingError, match=r"is larger than 400 MB \(400 MB\); .*export it as C3D"):
        headway.load(tmp_path / name)


@pytest.mark.parametrize(("name", "unit"), [("inches", 0.0254), ("feet", 0.3048), ("cm", 0.01), ("mm", 0.001)])
def test_lengths_that_only_one_unit_explains_are_put_right(name, unit):
    heights = [0.1, 0.5, 0.9, 1.2, 1.5, 1.75]  # of a man, m; right and left 0.3 m apart
    body = np.tile([[0.02 * k, side, up] for k, up in enumerate(heights) for side in (0.15, -0.15)], (60, 1, 1))
    for found, flags in (in_a_bodys_unit("run.csv", 1.0, body / unit), length_unit("run.csv", "", body / unit)):
        assert found == unit
        assert name in flags[0].message
