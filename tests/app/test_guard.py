"""Who may ask, from where, and how much."""

import json
import socket

import pytest

PATHS = (
    "/",
    "/runners",
    "/add",
    "/static/app.css",
    "/report.css",
    "/events",
    "/nothing",
    "/analyses/1/report",
    "/phone/code.svg",
)


@pytest.fixture
def bare(inside):
    """A client without the cookie."""
    _, client = inside
    client.cookies.clear()
    return client


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_every_path_is_refused(bare, path):
    assert bare.get(path).status_code == 401


@pytest.mark.parametrize("token", ["", "wrong", "secreT", "secret%00", "é"])
def test_a_wrong_token_is_refused(bare, token):
    assert bare.get(f"/?token={token}").status_code in (401, 403)
    assert "set-cookie" not in bare.get(f"/?token={token}").headers


def test_the_token_gives_a_cookie_that_no_script_and_no_other_site_sees_and_leaves_the_address(bare):
    answer = bare.get("/runners?token=secret&view=side")
    assert (answer.status_code, answer.headers["location"]) == (303, "/runners?view=side")
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in answer.headers["set-cookie"].split(";")}


@pytest.mark.parametrize("path", ["//evil.example/?token=secret", "/\\evil.example?token=secret"])
def test_the_token_leads_to_no_other_site(bare, path):
    location = bare.get(f"http://testserver{path}").headers.get("location", "/")
    assert not location.startswith(("//", "/\\", "http"))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "testserver.evil.example", ""])
def test_a_foreign_host_is_refused(inside, host):
    _, client = inside
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://testserver", "http://testserver:81"])
def test_a_foreign_origin_is_refused(inside, origin):
    _, client = inside
    assert client.post("/runners", data={"name": "A"}, headers={"origin": origin}).status_code == 403
    assert client.get("/events", headers={"origin": origin}).status_code == 403


def test_cookies_of_other_programs_on_this_computer_do_no_harm(inside):
    _, client = inside
    own = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    client.cookies.clear()
    for foreign in ('bad[name=1; a"b=c', "_xsrf=2|a|b; x y=z", "a=\x01"):
        assert client.get("/", headers={"cookie": f"{foreign}; {own}"}).status_code == 200


def test_a_form_without_an_origin_is_refused(inside):
    state, client = inside
    del client.headers["origin"]
    assert client.post("/runners", data={"name": "A"}).status_code == 403
    assert state.library.database.value("SELECT count(*) FROM runners") == 0


def test_a_page_may_run_nothing_but_our_own_files(inside):
    _, client = inside
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_report_has_no_right_to_the_app(inside):
    from headway.app.shell import report

    policy = report("<script>1</script>").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


def test_a_form_that_claims_or_is_too_much_is_refused(inside):
    _, client = inside
    assert client.post("/runners", content=b"x" * 2_000_000).status_code == 413
    assert client.post("/runners", content=iter([b"x" * 600_000, b"x" * 600_000])).status_code == 413


def test_a_claim_of_five_gigabytes_is_refused_before_a_byte_is_read(app):
    said = json.dumps({"name": "a.mp4", "size": 5 * 10**9})
    assert app.client.post("/uploads", content=said).status_code == 413
    host, _, port = app.base.removeprefix("http://").partition(":")
    cookie = "; ".join(f"{name}={value}" for name, value in app.client.cookies.items())
    head = f"PATCH /uploads/1?offset=0 HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {app.base}\r\n"
    head += f"Cookie: {cookie}\r\nContent-Length: 5000000000\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_script_in_a_name_stays_text(inside):
    _, client = inside
    client.post("/runners", data={"name": "<script>alert(1)</script>"})
    for path in ("/runners", "/runners/1", "/add"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
