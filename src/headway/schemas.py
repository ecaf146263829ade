"""JSON Schemas of the files that Headway publishes, made from the structs that write them."""

from __future__ import annotations

import json
from importlib import import_module

from headway.errors import OptionError

STRUCTS = {
    "summary": "headway.results:Summary",
    "comparison": "headway.comparison.result:ComparisonSummary",
    "experiment": "headway.experiments.result:ExperimentSummary",
    "study": "headway.study.summary:StudySummary",
    "simulation": "headway.simulation.summary:SimulationSummary",
    "validation": "headway.validation.claim:ValidationSummary",
}
"""What a file is called, and the struct it holds, as ``module:class``: a name that is listed costs no import."""


def json_schema(name: str) -> str:
    """JSON Schema (draft 2020-12) of a published file, as text.

    Parameters
    ----------
    name
        One of :data:`STRUCTS`.

    Raises
    ------
    OptionError
        There is no such file.

    Examples
    --------
    >>> import json
    >>> json.loads(json_schema("summary"))["$ref"]
    '#/$defs/Summary'
    """
    if name not in STRUCTS:
        raise OptionError("NAME", f"Headway publishes no file {name!r}", f"ask for one of {', '.join(STRUCTS)}")
    import msgspec

    module, _, struct = STRUCTS[name].partition(":")
    from headway.stored.seal import Seal

    schema = msgspec.json.schema(getattr(import_module(module), struct), schema_hook=_anything)
    seal = msgspec.json.schema(Seal)
    schema["$defs"] |= seal["$defs"]
    schema["$defs"][struct]["properties"]["seal"] = {"$ref": seal["$ref"]}
    return json.dumps(schema, indent=2, ensure_ascii=False)


def _anything(kind: type) -> dict[str, str]:
    """What a step of the processing was given may be of any type."""
    if kind is object:
        return {"description": "any value"}
    raise NotImplementedError
