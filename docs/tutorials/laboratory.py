"""From a laboratory's file to a figure, a table and OpenSim: python docs/tutorials/laboratory.py RECORDING OUT."""

import sys
from pathlib import Path

import headway

recording, out = sys.argv[1], Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)

analysis = headway.analyze(recording)  # options: headway.Options(height=1.75, forces=...)
print(analysis)  # ten lines; a table in a notebook

axes = analysis.plot_curves("knee_moment")  # over the stride, left and right
axes.figure.savefig(out / "knee_moment.png", dpi=120)

# the knee's moment against the head's forward velocity, over stance, right side
curves = analysis.waveforms.sel(side="right")
velocity = curves["velocity"].sel(body_point="head", axis="forward")
knee = curves["joint_moment"].sel(joint="knee", turn="flexion")
knee = knee.interp(cycle=velocity["stance"] * analysis["duty_factor"].value)  # stance is the first part of the stride
axes.clear()
axes.plot(velocity, knee)
axes.set(xlabel="forward velocity of the head (m/s, mean removed)", ylabel="moment of the knee (N·m, + flexing)")
axes.figure.savefig(out / "knee_and_head.png", dpi=120)
print(f"the head gains {float(velocity.max() - velocity.min()):.2f} m/s forward within stance")

analysis.to_frame().to_csv(out / "metrics.csv", index=False)  # tidy: metric, side, value, low, high, unit, status
analysis.export(["trc", "mot", "sto", "osim"], out / "opensim")
