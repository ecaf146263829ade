"""The command line for pose models that are kept beside Headway."""

from __future__ import annotations

import sys
from pathlib import Path

from cyclopts import App

models = App(name="models", help="Pose models for films that do not come with Headway.")


@models.command
def add(path: Path) -> None:
    """Take over MediaPipe's heavy pose model, for --pose-quality best.

    Parameters
    ----------
    path
        pose_landmark_heavy.tflite, or the archive of the npm package @mediapipe/pose that holds it.
    """
    from headway.pose.best_model import add_model

    sys.stdout.write(f"{add_model(path)}: use it with --pose-quality best\n")
