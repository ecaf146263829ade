"""Faults a user can cause, each told in one line: what, where, what to do."""


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
        self.where, self.what, self.remedy = (_shown(text) for text in (where, what, remedy))
        super().__init__(f"{self.where}: {self.what}; {self.remedy}")


def _shown(text: str) -> str:
    """Text of one line that can be written: bytes of a file name that are no text become question marks."""
    return " ".join(text.encode("utf-8", "replace").decode().splitlines())


class RecordingError(HeadwayError):
    """A recording that cannot be read or cannot be used."""


class StoppedByUser(KeyboardInterrupt):
    """Ctrl-C, or a signal to end, in a work that keeps what was finished: the message says what, and how to go on."""


class OptionError(HeadwayError):
    """An option whose value cannot be right."""
