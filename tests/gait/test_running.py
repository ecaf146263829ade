"""What is no running is refused by what it is."""

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.gait.running import check_running


def test_a_rate_at_which_nobody_runs_is_told_by_its_steps():
    class Steps:
        initial_contact = np.arange(8) * 0.143
        next_contact = np.arange(1, 9) * 0.143

        def __len__(self) -> int:
            return 8

    with pytest.raises(RecordingError, match=r"follow each other at 420 per minute.*check the frame rate"):
        check_running("run.csv", None, Steps(), None, None)
