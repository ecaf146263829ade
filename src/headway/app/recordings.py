"""Recordings: the files of one run of a runner, what was said of them, and what the first look found."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from headway.app.check import Checked, CheckedFile, CheckRequest
from headway.app.library import Library, now, today
from headway.app.uploads import Upload
from headway.options import PLACES

LONGEST_TITLE = 120
SEEN_WITH = ("start", "stop", "slow_motion", "view", "rate")
"""Options that change what the first look sees."""


class KeptFile(msgspec.Struct, frozen=True):
    """A file of a recording: the sender's name, the library's, and what it holds.

    Its ``role`` is ``standing``, ``unused``, where a sensor was worn, or empty for the run itself.
    """

    id: int
    recording: int
    name: str
    file: str
    size: int
    holds: str | None
    role: str


class KeptRecording(msgspec.Struct, frozen=True):
    """A recording of the library.

    Attributes
    ----------
    id, runner, title, taken
        Number, whose it is, its name, the day of the run.
    options
        What was said of it, as it was written (JSON).
    checked
        What the first look found (JSON of :class:`headway.app.check.Checked`).
    reference
        Whether it is kept to compare others with.
    created
        When it came into the library.
    """

    id: int
    runner: int
    title: str
    taken: str
    options: str
    checked: str | None
    reference: bool
    created: str

    @property
    def said(self) -> dict[str, str]:
        """What was said of it."""
        return msgspec.json.decode(self.options, type=dict[str, str])

    @property
    def found(self) -> Checked | None:
        """What the first look found."""
        return None if self.checked is None else msgspec.json.decode(self.checked, type=Checked)


def add_recording(
    library: Library,
    runner: int,
    uploads: list[Upload],
    *,
    title: str = "",
    taken: str = "",
    said: dict[str, str] | None = None,
    reference: bool = False,
) -> int:
    """Make uploads a recording of a runner; returns its number.

    Parameters
    ----------
    title, taken
        Name and day; those of the first file otherwise.
    said
        Options as they were written.
    reference
        Whether it is kept to compare others with.
    """
    database, first = library.database, uploads[0]
    with database.together():
        number = database.insert(
            "recordings",
            runner=runner,
            title=" ".join(title.split())[:LONGEST_TITLE] or first.name.rpartition(".")[0] or first.name,
            taken=taken or first.taken or today(),
            options=msgspec.json.encode(said or {}).decode(),
            reference=int(reference),
            created=now(),
        )
        folder = files_folder(library, runner, number)
        folder.mkdir(parents=True)
        for place, one in enumerate(uploads, 1):
            name = f"{place}-{one.file}"
            database.insert("files", recording=number, name=one.name, file=name, size=one.size)
            shutil.move(library.upload(one.id), folder / name)
            database.run("DELETE FROM uploads WHERE id = ?", one.id)
    return number


def files_folder(library: Library, runner: int, recording: int) -> Path:
    """Folder of the files themselves."""
    return library.recording(runner, recording) / "files"


def recording_of(library: Library, number: int) -> KeptRecording | None:
    """One recording."""
    return library.database.row(KeptRecording, "SELECT * FROM recordings WHERE id = ?", number)


def recordings_of(library: Library, runner: int) -> list[KeptRecording]:
    """Those of a runner, newest first."""
    return library.database.rows(
        KeptRecording, "SELECT * FROM recordings WHERE runner = ? ORDER BY taken DESC, id DESC", runner
    )


def files_of(library: Library, recording: int) -> list[KeptFile]:
    """Files of a recording, in their order."""
    return library.database.rows(KeptFile, "SELECT * FROM files WHERE recording = ? ORDER BY id", recording)


def say(library: Library, recording: int, said: dict[str, str]) -> None:
    """Keep what was said of a recording."""
    library.database.run(
        "UPDATE recordings SET options = ? WHERE id = ?", msgspec.json.encode(said).decode(), recording
    )


def check_request(library: Library, recording: KeptRecording) -> CheckRequest:
    """What the first look needs."""
    folder = files_folder(library, recording.runner, recording.id)
    height = library.database.value("SELECT height FROM runners WHERE id = ?", recording.runner)
    return CheckRequest(
        recording=recording.id,
        files=[
            CheckedFile(one.id, str(folder / one.file), one.role if one.role in PLACES else "")
            for one in files_of(library, recording.id)
        ],
        height=height if isinstance(height, float) else None,
        said={name: text for name, text in recording.said.items() if name in SEEN_WITH},
        cache=str(cache_folder(library, recording.runner, recording.id)),
    )


def cache_folder(library: Library, runner: int, recording: int) -> Path:
    """Folder of what was found in the pictures: it goes when the recording goes."""
    return library.recording(runner, recording) / "cache"


def draft_folder(library: Library, runner: int, recording: int) -> Path:
    """Where the analysis of a recording is written until it is whole."""
    return library.runner(runner) / "analyses" / f".draft-{recording}"


def keep_check(library: Library, _: object, found: Checked) -> int:
    """Keep what the first look found; returns the recording's number."""
    database = library.database
    with database.together():
        database.run(
            "UPDATE recordings SET checked = ? WHERE id = ?", msgspec.json.encode(found).decode(), found.recording
        )
        for one in found.files:
            database.run("UPDATE files SET holds = ? WHERE id = ?", one.holds, one.id)
            if one.standing:
                database.run("UPDATE files SET role = 'standing' WHERE id = ? AND role = ''", one.id)
    return found.recording


def split_recording(library: Library, recording: KeptRecording) -> list[int]:
    """Make a recording of every file but the first; returns the numbers of all."""
    database, numbers = library.database, [recording.id]
    with database.together():
        for place, one in enumerate(files_of(library, recording.id)):
            if place == 0:
                continue
            number = database.insert(
                "recordings", runner=recording.runner, title=one.name.rpartition(".")[0] or one.name,
                taken=recording.taken, options=recording.options, reference=int(recording.reference), created=now(),
            )  # fmt: skip
            folder = files_folder(library, recording.runner, number)
            folder.mkdir(parents=True)
            shutil.move(files_folder(library, recording.runner, recording.id) / one.file, folder / one.file)
            database.run("UPDATE files SET recording = ? WHERE id = ?", number, one.id)
            numbers.append(number)
    return numbers


def delete_recording(library: Library, recording: KeptRecording) -> None:
    """Delete the files and all that was found in them; analyses stay."""
    library.database.run("DELETE FROM recordings WHERE id = ?", recording.id)
    shutil.rmtree(library.recording(recording.runner, recording.id), ignore_errors=True)
    shutil.rmtree(draft_folder(library, recording.runner, recording.id), ignore_errors=True)
    library.database.forget()
