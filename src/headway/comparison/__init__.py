"""Two runners, or one runner twice, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.comparison.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for, so that the command line's options stay light."""
    if name not in __all__:
        raise AttributeError(f"module 'headway.comparison' has no attribute {name!r}")
    from headway.comparison import comparison

    return getattr(comparison, name)
