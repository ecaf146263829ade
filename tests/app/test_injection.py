"""Whatever stands in the library is text on its pages."""

import pytest
from tests.hostile import EVIL, faults_of, shown

pytest.importorskip("starlette", reason="the extra app is not installed")
WHEN = "2026-01-02T03:04:05+00:00"
ROWS = {
    "runners": [{"id": 1, "name": EVIL, "height": 1.8, "sex": "female", "created": WHEN}],
    "uploads": [{"id": 1, "name": EVIL, "file": "x", "size": 5, "received": 5, "origin": EVIL, "taken": WHEN, "created": WHEN}],
    "recordings": [
        {"id": 1, "runner": 1, "title": EVIL, "taken": WHEN, "options": "{}", "checked": None, "reference": 0, "created": WHEN}
    ],
    "files": [{"id": 1, "recording": 1, "name": EVIL, "file": "x.c3d", "size": 5, "holds": "recording", "role": ""}],
    "experiments": [
        {"id": 1, "runner": 1, "title": EVIL, "taken": WHEN, "state": "planned", "plan": "", "verdict": None, "why": EVIL, "created": WHEN}
    ],
    "notes": [
        {"id": 1, "runner": 1, "about": "runner", "text": EVIL, "created": WHEN},
        {"id": 2, "runner": 1, "about": "recording 1", "text": EVIL, "created": WHEN},
    ],
    "jobs": [
        {"id": 1, "kind": "analyse", "subject": 1, "runner": 1, "request": "{}", "state": "failed", "told": EVIL, "created": WHEN, "ended": WHEN},
        {"id": 2, "kind": "experiment", "subject": 1, "runner": 1, "request": "{}", "state": "failed", "told": EVIL, "created": WHEN, "ended": WHEN},
    ],
}  # fmt: skip
PAGES = (
    "/", "/add", "/runners", "/runners/1", "/recordings/1", "/experiments/1", "/compare", "/compare?runner=1", "/drill", "/drill?runner=1",
    f"/add?runner={EVIL}", f"/drill?runner={EVIL}", f"/compare?first={EVIL}", f"/beside?first={EVIL}", f"/nowhere/{EVIL}",
)  # fmt: skip


def test_no_text_of_the_library_or_of_an_address_becomes_an_element(inside):
    state, client = inside
    for table, rows in ROWS.items():
        for row in rows:
            marks = ", ".join("?" * len(row))
            state.library.database.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())
    seen = {}
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert faults_of(answer.text) == [], path
        seen[path] = shown(answer.text)
    assert all(seen[path] for path in ("/runners", "/runners/1", "/recordings/1", "/experiments/1")), seen
