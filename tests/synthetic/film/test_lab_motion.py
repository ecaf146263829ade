"""Laboratory runs as motions to be drawn."""

import numpy as np

from headway.synthetic.film.lab_motion import LabMotion


def test_a_measured_run_stands_on_the_ground_in_contact_and_its_contacts_are_the_plates(data):
    motion = LabMotion(data / "rbds" / "RBDS010runT35.c3d", "RBDS010", 1.75, 3.5)
    contacts = motion.contacts(5.0, 9.0)
    assert [one.side for one in contacts[::2]] == [contacts[0].side] * len(contacts[::2])
    assert 0.19 < np.mean([one.duration for one in contacts]) < 0.26
    for contact in contacts:
        pose = motion.at(np.linspace(contact.at(0.35), contact.at(0.45), 10))
        ball = pose.points[f"ball_{contact.side}"]
        assert np.abs(ball[:, 1]).max() < 0.012
        pace = np.ptp(ball[:, 0]) / (0.1 * contact.duration)
        assert abs(pace - motion.speed) < 0.25 * motion.speed
        for side in ("left", "right"):
            knee = pose.points[f"knee_{side}"]
            thigh = np.linalg.norm(knee - pose.points[f"hip_{side}"], axis=1)
            assert np.ptp(thigh) < 0.005
