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
        self.where, self.what, self.remedy = where, what, remedy
        super().__init__(f"{where}: {what}; {remedy}")


class RecordingError(HeadwayError):
    """A recording that cannot be read or cannot be used."""


class OptionError(HeadwayError):
    """An option whose value cannot be right."""
