"""The published form of every result can be printed, and names what its file holds."""

import json

import pytest

from headway.errors import OptionError
from headway.schemas import STRUCTS, json_schema


@pytest.mark.parametrize("name", STRUCTS)
def test_every_published_file_has_a_schema(name: str):
    schema = json.loads(json_schema(name))
    own = schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    assert own["type"] == "object"
    assert {"schema", "headway"} <= own["properties"].keys()


def test_a_metric_is_one_of_three_kinds():
    kinds = json.loads(json_schema("summary"))["$defs"]["Summary"]["properties"]["metrics"]["additionalProperties"]
    assert set(kinds["discriminator"]["mapping"]) == {"measured", "estimated", "not_measurable"}
    assert kinds["discriminator"]["propertyName"] == "status"


def test_an_unknown_file_is_one_line():
    with pytest.raises(OptionError, match="publishes no file"):
        json_schema("nothing")
