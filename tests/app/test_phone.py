"""The door for a phone: a code that works once, uploads that go on, and nothing else."""

import json

import pytest


@pytest.fixture
def door(inside):
    """State, the door, and a phone that has come in."""
    from starlette.testclient import TestClient

    from headway.app.guard import Pass
    from headway.app.phone import make_phone_app
    from headway.app.phone_door import PhoneDoor

    state, _ = inside
    made = PhoneDoor("192.168.1.2", 5000, Pass("code", ("192.168.1.2:5000",), once=True))
    state.door = made
    app = make_phone_app(state, made)

    def phone(**more):
        return TestClient(
            app,
            base_url="http://192.168.1.2:5000",
            headers={"origin": "http://192.168.1.2:5000", **more},
            follow_redirects=False,
        )

    return state, made, phone


def test_the_code_works_once(door):
    _, made, phone = door
    first, second = phone(), phone()
    assert first.get("/?token=code").status_code == 303
    assert first.get("/").status_code == 200
    assert second.get("/?token=code").status_code == 403
    assert second.get("/").status_code == 401
    assert made.address is None
    made.renew()
    assert second.get(made.address.removeprefix("http://192.168.1.2:5000")).status_code == 303


def test_a_phone_sees_nothing_of_the_library(door):
    _, _, phone = door
    one = phone()
    one.get("/?token=code")
    for path in (
        "/runners",
        "/add",
        "/analyses/1",
        "/events",
        "/settings",
        "/static/add.js",
        "/static/../texts/en.json",
    ):
        assert one.get(path).status_code == 404
    assert one.delete("/uploads/1").status_code in (404, 405)


def test_a_phones_film_goes_on_after_it_broke_off_and_waits_on_the_computer(door, inside):
    _, _, phone = door
    one = phone(**{"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)"})
    one.get("/?token=code")
    one.get("/")
    said = json.dumps({"name": "IMG_1.MOV", "size": 6})
    number = one.post("/uploads", content=said).json()["id"]
    one.patch(f"/uploads/{number}?offset=0", content=b"abc")
    again = one.post("/uploads", content=said).json()
    assert (again["id"], again["received"]) == (number, 3)
    assert one.patch(f"/uploads/{number}?offset=3", content=b"def").json()["received"] == 6
    _, client = inside
    assert "IMG_1.MOV" in client.get("/add").text
    assert "iPhone" in client.get("/phone").text
    assert client.get("/phone/code.svg").status_code == 404  # it was used
    assert client.patch(f"/uploads/{number}?offset=6", content=b"x").status_code == 404  # it is the phone's


def test_the_door_closes_itself(door, monkeypatch):
    from headway.app import phone_door

    _, made, _ = door
    assert made.left > 0
    monkeypatch.setattr(phone_door.time, "monotonic", lambda: made.heard + phone_door.IDLE + 1)
    assert made.left == 0


def test_nothing_listens_beyond_loopback(app):
    psutil = pytest.importorskip("psutil")
    listening = [one.laddr.ip for one in psutil.Process(app.process.pid).net_connections() if one.status == "LISTEN"]
    assert listening == ["127.0.0.1"]
