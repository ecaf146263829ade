"""Parameters of the command line, made from the declaration of options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, fields, make_dataclass
from functools import partial
from typing import Annotated, Any, get_type_hints

from cyclopts import Parameter
from cyclopts.token import Token

from headway.options import DECLARED, Options, check_part, flag, read

SWITCHES = ("body", "same_clock", "swap_sides")
"""Options without a form that begins with ``--no-``."""
USAGE = ("sex",)
"""A wrong word for them is a fault of usage, as for every option with choices."""


class GivenOptions:
    """What was said about one recording on the command line; fields are those of ``Options``."""

    prefix = ""

    @property
    def options(self) -> Options:
        """As options."""
        values = {name: getattr(self, name) for name in DECLARED}
        check_part(values["start"], values["stop"], flag("stop", self.prefix))
        return Options(**values)


def parameters(*prefixes: str, group: str = "") -> type[GivenOptions]:
    """Make the dataclass from which the command line takes the options of one recording.

    Parameters
    ----------
    prefixes
        How the options are prefixed, each giving a name to every option: ``""``, ``"a-"``.
    group
        Heading over all of them; without one, the groups of the declaration.
    """
    hints, defaults = get_type_hints(Options), {one.name: one.default for one in fields(Options)}
    columns = []
    for name, option in DECLARED.items():
        parameter = Parameter(
            name=[flag(name, prefix) for prefix in prefixes],
            help=option.help,
            group=group or option.group,
            converter=None if hints[name] is bool else partial(_convert, name),
            negative="" if name in SWITCHES else None,
        )
        columns.append((name, Annotated[hints[name], parameter], field(default=defaults[name])))
    own = {"prefix": prefixes[0]}
    made = make_dataclass("GivenOptions", columns, bases=(GivenOptions,), namespace=own, frozen=True, kw_only=True)
    made.__module__ = __name__  # else it passes for a type of the language, whose fields are not looked at
    return made


def _convert(name: str, kind: Any, tokens: Sequence[Token]) -> Any:
    """The value of one option, told under the name that was used."""
    token = tokens[0]
    if name not in USAGE:
        return read(name, token.value, token.keyword or flag(name))
    try:
        return DECLARED[name].read(token.value)
    except ValueError as fault:
        raise ValueError(f"{token.keyword}: {fault}") from None
