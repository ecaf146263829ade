"""How far a study is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StudyState:
    """How far a study is: recordings done now, failed, known before, in all; seconds since the start."""

    done: int
    failed: int
    before: int
    total: int
    seconds: float

    @property
    def rate(self) -> float:
        """Recordings per second."""
        return (self.done + self.failed) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the end; ``None`` before the first result."""
        waiting = self.total - self.before - self.done - self.failed
        return waiting / self.rate if self.rate > 0 else None

    @property
    def words(self) -> str:
        """Done, failed, per second, time left."""
        done = self.before + self.done + self.failed
        parts = [f"{done} of {self.total} done"]
        if self.before:
            parts.append(f"{self.before} known before")
        if self.failed:
            parts.append(f"{self.failed} failed")
        parts.append(f"{self.rate:.1f} per second" if self.rate >= 1 else f"{60 * self.rate:.1f} per minute")
        if self.left is not None:
            left = round(self.left)
            parts.append(f"{left // 3600}:{left // 60 % 60:02d}:{left % 60:02d} left")
        return ", ".join(parts)
