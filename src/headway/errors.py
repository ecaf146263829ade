"""Faults a user can cause, each told in one line: what, where, what to do."""

LONGEST = 800
"""Characters of what is wrong, and of what to do; where it is may be a path of any length."""


class HeadwayError(Exception):
    """Something about the input that the user can mend.

    Parameters
    ----------
    where
        The file, option or point the fault is in.
    what
        What is wrong there, with the value found.
    remedy
        What to do about it.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        self.where = _shown(where)
        self.what, self.remedy = (_bounded(_shown(text)) for text in (what, remedy))
        super().__init__(f"{self.where}: {self.what}; {self.remedy}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Faults come back from other processes."""
        return type(self), (self.where, self.what, self.remedy)


def _shown(text: str) -> str:
    """Text of one line that can be written: bytes of a file name that are no text become question marks."""
    return " ".join(text.encode("utf-8", "replace").decode().splitlines())


def _bounded(text: str) -> str:
    """Text without its middle where it is longer than anybody reads, as the name of a damaged column can be."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}…{text[-half:]}"


class RecordingError(HeadwayError):
    """A recording that cannot be read or cannot be used."""


class StoppedByUser(KeyboardInterrupt):
    """Ctrl-C, or a signal to end, in a work that keeps what was finished: the message says what, and how to go on."""


class OptionError(HeadwayError):
    """An option whose value cannot be right."""
