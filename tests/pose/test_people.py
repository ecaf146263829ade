"""The runner among several people: linking, choosing, never jumping."""

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.pose.people import choose, link, numbered

RATE = 30.0


def walkers(*people, frames=120, rate=RATE, jitter=3.0, seed=0, unseen=None):
    """Detections of people (x, y, size as functions of time), in shuffled order, and who each one is."""
    random = np.random.default_rng(seed)
    time = np.arange(frames) / rate
    places, sizes, who = [], [], []
    for frame, t in enumerate(time):
        order = [k for k in random.permutation(len(people)) if unseen is None or not unseen(k, frame)]
        states = np.array([[f(t) for f in people[k]] for k in order]).reshape(-1, 3)
        states[:, :2] += jitter * random.standard_normal((len(order), 2))
        places.append(states[:, :2])
        sizes.append(states[:, 2] * np.exp(0.05 * random.standard_normal(len(order))))
        who.append(order)
    return time, places, sizes, who


def identities(track, who):
    return {int(who[f][d]) for f, d in zip(track.frames, track.detections, strict=True)}


def person(x0, speed, size, y=500.0, bounce=10.0):
    return (lambda t: x0 + speed * t), (lambda t: y + bounce * np.sin(17 * t)), (lambda t: size)


@pytest.mark.parametrize("seed", range(8))
def test_crossing_people_keep_their_identity(seed):
    people = person(100, 400, 400), person(1700, -380, 310)
    time, places, sizes, who = walkers(*people, seed=seed)
    tracks = [track for track in link(time, places, sizes) if len(track.frames) > 5]
    assert len(tracks) == 2
    assert all(len(identities(track, who)) == 1 for track in tracks)
    assert all(len(track.frames) == len(time) for track in tracks)
    runner = choose(tracks, where="film", time=time, person=None)
    assert identities(runner, who) == {0}


@pytest.mark.parametrize("seed", range(4))
def test_crossing_with_the_far_one_hidden(seed):
    people = person(100, 400, 410), person(1700, -380, 310)
    hidden = range(55, 68)  # they meet at frame 61
    time, places, sizes, who = walkers(*people, seed=seed, unseen=lambda k, f: k == 1 and f in hidden)
    tracks = [track for track in link(time, places, sizes) if len(track.frames) > 5]
    assert len(tracks) == 2
    assert all(len(identities(track, who)) == 1 for track in tracks)


def test_overtaking_slowly_keeps_identity():
    people = person(300, 60, 400), person(250, 100, 300, y=470.0)
    time, places, sizes, who = walkers(*people, jitter=2.0)
    tracks = [track for track in link(time, places, sizes) if len(track.frames) > 5]
    assert all(len(identities(track, who)) == 1 for track in tracks)


def test_gap_is_bridged_and_long_gap_is_not():
    one = person(100, 300, 400)
    time, places, sizes, _ = walkers(one, unseen=lambda k, f: 40 <= f < 55)
    assert len(link(time, places, sizes)) == 1
    time, places, sizes, _ = walkers(one, unseen=lambda k, f: 40 <= f < 75)
    assert len(link(time, places, sizes)) == 2


def test_runner_lost_is_not_replaced_by_the_bystander():
    runner, bystander = person(100, 300, 400), person(900, 0, 380, bounce=0.0)
    time, places, sizes, who = walkers(runner, bystander, unseen=lambda k, f: k == 0 and f >= 70)
    tracks = link(time, places, sizes)
    assert all(len(identities(track, who)) == 1 for track in tracks)


def test_two_equal_people_need_a_choice():
    people = person(300, 0, 400), person(1500, 0, 400)
    time, places, sizes, who = walkers(*people)
    tracks = link(time, places, sizes)
    with pytest.raises(RecordingError, match="--person") as fault:
        choose(tracks, where="film", time=time)
    assert "left" in str(fault.value) and "right" in str(fault.value) and "\n" not in str(fault.value)
    assert identities(choose(tracks, where="film", time=time, person=1), who) == {0}
    assert identities(choose(tracks, where="film", time=time, person=2), who) == {1}
    with pytest.raises(RecordingError, match="no person 3"):
        choose(tracks, where="film", time=time, person=3)


def test_spectators_have_no_number():
    people = person(300, 300, 500), person(1500, 0, 40), person(1600, 0, 45)
    time, places, sizes, _ = walkers(*people)
    assert len(numbered(link(time, places, sizes))) == 1


def test_nobody():
    empty = [np.zeros((0, 2))] * 30, [np.zeros(0)] * 30
    with pytest.raises(RecordingError, match="no person"):
        choose(link(np.arange(30) / 30, *empty), where="film", time=np.arange(30) / 30)
