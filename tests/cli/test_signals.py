"""A signal to end is an interrupt, unless the caller had it ignored."""

import os
import signal

import pytest

from headway.cli import _signals_as_interrupt


@pytest.fixture(params=[name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)])
def number(request):
    number = getattr(signal, request.param)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, number)}
    yield number
    for one, handler in before.items():
        signal.signal(one, handler)


def test_a_signal_to_end_interrupts_and_is_remembered(number):
    signal.signal(number, signal.SIG_DFL)
    came = _signals_as_interrupt()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert came == [number]


def test_an_ignored_signal_stays_ignored(number):
    signal.signal(number, signal.SIG_IGN)
    came = _signals_as_interrupt()
    os.kill(os.getpid(), number)
    assert came == []
