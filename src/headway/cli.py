"""The command line: arguments in, messages out, no computing."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import traceback
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from headway import (
    __version__,
    cli_analyze,
    cli_app,
    cli_experiments,
    cli_export,
    cli_models,
    cli_simulate,
    cli_study,
    cli_validate,
)
from headway.apart import allowed
from headway.errors import HeadwayError, OptionError, StoppedByUser
from headway.folder import forget_places, put_in_place
from headway.machine import collect_seldom, spare_dask

UNEXPECTED, USAGE_FAULT, INPUT_FAULT, INTERRUPTED = 1, 2, 3, 130

app = App(
    name="headway",
    help="Measure how the push-off in running travels from the foot to the head.",
    version=__version__,
    help_flags=["--help", "-h"],
    suppress_keyboard_interrupt=False,  # main says that nothing was written
)


def main() -> None:
    """Run the command line; a fault a user can mend ends in one line and exit code 3, any other in one line and code 1."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    collect_seldom()
    spare_dask()
    forget_places()
    ended = _signals_as_interrupt()
    if not debug:
        warnings.simplefilter("ignore", RuntimeWarning)  # means over gaps are NaN by design
    try:
        with nullcontext() if debug else allowed():
            app([argument for argument in arguments if argument != "--debug"], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _say(f"headway: {' '.join(str(error).split())}; see headway --help")
        sys.exit(USAGE_FAULT)
    except HeadwayError as error:
        if debug:
            raise
        _say(f"headway: {error}")
        sys.exit(INPUT_FAULT)
    except KeyboardInterrupt as stop:
        _say(f"headway: interrupted; {stop if isinstance(stop, StoppedByUser) else _what_stands()}")
        sys.exit(128 + ended[0] if ended else INTERRUPTED)  # 143 after SIGTERM, 129 after SIGHUP
    except BrokenPipeError:
        _close_output()
        sys.exit(UNEXPECTED)
    except Exception as error:
        if debug:
            raise
        _say(f"headway: {_unexpected(error)}")
        sys.exit(UNEXPECTED)


def _signals_as_interrupt() -> list[int]:
    """Let a signal to end do what Ctrl-C does, tidily; returns a list that holds it once it came."""
    came: list[int] = []

    def stop(number: int, _: object) -> None:
        came.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # the work is done: no complaint of Python's own
        for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:  # a closed terminal ends as well
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, stop)
    return came


def _what_stands() -> str:
    """What an interruption left, which may come after the result was put in its place."""
    put = put_in_place()
    return (
        f"{' and '.join(str(target) for target in put)} had been written and is whole" if put else "nothing was written"
    )


def _unexpected(error: Exception) -> str:
    """A fault of Headway itself in one line: what to report."""
    if isinstance(error, MemoryError):
        return "memory does not suffice for this recording; cut it with --start and --stop, or close other programs"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "headway" in frame.filename] or frames
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    told = " ".join(str(error).split())[:100]
    what = f"{type(error).__name__}{': ' if told else ''}{told}{place}"
    return f"an unexpected fault of Headway {__version__} ({what}); please report this line, and what --debug shows beside it"


def _close_output() -> None:
    """Nobody reads what is printed: spare Python's own complaint at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


@app.command
def demo(
    *,
    out: Path = Path("headway-demo"),
    noise: float = 0.0,
    seed: int = 0,
    every: Annotated[bool, Parameter(name="--all", negative="")] = False,
    overwrite: bool = False,
    quiet: bool = False,
) -> None:
    """Analyse a synthetic runner with known truth.

    Parameters
    ----------
    out
        Folder for the report, the results and the synthetic recording itself (a C3D).
    noise
        Standard deviation of the marker noise, millimetres.
    seed
        Seed of the marker noise.
    every
        Print every measured value beside the true one.
    overwrite
        Replace an earlier analysis in the folder.
    quiet
        Print nothing.
    """
    from headway.demo import run_demo

    if not 0 <= noise <= 50:
        raise OptionError(
            "--noise", f"{noise:g} mm is not a plausible marker noise", "give millimetres between 0 and 50"
        )
    result = run_demo(out, noise=noise / 1000, seed=seed, overwrite=overwrite or out == Path("headway-demo"))
    if not quiet:
        from headway.messages import show_demo

        show_demo(result, out, every=every)


app.command(cli_analyze.analyze)


@app.command
def metrics(name: str | None = None, *, markdown: bool = False) -> None:
    """List what Headway measures, or explain one metric.

    Parameters
    ----------
    name
        Metric to explain.
    markdown
        Print all definitions as Markdown.
    """
    from headway.messages import show_metric, show_metrics

    if markdown:
        from headway.report.metric_pages import metrics_markdown

        sys.stdout.write(metrics_markdown())
    elif name is None:
        show_metrics()
    else:
        show_metric(name)


app.command(cli_experiments.experiment)
app.command(cli_experiments.compare)
app.command(cli_experiments.plan)
app.command(cli_experiments.new_protocol)
app.command(cli_study.study)
app.command(cli_study.norms)
app.command(cli_simulate.simulate)
app.command(cli_export.export)
app.command(cli_models.models)
app.command(cli_validate.validate)
app.command(cli_app.app_command)


@app.command
def film_guide() -> None:
    """Explain in ten lines how to film a runner."""
    from headway.messages import FILM_GUIDE

    sys.stdout.write(FILM_GUIDE)


@app.command
def formats() -> None:
    """List the files Headway reads and the marker sets it knows."""
    from headway.messages import show_formats

    show_formats()


@app.command
def schema(name: str = "summary") -> None:
    """Print the JSON Schema of a file that Headway writes.

    Parameters
    ----------
    name
        Which: summary, comparison, experiment, study, simulation or validation.
    """
    from headway.schemas import json_schema

    sys.stdout.write(json_schema(name) + "\n")


@app.command
def info(*, json: bool = False) -> None:
    """Print the versions of Headway and its libraries, for bug reports.

    Parameters
    ----------
    json
        As JSON, for programs.
    """
    from headway.messages import show_info

    show_info(as_json=json)


if __name__ == "__main__":
    main()
