"""Runners: their height, mass and sex as people write them, kept once."""

from __future__ import annotations

import shutil

import msgspec

from headway import options
from headway.app.library import Library, now
from headway.errors import OptionError
from headway.options import Options, Sex

LONGEST_NAME = 80


class KeptRunner(msgspec.Struct, frozen=True):
    """A runner of the library: m, kg."""

    id: int
    name: str
    height: float | None
    mass: float | None
    sex: Sex | None
    created: str

    @property
    def options(self) -> Options:
        """What is said of every recording of theirs."""
        return Options(height=self.height, mass=self.mass, sex=self.sex)


class RunnerForm(msgspec.Struct, frozen=True):
    """What was written into the form."""

    name: str
    height: float | None
    mass: float | None
    sex: Sex | None


def read_runner(given: dict[str, str]) -> RunnerForm:
    """A runner from what was written.

    Raises
    ------
    OptionError
        A quantity that cannot be right, or no name.
    """
    name = " ".join(given.get("name", "").split())[:LONGEST_NAME]
    if not name:
        raise OptionError("name", "is empty", "write a name")
    said = options.from_mapping({key: given.get(key, "") for key in ("height", "mass", "sex")}, lambda field: field)
    return RunnerForm(name, said.height, said.mass, said.sex)


def add_runner(library: Library, form: RunnerForm) -> int:
    """Keep a new runner."""
    return library.database.insert("runners", **msgspec.structs.asdict(form), created=now())


def change_runner(library: Library, runner: int, form: RunnerForm) -> None:
    """Keep what was changed."""
    library.database.run(
        "UPDATE runners SET name = ?, height = ?, mass = ?, sex = ? WHERE id = ?",
        form.name, form.height, form.mass, form.sex, runner,
    )  # fmt: skip


def runner_of(library: Library, runner: int) -> KeptRunner | None:
    """One runner."""
    return library.database.row(KeptRunner, "SELECT * FROM runners WHERE id = ?", runner)


def all_runners(library: Library) -> list[KeptRunner]:
    """All of them, by name."""
    return library.database.rows(KeptRunner, "SELECT * FROM runners ORDER BY name COLLATE NOCASE, id")


def delete_runner(library: Library, runner: int) -> None:
    """Delete a runner with everything of theirs, rows and files."""
    library.database.run("DELETE FROM runners WHERE id = ?", runner)
    shutil.rmtree(library.runner(runner), ignore_errors=True)
    library.database.forget()
