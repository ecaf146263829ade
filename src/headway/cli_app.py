"""The command line for the app in the browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from headway.errors import RecordingError

app_command = App(name="app", help="Open Headway as a page in your browser; everything stays on this computer.")


@app_command.default
def run(
    *,
    library: Path | None = None,
    port: int = 0,
    browser: bool = True,
    demo: Annotated[bool, Parameter(negative="")] = False,
    lan: Annotated[bool, Parameter(negative="")] = False,
    lan_address: str | None = None,
) -> None:
    """Open Headway as a page in your browser; everything stays on this computer.

    Prints the address of the page. Ctrl-C ends it; what it was working on goes on with the next start.

    Parameters
    ----------
    library
        Folder for runners, recordings and results; one in your user's data folder otherwise.
    port
        Port on this computer; 0 takes a free one.
    browser
        Open the page in the browser.
    demo
        Show a library of a synthetic runner instead of your own.
    lan
        Also open an upload page for your own phone in the network at home; it shows a code to scan and closes itself.
    lan_address
        Address of this computer for that page; found otherwise.
    """
    try:
        from headway.app.serve import ServeOptions, serve
    except ImportError as error:
        what = f"the package {error.name} is missing"
        raise RecordingError("headway app", what, 'install headway with the extra "app"') from error
    serve(ServeOptions(library=library, port=port, browser=browser, demo=demo, lan=lan, lan_address=lan_address))


@app_command.command
def install() -> None:
    """Put the app into the start menu of this computer."""
    from headway.app.install import install as write

    sys.stdout.write(f"{write()}\n")
