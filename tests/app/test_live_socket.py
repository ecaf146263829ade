"""The socket of the live view: what it takes, what it refuses, who has the camera, and that it ends with the app."""

import json
import struct
from importlib.util import find_spec

import numpy as np
import pytest

sync = pytest.importorskip("websockets.sync.client", reason="the extra app is not installed")
pytestmark = pytest.mark.skipif(find_spec("mediapipe") is None, reason="mediapipe is not installed")

SMALL = 64


def jpeg() -> bytes:
    """A grey picture."""
    import av

    stream = av.CodecContext.create("mjpeg", "w")
    stream.width, stream.height, stream.pix_fmt = SMALL, SMALL, "yuvj420p"
    from fractions import Fraction

    stream.time_base = Fraction(1, 30)
    frame = av.VideoFrame.from_ndarray(np.full((SMALL, SMALL, 3), 90, np.uint8), format="rgb24")
    return bytes(stream.encode(frame.reformat(format="yuvj420p"))[0])


def connect(app, origin: str | None = None, cookie: bool = True):
    sent = {"cookie": "; ".join(f"{k}={v}" for k, v in app.client.cookies.items())} if cookie else {}
    address = app.base.replace("http", "ws") + "/live/stream"
    return sync.connect(address, origin=origin or app.base, additional_headers=sent, open_timeout=20)


def test_pictures_are_answered_and_nonsense_is_survived(start):
    app = start()
    with connect(app) as socket:
        ready = json.loads(socket.recv(timeout=120))
        assert ready["together"] >= 1 and "LEFT_EAR" in ready["names"] and len(ready["lines"]) >= 14
        for nonsense in ("text", b"", b"short", struct.pack("<d", 1.0) + b"\xff\xd8 no picture"):
            socket.send(nonsense)
        assert json.loads(socket.recv(timeout=60)) == {"busy": 1.0}, "that which looked like a picture"
        socket.send(struct.pack("<d", 2.0) + jpeg())
        found = json.loads(socket.recv(timeout=60))
        assert found["time"] == 2.0 and found["points"] == [] and found["stride"]["why"] == "nobody"
        with connect(app) as second:
            assert json.loads(second.recv(timeout=60)) == {"fault": "taken"}
        app.process.terminate()
        assert app.process.wait(30) == 0
    assert app.process.stderr.read() == ""


@pytest.mark.parametrize(("origin", "cookie"), [("http://evil.example", True), (None, False)])
def test_only_the_page_itself_may_look(app, origin: str | None, cookie: bool):
    with pytest.raises(Exception, match=r"403|rejected"):
        connect(app, origin, cookie)
