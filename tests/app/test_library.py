"""The library: versions, deleting, moving, speed."""

import io
import json
import re
import time
import zipfile

import msgspec
import pytest

from headway.app.database import Database
from headway.app.glance import GlanceKept, Way
from headway.app.library import Library
from headway.app.runners import RunnerForm, add_runner, delete_runner
from headway.app.tables import MIGRATIONS
from headway.app.transfer import export_runner, import_runner
from headway.app.weeks import NEEDED, trend
from headway.errors import HeadwayError, RecordingError

GLANCE = GlanceKept("sway", "lateral_bounce_amplitude", [Way("left", [1.0, 2.0], [1.5])], 20, 3.0, [], 0)


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path / "library")
    yield made
    made.close()


def _analysis(library, runner, day, value, *, metric="lateral_bounce_amplitude", view="rear"):
    number = library.database.insert(
        "analyses",
        runner=runner,
        title="run",
        taken=day,
        view=view,
        glance=msgspec.json.encode(GLANCE).decode(),
        headway="1",
        created=day,
    )
    library.database.insert(
        "measures",
        analysis=number,
        metric=metric,
        unit="m",
        value=value,
        low=value - 0.001,
        high=value + 0.001,
        long=0,
        estimated=0,
    )
    return number


def test_a_library_of_a_newer_headway_is_left_alone(tmp_path):
    path = tmp_path / "headway.db"
    database = Database(path)
    database.run(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    database.close()
    with pytest.raises(HeadwayError, match="newer Headway"):
        Database(path)


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "headway.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(HeadwayError, match="no library"):
        Database(path)


def test_what_is_deleted_is_not_in_the_files_any_more(library):
    runner = add_runner(library, RunnerForm("Wilhelmine", 1.7, None, None))
    library.database.insert("notes", runner=runner, about="runner", text="Achillessehne", created="")
    folder = library.runner(runner) / "recordings" / "1"
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(b"film")
    delete_runner(library, runner)
    assert not library.runner(runner).exists()
    held = b"".join(path.read_bytes() for path in library.folder.glob("headway.db*"))
    assert b"Wilhelmine" not in held
    assert b"Achillessehne" not in held


def test_a_change_is_called_one_only_beyond_the_runners_own_noise(library):
    runner = add_runner(library, RunnerForm("A", None, None, None))
    for value in (0.020, 0.021, 0.019, 0.020):
        _analysis(library, runner, "2026-01-01", value)
    _analysis(library, runner, "2026-02-01", 0.030)
    first = trend(library, runner, "lateral_bounce_amplitude", "rear")
    assert (first.outcome, first.band, first.repeats) == ("unknown", None, 3)
    for value in (0.031, 0.029):
        _analysis(library, runner, "2026-02-01", value)
    found = trend(library, runner, "lateral_bounce_amplitude", "rear")
    assert found.repeats == NEEDED
    # SEM: sqrt of the pooled square (2 + 2) mm²/5; t(5) = 2.571; means of 4 and of 3
    assert found.band == pytest.approx(2.5706 * (4e-6 / 5) ** 0.5 * (1 / 4 + 1 / 3) ** 0.5, rel=1e-3)
    assert found.outcome == "changed"
    for value in (0.020, 0.021, 0.0205):
        _analysis(library, runner, "2026-03-01", value)
    assert trend(library, runner, "lateral_bounce_amplitude", "rear").outcome == "same"


def test_views_are_never_mixed_in_one_trend(library):
    runner = add_runner(library, RunnerForm("A", None, None, None))
    _analysis(library, runner, "2026-01-01", 0.02, view="rear")
    _analysis(library, runner, "2026-01-02", 0.05, view="3d")
    assert [one.value for one in trend(library, runner, "lateral_bounce_amplitude", "rear").points] == [0.02]


def test_a_runner_moves_to_another_library_whole(library, tmp_path):
    runner = add_runner(library, RunnerForm("A", 1.8, 70.0, "female"))
    add_runner(library, RunnerForm("Somebody else", None, None, None))
    number = _analysis(library, runner, "2026-01-01", 0.02)
    library.analysis(runner, number).mkdir(parents=True)
    (library.analysis(runner, number) / "report.html").write_text("report")
    (library.recording(runner, 1) / "cache").mkdir(parents=True)
    (library.recording(runner, 1) / "cache" / "pose.npz").write_text("left out")
    library.database.insert("notes", runner=runner, about=f"analysis {number}", text="hm", created="")
    export_runner(library, runner, tmp_path / "a.zip")
    other = Library(tmp_path / "other")
    try:
        add_runner(other, RunnerForm("B", None, None, None))
        made = import_runner(other, tmp_path / "a.zip", "a.zip")
        assert other.database.value("SELECT name FROM runners WHERE id = ?", made) == "A"
        assert (other.analysis(made, 1) / "report.html").read_text() == "report"
        assert other.database.value("SELECT about FROM notes") == "analysis 1"
        assert trend(other, made, "lateral_bounce_amplitude", "rear").points[0].value == 0.02
        assert not list(other.folder.rglob("*.npz"))
    finally:
        other.close()


@pytest.mark.parametrize(
    "name",
    [
        "files/../../evil",
        "files/analyses/1/../../../evil",
        "/abs",
        "files/analyses/9/x",
        "files/analyses/1/.x/y",
        "files/other/1/x",
        "files/analyses/1/a\\b",
    ],
)
def test_a_zip_with_a_foreign_path_is_refused_and_leaves_nothing(library, tmp_path, name):
    runner = add_runner(library, RunnerForm("A", None, None, None))
    _analysis(library, runner, "2026-01-01", 0.02)
    export_runner(library, runner, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as file:
        file.writestr(name, "evil")
    with pytest.raises(RecordingError):
        import_runner(library, tmp_path / "a.zip", "a.zip")
    assert library.database.value("SELECT count(*) FROM runners") == 1
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18)])
def test_a_zip_that_is_none_of_ours_is_told(library, tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(RecordingError, match=r"a\.zip"):
        import_runner(library, tmp_path / "a.zip", "a.zip")


def test_a_row_with_foreign_columns_brings_nothing_in(library, tmp_path):
    out = io.BytesIO()
    tables = {
        "files": [{"id": 1, "recording": 1, "name": "x", "file": "../../x", "size": 1}],
        "recordings": [{"id": 1, "runner": 1, "title": "t", "taken": "", "options": "{}", "created": ""}],
    }
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "headway-runner.json",
            json.dumps({"form": 1, "runner": {"name": "A", "created": "", "evil); --": 1}, "tables": tables}),
        )
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    with pytest.raises(RecordingError):
        import_runner(library, tmp_path / "a.zip", "a.zip")
    assert library.database.value("SELECT count(*) FROM runners") == 0


@pytest.mark.parametrize(
    ("column", "value"), [("glance", "{}"), ("glance", "no JSON"), ("title", None), ("runner", "x")]
)
def test_what_no_page_could_show_is_refused(library, tmp_path, column, value):
    out = io.BytesIO()
    glance = msgspec.json.encode(GLANCE).decode()
    row = {"id": 1, "runner": 1, "title": "t", "taken": "", "view": "x", "glance": glance, "headway": "", "created": ""}
    with zipfile.ZipFile(out, "w") as file:
        held = {"form": 1, "runner": {"name": "A", "created": ""}, "tables": {"analyses": [row | {column: value}]}}
        file.writestr("headway-runner.json", json.dumps(held))
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    if column == "runner":  # is given anew
        assert import_runner(library, tmp_path / "a.zip", "a.zip") == 1
        return
    with pytest.raises(RecordingError):
        import_runner(library, tmp_path / "a.zip", "a.zip")
    assert library.database.value("SELECT count(*) FROM runners") == 0


def test_a_note_is_kept_beside_what_it_is_about_and_deleted(inside):
    state, client = inside
    runner = add_runner(state.library, RunnerForm("A", None, None, None))
    number = _analysis(state.library, runner, "2026-01-01", 0.02)
    form = {"about": f"analysis {number}", "text": "new shoes\n<b>red</b>", "back": f"/analyses/{number}"}
    assert client.post(f"/runners/{runner}/notes", data=form).headers["location"] == f"/analyses/{number}"
    text = client.get(f"/analyses/{number}").text
    assert "new shoes" in text
    assert "&lt;b&gt;red" in text
    assert "new shoes" not in client.get(f"/runners/{runner}").text
    assert client.post(f"/runners/{runner}/notes", data=form | {"about": "x"}).status_code == 404
    client.post("/notes/1/delete", data={"back": "/"})
    assert "new shoes" not in client.get(f"/analyses/{number}").text


def test_the_first_page_is_there_at_once_with_500_analyses(inside):
    state, client = inside
    runner = add_runner(state.library, RunnerForm("A", None, None, None))
    with state.library.database.together():
        for number in range(500):
            _analysis(state.library, runner, f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}", 0.02)
    client.get("/")
    best = min(_timed(client, "/") for _ in range(3))
    assert best < 0.3
    assert len(re.findall('href="/analyses/', client.get("/").text)) < 20


def _timed(client, path):
    begun = time.process_time()
    assert client.get(path).status_code == 200
    return time.process_time() - begun


@pytest.mark.parametrize(("low", "high"), [(0.0171, 0.0229), (-0.013, -0.009), (163.0, 170.0), (0.0, 0.0), (5.0, 5.0)])
def test_the_marks_of_a_trend_are_round_and_inside(library, low, high):
    from headway.app.trend_picture import BOTTOM, HIGH, TOP, draw
    from headway.app.units import Units

    runner = add_runner(library, RunnerForm("A", None, None, None))
    for day, value in (("2026-01-01", low), ("2026-02-01", high)):
        _analysis(library, runner, day, value)
    drawn = draw(trend(library, runner, "lateral_bounce_amplitude", "rear"), Units("metric"))
    assert 3 <= len(drawn.ticks) <= 9
    heights = [height for height, _ in drawn.ticks] + [point.y for point in drawn.points]
    assert all(TOP <= height <= HIGH - BOTTOM for height in heights)
    words = [float(words.replace("−", "-")) for _, words in drawn.ticks]
    assert len(set(words)) == len(words)
