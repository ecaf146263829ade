"""Write what is known beforehand of the noise of steps: ``src/headway/data/step_noise.json``.

``python benchmarks/fit_step_noise.py ../shared/data`` measures every trial of Fukuchi 2017 (19 runners; the other shared recordings are too short).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import msgspec

from headway.validation.step_noise import FEWEST_STEPS, Carried, Noise, noise_of, table_of
from headway.validation.step_series import all_series

OUT = Path(__file__).parents[1] / "src/headway/data/step_noise.json"


def main(folder: Path) -> None:
    """Measure, fit, write."""
    trials: dict[Carried, list[Noise]] = defaultdict(list)
    for one in all_series(folder, FEWEST_STEPS):
        trials[one.carried].append(noise_of(one))
    OUT.write_bytes(msgspec.json.format(msgspec.json.encode(table_of(trials)), indent=1) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
