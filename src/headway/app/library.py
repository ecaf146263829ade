"""A library: the folder with the database and with the files of all runners."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from headway.app.database import Database
from headway.errors import HeadwayError


def default_folder() -> Path:
    """Where a library lies unless another folder is named."""
    from platformdirs import user_data_path

    return user_data_path("headway", appauthor=False) / "library"


def now() -> str:
    """The moment as the library writes it (UTC, whole seconds)."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> str:
    """The day as the library writes it."""
    return datetime.now().astimezone().strftime("%Y-%m-%d")


class Library:
    """One library, held by one app at a time.

    Parameters
    ----------
    folder
        Made when it is not there.

    Raises
    ------
    HeadwayError
        It cannot be written, is open in another app, or a newer Headway wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            for name in ("runners", "uploads"):
                (self.folder / name).mkdir(exist_ok=True)
            self._lock = FileLock(self.folder / "lock")
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise HeadwayError(str(folder), "is open in another Headway app", "use that one, or end it") from error
        except OSError as error:
            what = f"cannot be written ({error.strerror or error})"
            raise HeadwayError(str(folder), what, "name another folder with --library") from error
        self.database = Database(self.folder / "headway.db")
        self._clear_drafts()

    def _clear_drafts(self) -> None:
        """Remove what a killed app left half written."""
        for draft in self.folder.glob("runners/*/*/.*-*"):
            shutil.rmtree(draft, ignore_errors=True)
        for left in self.folder.glob(".export-*"):
            left.unlink(missing_ok=True)

    def runner(self, runner: int) -> Path:
        """Folder of all files of a runner."""
        return self.folder / "runners" / str(runner)

    def recording(self, runner: int, recording: int) -> Path:
        """Folder of the files of a recording, and of what was found in them."""
        return self.runner(runner) / "recordings" / str(recording)

    def analysis(self, runner: int, analysis: int) -> Path:
        """Folder that ``Analysis.save`` wrote."""
        return self.runner(runner) / "analyses" / str(analysis)

    def experiment(self, runner: int, experiment: int) -> Path:
        """Folder that ``Experiment.save`` wrote."""
        return self.runner(runner) / "experiments" / str(experiment)

    def comparison(self, runner: int, comparison: int) -> Path:
        """Folder that ``Comparison.save`` wrote."""
        return self.runner(runner) / "comparisons" / str(comparison)

    def upload(self, upload: int) -> Path:
        """File of an upload, whole or not."""
        return self.folder / "uploads" / f"{upload}.part"

    def setting(self, name: str) -> str | None:
        """What was chosen."""
        found = self.database.value("SELECT value FROM settings WHERE name = ?", name)
        return None if found is None else str(found)

    def choose(self, name: str, value: str) -> None:
        """Keep a choice."""
        self.database.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    def close(self) -> None:
        """Let another app open it."""
        self.database.close()
        self._lock.release()
