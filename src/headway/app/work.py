"""What a worker process is given to do, and the kinds of work there are."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import msgspec

from headway.app.told import told
from headway.errors import HeadwayError
from headway.workers import Tell

MEMORY = 6_000_000_000
"""Bytes that the data of one worker may take."""
SECONDS = 7200.0
"""Longest time for one job."""


@dataclass(frozen=True)
class Kind:
    """A kind of work.

    Attributes
    ----------
    work
        Called in a worker process with its request (a struct whose type is ``request``) and what to report progress to, as (done, expected);
        returns a struct of type ``result``.  It writes files into the folder that the request names, and never into the database.
    done
        Called in the server with the library, the job and the result; returns the number of what was made, or ``None``.
    request, result
        Types, as ``module:name``.
    quick
        Whether it takes seconds: such work does not wait behind long work.
    """

    work: str
    done: str
    request: str
    result: str
    quick: bool = False


KINDS: dict[str, Kind] = {
    "check": Kind(
        work="headway.app.check:check",
        done="headway.app.recordings:keep_check",
        request="headway.app.check:CheckRequest",
        result="headway.app.check:Checked",
        quick=True,
    ),
    "analyse": Kind(
        work="headway.app.analyse:analyse",
        done="headway.app.analyses:keep_analysis",
        request="headway.app.analyse:AnalyseRequest",
        result="headway.app.analyse:AnalysisFound",
    ),
    "experiment": Kind(
        work="headway.app.experiments:run_experiment",
        done="headway.app.experiments:keep_experiment",
        request="headway.app.experiments:ExperimentRequest",
        result="headway.app.experiments:ExperimentFound",
    ),
    "compare": Kind(
        work="headway.app.comparisons:run_compare",
        done="headway.app.comparisons:keep_compare",
        request="headway.app.comparisons:CompareRequest",
        result="headway.app.comparisons:CompareFound",
        quick=True,
    ),
    "demo": Kind(
        work="headway.app.demo:make_demo",
        done="headway.app.demo:keep_demo",
        request="headway.app.demo:DemoRequest",
        result="headway.app.demo:DemoFound",
    ),
}
"""By name; the one place where a kind of work is added."""


class Given(msgspec.Struct, frozen=True):
    """A job as it is sent to a worker process."""

    kind: str
    request: str


class Found(msgspec.Struct, frozen=True):
    """What came back: the result as JSON, or the fault in words."""

    result: bytes = b""
    fault: str = ""
    remedy: str = ""


def named(place: str) -> Any:
    """What ``module:name`` stands for."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def limit_memory() -> None:
    """Let an allocation fail rather than the computer; systems without such a limit go without."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        if sys.platform.startswith("linux"):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def work(given: Given, tell: Tell) -> Found:
    """Do a job; whatever fails is told in one line."""
    kind = KINDS[given.kind]
    warnings.simplefilter("ignore", RuntimeWarning)  # means over gaps are NaN by design
    request = msgspec.json.decode(given.request, type=named(kind.request))
    do: Callable[[Any, Tell], Any] = named(kind.work)
    try:
        return Found(msgspec.json.encode(do(request, tell)))
    except HeadwayError as fault:
        return Found(fault=told(fault.what), remedy=told(fault.remedy))
    except MemoryError:
        return Found(fault=f"more than {MEMORY / 1e9:g} GB of memory would be needed", remedy="choose a shorter part")
    except Exception as fault:  # told on the page of the job; the worker goes on
        return Found(fault=f"{type(fault).__name__}: {fault}")
