"""Bad protocols end in one line with the place in the file."""

from pathlib import Path

import pytest

from headway.errors import HeadwayError, RecordingError
from headway.experiments.commands import new_protocol_command
from headway.experiments.read_protocol import load_protocol
from headway.experiments.template import TEMPLATE


def fault(folder: Path, text: str) -> str:
    (folder / "run.c3d").write_text("")
    path = folder / "protocol.toml"
    path.write_text(text)
    with pytest.raises(RecordingError) as caught:
        load_protocol(path)
    said = str(caught.value)
    assert "\n" not in said and said.startswith(str(path))
    return said.removeprefix(str(path))


def test_the_template_is_valid(tmp_path: Path):
    path = new_protocol_command(tmp_path / "protocol.toml")
    (tmp_path / "run.c3d").write_text("")
    found = load_protocol(path)
    assert [block.condition for block in found.block] == ["free", "held", "free"]
    assert [block.order for block in found.block] == [1, 2, 3]
    assert found.tested == "held" and found.design.settle == 10
    with pytest.raises(HeadwayError, match="exists"):
        new_protocol_command(path)


BAD = {
    "unknown condition": (
        'condition = "held"',
        'condition = "hold"',
        "line 45, block 2, condition: invalid enum value 'hold'; choose from free, held",
    ),
    "rating": ("legs_feet_stress = 3", "legs_feet_stress = 11", "line 40, block 1, felt.legs_feet_stress"),
    "overlap": ('"1:00"', '"0:40"', "line 46, block 2, start: overlaps block 1 in run.c3d"),
    "missing file": ('"run.c3d"', '"rn.c3d"', "line 34, block 1, recording: rn.c3d does not exist"),
    "two primaries": (
        'primary = "contact_time"',
        'primary = ["contact_time", "speed"]',
        "line 15, design.primary: two primary outcomes",
    ),
    "metric": ('primary = "contact_time"', 'primary = "contact_tim"', "did you mean contact_time?"),
    "syntax": ("[design]", "[design", "TOML syntax: "),
    "unknown field": ('stop = "1:50"', "stopp = 3", "line 47, block 2, stopp: stopp is not known here"),
    "no time": ('stop = "1:50"', 'stop = "soon"', "line 47, block 2, stop: 'soon' is no time"),
    "backwards": ('stop = "1:50"', 'stop = "0:55"', "line 47, block 2, stop: 55 s is not after the start"),
    "design": ('kind = "free-held-free"', 'kind = "aba"', "line 14, design.kind"),
    "no design": ('kind = "free-held-free"', "", "design: kind is missing"),
    "centimetres": ("# height = 1.72", "height = 172", "line 9, runner.height: 172 m is not a body height"),
    "no pairs": ('kind = "free-held-free"', 'kind = "pairs"', "block 1, pair: no pair number"),
    "speed": ("# speed = 3.0 ", "speed = 30.0 ", "line 38, block 1, speed"),
    "nobody held": ('condition = "held"', 'condition = "free"', "design.kind: no block has the tested condition"),
}


@pytest.mark.parametrize("case", BAD)
def test_one_line_with_the_place(tmp_path: Path, case: str):
    before, after, told = BAD[case]
    assert before in TEMPLATE
    assert told in fault(tmp_path, TEMPLATE.replace(before, after))


def test_not_a_file_and_not_a_text(tmp_path: Path):
    with pytest.raises(RecordingError, match="cannot be read"):
        load_protocol(tmp_path / "none.toml")
    (tmp_path / "film.toml").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(RecordingError, match="not a text file"):
        load_protocol(tmp_path / "film.toml")
