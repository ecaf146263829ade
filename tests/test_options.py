"""Options as people write them, each declared once."""

import subprocess
import sys
from pathlib import Path

import pytest

from headway import written
from headway.errors import OptionError
from headway.options import DECLARED, Options, columns, flag, from_mapping
from headway.written import NotUnderstood


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("1.75", 1.75), ("1,75", 1.75), ("1.78 m", 1.78), ("1m78", 1.78), ("178 cm", 1.78), ("178cm", 1.78), ("1780mm", 1.78),
        ("5'10\"", 1.778), ("5'10", 1.778), ("5’ 10”", 1.778), ("5ft10", 1.778), ("5 ft 10 in", 1.778), ("5 feet 10.5 inches", 1.7907),
        ("70 in", 1.778), ("6ft", 1.8288), ("6'", 1.8288), (1.75, 1.75), (2, 2.0),
    ],
)  # fmt: skip
def test_heights(text, metres):
    assert written.length(text) == pytest.approx(metres, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "kilograms"),
    [
        ("70", 70.0), ("70,5 kg", 70.5), ("70kg", 70.0), ("154 lb", 69.853), ("154lbs", 69.853), ("154 pounds", 69.853),
        ("11 st 4", 71.668), ("11st 4lb", 71.668), ("11 stone", 69.853), (80.5, 80.5),
    ],
)  # fmt: skip
def test_masses(text, kilograms):
    assert written.mass(text) == pytest.approx(kilograms, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("3.5", 3.5), ("3,5 m/s", 3.5), ("12.6 km/h", 3.5), ("12.6kmh", 3.5), ("12,6 kph", 3.5), ("8 mph", 3.57632), ("4:30/km", 3.703704),
        ("4:30 min/km", 3.703704), ("4.5/km", 3.703704), ("7:00/mile", 3.831771), ("7/mi", 3.831771), (3, 3.0),
    ],
)  # fmt: skip
def test_speeds_and_paces(text, speed):
    assert written.speed(text) == pytest.approx(speed, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7:11", 431.0), ("431", 431.0), ("431.5", 431.5), ("431,5 s", 431.5), ("1:02:03.5", 3723.5), (12, 12.0)],
)
def test_times(text, seconds):
    assert written.seconds(text) == seconds


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (written.length, "tall"), (written.length, "1.75 kg"), (written.length, "5'10''x"), (written.length, "1.7.5"), (written.length, ""),
        (written.mass, "70 m"), (written.mass, "1,234.5"), (written.mass, "inf"), (written.mass, True), (written.speed, "4:30"),
        (written.speed, "0:00/km"), (written.speed, "3.5 kg"), (written.seconds, "soon"), (written.seconds, "-3"), (written.seconds, "1:2:3:4"),
        (written.whole, "1.5"), (written.sex, "x"), (written.truth, "perhaps"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_in_one_line(read, text):
    with pytest.raises(NotUnderstood) as fault:
        read(text)
    assert "\n" not in str(fault.value) and fault.value.remedy


def test_a_table_of_a_manifest_or_protocol_becomes_options(tmp_path: Path):
    said = {
        "height": "5'10\"",
        "mass": "154 lb",
        "sex": "F",
        "speed": "4:30/km",
        "start": "7:11",
        "stop": 440,
        "treadmill": "yes",
    }
    found = from_mapping({**said, "standing": "still.c3d", "rate": "", "view": None}, folder=tmp_path)
    assert found.height == pytest.approx(1.778) and found.mass == pytest.approx(69.85, abs=0.01)
    assert (found.sex, found.start, found.stop, found.treadmill) == ("female", 431.0, 440.0, True)
    assert found.standing == tmp_path / "still.c3d"
    assert found.given() == [name for name in columns() if name in said or name == "standing"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"height": 178}, r"line 3, height: 178 m is not a body height; .*did you mean 1\.78"),
        ({"rate": "0"}, "line 3, rate: 0 frames per second; give the real frame rate"),
        ({"start": 10, "stop": "5"}, r"line 3, stop: 5 s is not after the start \(10 s\)"),
        ({"view": "top"}, "line 3, view: 'top' is unknown; give one of side, rear, front"),
        ({"age": 3}, "line 3, age: is not known; known are height"),
        ({"cutoff": 500}, "line 3, cutoff: 500 Hz is not a usable cut-off"),
    ],
)
def test_a_fault_names_the_option_and_its_place(said, message):
    with pytest.raises(OptionError, match=message):
        from_mapping(said, lambda name: f"line 3, {name}")


def test_every_option_that_a_user_can_give_has_a_sentence_and_values_from_programs_are_bounded_too():
    assert all(option.help.endswith(".") for option in DECLARED.values())
    assert flag("slow_motion", "b-") == "--b-slow-motion"
    with pytest.raises(OptionError, match="--window: 5 s is not a usable window"):
        Options(window=5.0)


def test_the_declaration_is_light():
    code = "import sys, headway.options, headway.sources; sys.exit(bool({'numpy', 'cyclopts', 'msgspec'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_text_given_in_python_is_read_as_people_write_it():
    options = Options(forces="grf.mot", standing="standing.trc", cache="kept", height="5'10\"", start="7:11")
    assert (options.forces, options.standing, options.cache) == (Path("grf.mot"), Path("standing.trc"), Path("kept"))
    assert options.height == pytest.approx(1.778) and options.start == 431.0
    with pytest.raises(OptionError, match="--height"):
        Options(height="tall")
