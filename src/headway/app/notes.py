"""Notes that people write beside what was measured."""

from __future__ import annotations

import msgspec

from headway.app.library import Library, now

LONGEST_NOTE = 4000


class Note(msgspec.Struct, frozen=True):
    """A note about something of a runner (``analysis 3``, ``runner``)."""

    id: int
    runner: int
    about: str
    text: str
    created: str

    @property
    def day(self) -> str:
        """When it was written."""
        return self.created[:10]


def add_note(library: Library, runner: int, about: str, text: str) -> None:
    """Keep a note; an empty one is none."""
    if text.strip():
        library.database.insert("notes", runner=runner, about=about, text=text.strip()[:LONGEST_NOTE], created=now())


def notes_about(library: Library, runner: int, about: str) -> list[Note]:
    """Notes about something, oldest first."""
    return library.database.rows(Note, "SELECT * FROM notes WHERE runner = ? AND about = ? ORDER BY id", runner, about)


def delete_note(library: Library, number: int) -> None:
    """Delete a note."""
    library.database.run("DELETE FROM notes WHERE id = ?", number)
