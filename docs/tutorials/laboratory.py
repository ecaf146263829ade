"""From a laboratory's file to a figure, a table and OpenSim: python docs/tutorials/laboratory.py RECORDING OUT."""

import sys
from pathlib import Path

import headway

recording, out = sys.argv[1], Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)

analysis = headway.analyze(recording)  # options: headway.Options(height=1.75, forces=...)
print(analysis)  # ten lines; a table in a notebook

curves, stride = analysis.waveforms, analysis.waveforms["cycle"]
knee = curves["joint_moment"].sel(joint="knee", turn="flexion", side="right")
axes = analysis.plot_curves("knee_moment")
axes.figure.savefig(out / "knee_moment.png", dpi=120)

# the head's forward velocity over stance beside the knee's moment over the stride, right side
velocity = curves["velocity"].sel(body_point="head", axis="forward", side="right")
print(f"largest extension moment of the knee at {float(stride[knee.argmin()]):.0f} % of the stride")
print(f"the head gains {float(velocity.max() - velocity.min()):.2f} m/s forward within stance")

analysis.to_frame().to_csv(out / "metrics.csv", index=False)  # tidy: metric, side, value, low, high, unit, status
analysis.export(["trc", "mot", "sto"], out / "opensim")
