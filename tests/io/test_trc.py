import numpy as np
import pytest

import headway
from headway.errors import RecordingError

NAMES = ["C7", "LASI", "RASI", "SACR", "LTHI", "RTHI", "LHEE", "RHEE"]


@pytest.fixture
def write_trc(tmp_path, walk):
    """Write a TRC file; ``edit`` changes the list of its lines before writing."""

    def build(*, frames=60, start=0.5, unit="mm", blank=True, names=NAMES, trailing="", edit=None, name="run.trc"):
        positions = walk(frames) * (1000.0 if unit == "mm" else 1.0)
        cells = "\t\t\t".join(names)
        lines = [
            "PathFileType\t4\t(X/Y/Z)\trun.trc",
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
            f"200\t200\t{frames}\t{len(names)}\t{unit}\t200\t1\t{3 * frames}",
            f"Frame#\tTime\t{cells}\t\t",
            "\t\t" + "\t".join(f"{axis}{k}" for k in range(1, len(names) + 1) for axis in "XYZ"),
        ]
        lines += [""] if blank else []
        for k, row in enumerate(positions[:, : len(names)].reshape(frames, -1)):
            numbers = "\t".join(f"{value:.6f}" for value in row)
            lines.append(f"{k + 1}\t{start + k / 200:.6f}\t{numbers}{trailing}")
        lines = edit(lines) if edit else lines
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return build


@pytest.mark.parametrize("unit", ["mm", "m"])
@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("trailing", ["", "\t", "\t\t"])
def test_positions_and_the_files_own_time(write_trc, walk, unit, blank, trailing):
    recording = headway.load(write_trc(unit=unit, blank=blank, trailing=trailing))
    assert recording.names() == NAMES
    np.testing.assert_allclose(recording.points.to_numpy(), walk(60), atol=2e-6)
    assert recording.time[0] == 0.5
    assert recording.rate == pytest.approx(200.0)
    assert recording.ground_force is None
    assert not recording.flags


def test_empty_cells_are_gaps(write_trc):
    def edit(lines):
        for k in range(10, 15):
            cells = lines[k].split("\t")
            cells[5:8] = ["", " ", ""]
            lines[k] = "\t".join(cells)
        return lines

    recording = headway.load(write_trc(edit=edit))
    assert np.flatnonzero(np.isnan(recording.position("LASI")[:, 0])).tolist() == [4, 5, 6, 7, 8]
    assert not np.isnan(recording.position("C7")).any()


def test_rounded_times_become_exact(write_trc):
    def edit(lines):
        return lines[:6] + ["\t".join([c[0], f"{0.5 + k / 200:.3f}", *c[2:]]) for k, c in _rows(lines)]

    recording = headway.load(write_trc(edit=edit))
    np.testing.assert_allclose(np.diff(recording.time), 0.005, atol=1e-12)


def _rows(lines):
    return [(k, line.split("\t")) for k, line in enumerate(lines[6:])]


def test_missing_rows_are_gaps(write_trc):
    recording = headway.load(write_trc(edit=lambda lines: lines[:20] + lines[23:]))
    assert recording.points.sizes["time"] == 60
    assert np.flatnonzero(np.isnan(recording.position("C7")[:, 0])).tolist() == [14, 15, 16]
    assert {flag.code for flag in recording.flags} == {"rows_missing", "dropped_frames"}


def test_prefixes(write_trc):
    recording = headway.load(write_trc(names=[f"Ann:{name}" for name in NAMES]))
    assert (recording.subject, recording.names()) == ("Ann", NAMES)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda lines: lines[:6], "holds no rows of data"),
        (lambda lines: lines[:3], "does not begin with the five header lines"),
        (lambda lines: [*lines[:2], lines[2].replace("mm", "furlong"), *lines[3:]], "the unit of length furlong"),
        (lambda lines: [*lines[:3], "Frame#\tTime", *lines[4:]], "line 4 names no time and markers"),
        (lambda lines: [*lines[:3], lines[3].replace("\t\t\t", "\t\t", 1), *lines[4:]], "every third column"),
        (
            lambda lines: [*lines[:20], lines[20].replace("1.", "oops1.", 1), *lines[21:]],
            r"line 21: '.*oops.*' is not a number",
        ),
        (lambda lines: [*lines[:20], lines[20].replace("1.", "1,", 1), *lines[21:]], "use a point as the decimal mark"),
        (lambda lines: [*lines[:30], lines[10], *lines[30:]], "time does not rise in line 31"),
        (lambda lines: [*lines[:9]], "3 frames; at least 10"),
    ],
)
def test_faults_are_named(write_trc, edit, message):
    with pytest.raises(RecordingError, match=message) as caught:
        headway.load(write_trc(edit=edit))
    assert "run.trc" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_points_gone(write_trc):
    def edit(lines):
        return lines[:6] + ["\t".join(c[:2] + [""] * 24) for _, c in _rows(lines)]

    with pytest.raises(RecordingError, match="no point is seen in any frame"):
        headway.load(write_trc(edit=edit))


def test_binary_file_named_trc(tmp_path):
    path = tmp_path / "run.trc"
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(RecordingError, match="is not a text file"):
        headway.load(path)


def test_real_sprint(data):
    recording = headway.load(data / "dorn2012_ja1" / "run0700cms.trc")
    assert recording.points.shape == (413, 51, 3)
    assert recording.rate == pytest.approx(250.0)
    assert recording.time[0] == pytest.approx(0.004)
    sacrum = recording.position("SACR")
    assert (sacrum[-1, 0] - sacrum[0, 0]) / (recording.time[-1] - recording.time[0]) == pytest.approx(6.99, abs=0.1)
