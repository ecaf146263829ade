"""Four rendered films for tests, as MP4 with their truth beside them: ``python benchmarks/render_examples.py [--out FOLDER]``."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from headway.synthetic.film.mesh import rest_body
from headway.synthetic.film.motion import SyntheticMotion
from headway.synthetic.film.sample import sample_film
from headway.synthetic.film.scene import RenderedScene
from headway.synthetic.film.skin import Skin
from headway.synthetic.film.write import write_film
from headway.synthetic.parameters import RunnerParameters, Wave
from headway.synthetic.runner import SyntheticRunner
from render_set import OUT, metric_truth

EASY = RunnerParameters(speed=3.2, cadence=166.0, contact_time=0.25, head_lateral=Wave(0.025, -20.0))
LIMPING = RunnerParameters(
    speed=3.6, cadence=172.0, contact_time=0.235, contact_time_asymmetry=8.0, height=1.68, sex="female"
)
QUICK = RunnerParameters(speed=4.4, cadence=178.0, contact_time=0.205, height=1.82)

Shots = list[tuple[RenderedScene, RunnerParameters]]


def examples() -> dict[str, Shots]:
    """Name to shots."""
    looks = [sample_film(number).scene for number in (500, 511, 522, 533)]

    def scene(k: int, azimuth: float, **camera: object) -> RenderedScene:
        lens = replace(
            looks[k].camera, azimuth=azimuth, distance=5.0, size=(720, 1280), zoom=1.0, aim=(0.95, 0.0), focal=1900.0
        )
        lens = replace(lens, **{"carriage": "fixed", "shake": 0.0, "exposure": 1 / 250, **camera})  # type: ignore[arg-type]
        back = replace(looks[k].backdrop, distance=12.0)
        return replace(looks[k], camera=lens, backdrop=back, ground="treadmill", duration=5.0, start=0.0)

    alongside = replace(scene(2, 90.0, rate=30.0, carriage="following", shake=0.25), ground="overground")
    slow = replace(scene(3, -90.0, rate=120.0), slowed=4.0, duration=1.5)
    return {
        "rear_treadmill_30": [(scene(0, 0.0, rate=30.0), EASY)],
        "left_treadmill_60_limp_8": [(scene(1, -90.0, rate=60.0), LIMPING)],
        "right_alongside_30": [(alongside, QUICK)],
        "two_shots_second_slowed_4": [(replace(scene(3, -90.0, rate=30.0), duration=3.0), EASY), (slow, EASY)],
    }


def main() -> None:
    """Render them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=OUT / "examples")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, shots in examples().items():
        if (out / f"{name}.json").is_file():
            continue
        runs = [(scene, SyntheticMotion(SyntheticRunner(parameters))) for scene, parameters in shots]
        write_film(out / f"{name}.mp4", runs)
        told = []
        for scene, motion in runs:
            skin = Skin(rest_body(scene.body), motion.height, motion.foot_scale)
            truth = metric_truth(skin, motion, scene.start, scene.duration)
            contacts = motion.contacts(scene.start, scene.start + scene.duration)
            told.append(
                {
                    "height": motion.height, "view": scene.view, "ground": scene.ground, "rate": scene.camera.rate, "slowed": scene.slowed,
                    "duration": scene.duration, "contacts": [[one.side, one.initial_contact, one.toe_off] for one in contacts],
                    "truth": {key: [value.value, value.left, value.right] for key, value in truth.items()},
                }
            )  # fmt: skip
        (out / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
