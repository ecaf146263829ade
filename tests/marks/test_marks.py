"""The marks' code, their sound, and how they are found in noise."""

from pathlib import Path

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.marks.code import LENGTH, MOST_MARKS, Mark, all_marks, sound, word
from headway.marks.film_sound import _on_clock, marks_in
from headway.marks.find import RATE, find_marks
from headway.marks.session import LEAD, session
from marks_heard import Mixture, encode, hear, mixture

from ..pose.make_film import make_film

WORDS = np.array([word(mark) for mark in all_marks()])


def test_five_of_eight_glides_may_be_lost():
    apart = (WORDS[:, None] != WORDS[None]).sum(-1)
    assert len(WORDS) == 2 * MOST_MARKS
    assert apart[~np.eye(len(WORDS), dtype=bool)].min() == 6
    with pytest.raises(ValueError, match="mark 0"):
        word(Mark(0, "start"))


def test_a_word_moved_by_places_is_no_other_word():
    for places in range(1, 6):
        same = (WORDS[:, None, places:] == WORDS[None, :, :-places]).sum(-1).max()
        assert same <= 5, "a whole word agrees in eight"


def test_the_sound_is_short_and_within_what_telephones_keep():
    power = np.mean([np.abs(np.fft.rfft(sound(mark, 44100))) ** 2 for mark in all_marks()], axis=0)
    hertz = np.fft.rfftfreq(len(sound(Mark(1, "start"), 44100)), 1 / 44100)
    assert power[(hertz > 1000) & (hertz < 6000)].sum() > 0.995 * power.sum()
    assert LENGTH <= 0.5 and np.abs(sound(Mark(7, "stop"))).max() <= 0.51


def test_marks_are_found_in_wind_music_and_steps_as_loud_as_they_are(tmp_path: Path):
    made = mixture("all", 60.0, seed=5)
    heard = hear(made, tmp_path)
    assert heard.marks == heard.found == 11
    assert heard.worst < 0.005 and heard.false == 0


def test_the_wrong_word_is_not_found_when_places_are_drowned():
    mark = Mark(9, "stop")
    random = np.random.default_rng(2)
    whole = 0.05 * random.normal(size=20 * RATE)
    whole[5 * RATE :][: len(sound(mark, RATE))] += sound(mark, RATE)
    whole[5 * RATE :][: int(0.16 * RATE)] = random.normal(size=int(0.16 * RATE))  # three glides under a clap
    assert [one.mark for one in find_marks([whole.astype(np.float32)])] == [mark]


def test_a_runner_who_carries_the_sound_away_shifts_it_and_is_heard():
    """Doppler of 6 m/s: all frequencies 1.75 % lower, the mark as much longer."""
    mark, played = Mark(3, "start"), sound(Mark(3, "start"), RATE)
    lower = np.interp(np.arange(int(len(played) * 1.0175)) / 1.0175, np.arange(len(played)), played)
    whole = 0.1 * np.random.default_rng(1).normal(size=20 * RATE)
    whole[4 * RATE :][: len(lower)] += lower
    (one,) = find_marks([whole.astype(np.float32)])
    assert one.mark == mark and one.time == pytest.approx(4.0, abs=0.01)


def test_the_pieces_in_which_sound_arrives_do_not_matter():
    made = mixture("steps", 40.0, seed=3)
    whole = made.sound[:: 44100 // RATE].astype(np.float32)  # only the cutting is looked at
    once = find_marks([whole])
    assert find_marks(np.array_split(whole, 97)) == once
    silent = [np.zeros(0, np.float32), np.zeros(RATE, np.float32)]
    assert find_marks(silent) == find_marks([]) == []


def test_a_session_counts_in_and_marks_every_block(tmp_path: Path):
    blocks = [(1, 0.0, 6.0), (2, 12.0, 18.0)]
    samples = session(blocks)
    faster = np.interp(np.arange(0, len(samples), 16000 / 44100), np.arange(len(samples)), samples)
    heard = marks_in(encode(tmp_path / "led.m4a", faster))
    expected = [(Mark(n, edge), LEAD + at) for n, a, b in blocks for edge, at in (("start", a - LENGTH), ("stop", b))]
    assert [one.mark for one in heard] == [mark for mark, _ in expected]
    assert [one.time for one in heard] == pytest.approx([at for _, at in expected], abs=0.005)


def test_a_film_without_sound_is_told(tmp_path: Path):
    with pytest.raises(RecordingError, match="has no sound"):
        marks_in(make_film(tmp_path / "mute.mp4"))
    with pytest.raises(RecordingError, match="no such file"):
        marks_in(tmp_path / "none.mp4")


def test_a_mixture_has_the_level_that_it_states():
    quiet, loud = (mixture("wind", 20.0, seed=4, level=level) for level in (-60.0, 0.0))
    assert isinstance(loud, Mixture)
    at, _ = loud.marks[0]
    part = slice(int(at * 44100), int((at + LENGTH) * 44100))
    added = (loud.sound - quiet.sound)[part]
    assert added.std() == pytest.approx(1.0, rel=0.02)


def test_a_faint_mark_is_heard_beside_a_loud_one():
    whole = np.zeros(30 * RATE, np.float32)
    for at, mark, loud in ((4, Mark(1, "start"), 1.0), (9, Mark(1, "stop"), 0.05)):
        whole[at * RATE :][: len(sound(mark, RATE))] += loud * sound(mark, RATE)
    assert [one.mark for one in find_marks([whole])] == [Mark(1, "start"), Mark(1, "stop")]


def test_a_stamp_of_the_year_3000_is_no_silence_of_a_thousand_years():
    pieces = [(0.0, np.ones(8)), (3e10, np.ones(8)), (None, np.ones(8))]
    assert sum(len(one) for one in _on_clock(iter(pieces), 0.0)) == 24
