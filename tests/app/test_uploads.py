"""Files come in: in pieces, resumed, named by the server."""

import json

import pytest

from headway.app.uploads import server_name, shown_name

EVIL = [
    "../../etc/passwd",
    "..\\..\\x.mp4",
    "/abs/film.mp4",
    "C:\\film.mp4",
    "a\0b.mp4",
    "…/…",
    ".hidden",
    "con.mp4",
    "x" * 300 + ".mov",
    "ф.mp4",
    "",
]


@pytest.mark.parametrize("name", EVIL)
def test_a_file_is_named_by_the_server(name):
    made = server_name(name)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert ".." not in made
    assert not made.startswith(".")
    assert len(made) <= 46
    assert "/" not in shown_name(name)


def _announce(client, name="film.mp4", size=10):
    return client.post("/uploads", content=json.dumps({"name": name, "size": size}))


def test_an_upload_that_broke_off_goes_on_where_it_ended(inside):
    state, client = inside
    first = _announce(client).json()
    assert client.patch(f"/uploads/{first['id']}?offset=0", content=b"01234").json()["received"] == 5
    again = _announce(client).json()
    assert (again["id"], again["received"]) == (first["id"], 5)
    assert client.patch(f"/uploads/{first['id']}?offset=5", content=b"56789").json()["received"] == 10
    assert state.library.upload(first["id"]).read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    ("offset", "piece", "status"), [(3, b"x", 409), (0, b"x" * 11, 413), ("-1", b"x", 400), ("a", b"x", 400)]
)
def test_a_piece_that_does_not_continue_is_refused(inside, offset, piece, status):
    _, client = inside
    number = _announce(client).json()["id"]
    assert client.patch(f"/uploads/{number}?offset={offset}", content=piece).status_code == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": "a", "size": 0}, 400),
        ({"name": "a", "size": -1}, 400),
        ({"name": 1}, 400),
        ({"name": "a", "size": 5 * 2**30}, 413),
    ],
)
def test_a_file_that_cannot_be_is_refused(inside, said, status):
    _, client = inside
    assert client.post("/uploads", content=json.dumps(said)).status_code == status


def test_an_upload_that_is_not_whole_makes_no_recording(inside):
    state, client = inside
    number = _announce(client).json()["id"]
    answer = client.post("/recordings", data={"uploads": str(number), "runner": "new", "name": "A"})
    assert answer.status_code == 422
    assert state.library.database.value("SELECT count(*) FROM recordings") == 0


@pytest.mark.parametrize(
    "given", [{"height": "178"}, {"height": "tall"}, {"name": " "}, {"taken": "yesterday"}, {"start": "soon"}]
)
def test_what_cannot_be_right_is_told_and_nothing_is_lost(inside, given):
    state, client = inside
    number = _announce(client, size=1).json()["id"]
    client.patch(f"/uploads/{number}?offset=0", content=b"x")
    form = {"uploads": str(number), "runner": "new", "name": "A"} | given
    answer = client.post("/recordings", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert state.library.upload(number).read_bytes() == b"x"


def test_a_deleted_upload_is_gone(inside):
    state, client = inside
    number = _announce(client).json()["id"]
    assert client.delete(f"/uploads/{number}").status_code == 204
    assert not state.library.upload(number).exists()
