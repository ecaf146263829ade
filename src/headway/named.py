"""Functions that are named, not imported, because what calls them knows nothing of their room: a result does not know its page, table or plot."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def call(where: str, *arguments: object, **options: object) -> Any:
    """Call ``module:function``.

    Examples
    --------
    >>> call("math:hypot", 3.0, 4.0)
    5.0
    """
    module, _, function = where.partition(":")
    return getattr(import_module(module), function)(*arguments, **options)
