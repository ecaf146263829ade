"""The made inputs that are changed at random: one small file or folder of every kind, from the synthetic runner. Run once, kept in tests/corpus."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tests.fuzz.fit_file import fit_file

NAMES = ("c7", "asis_left", "asis_right", "psis_left", "psis_right", "heel_left", "heel_right", "toe_left", "toe_right")
FRAMES, RATE = 60, 60.0


def make(corpus: Path) -> None:
    """Write every made input into its folder ``corpus/TARGET/``."""
    for name, write in MADE.items():
        folder = corpus / name
        folder.mkdir(parents=True, exist_ok=True)
        write(folder)


def _walk() -> tuple[np.ndarray, np.ndarray]:
    """Times, s, and paths of nine markers, m, shape (frames, 9, 3), z up."""
    time = np.arange(FRAMES) / RATE
    phase = 2 * np.pi * 1.4 * time
    height = np.array([1.45, 1.0, 1.0, 1.02, 1.02, 0.1, 0.1, 0.08, 0.08])
    across = np.array([0.0, 0.13, -0.13, 0.05, -0.05, 0.1, -0.1, 0.1, -0.1])
    swing = np.array([0.02, 0.02, 0.02, 0.02, 0.02, 0.35, -0.35, 0.35, -0.35])
    ahead = 3.0 * time[:, None] + swing * np.sin(phase)[:, None]
    side = across + 0.01 * np.cos(phase)[:, None]
    return time, np.stack((ahead, side, height + 0.04 * np.cos(2 * phase)[:, None]), axis=2)


def _c3d(folder: Path) -> None:
    from headway.synthetic.recording import record, write
    from headway.synthetic.runner import SyntheticRunner

    made = record(SyntheticRunner(), duration=1.0, rate=50.0, force_rate=200.0)
    write(folder / "made.c3d", replace(made, points=made.points.isel(point=slice(0, 12))))


def _trc(folder: Path, flat: bool = False) -> None:
    time, positions = _walk()
    if flat:
        positions = np.stack((positions[..., 0], positions[..., 2], np.full(positions.shape[:2], 0.1)), axis=2)
    labels = (
        ("Nose", "LHip", "RHip", "LShoulder", "RShoulder", "LHeel", "RHeel", "LBigToe", "RBigToe") if flat else NAMES
    )
    head = ["PathFileType\t4\t(X/Y/Z)\tmade.trc", "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits",
            f"{RATE}\t{RATE}\t{FRAMES}\t{len(NAMES)}\tm", "Frame#\tTime\t" + "\t\t\t".join(labels) + "\t\t",
            "\t\t" + "\t".join(f"{a}{k + 1}" for k in range(len(NAMES)) for a in "XYZ")]  # fmt: skip
    rows = [
        "\t".join([str(k + 1), f"{t:.6f}", *(f"{v:.5f}" for v in row)])
        for k, (t, row) in enumerate(zip(time, positions.reshape(FRAMES, -1), strict=True))
    ]
    (folder / "made.trc").write_text("\n".join([*head, *rows]) + "\n")


def _mot(folder: Path) -> None:
    _trc(folder)
    names = [f"ground_force_{kind}{a}" for kind in "vp" for a in "xyz"] + [f"ground_torque_{a}" for a in "xyz"]
    time = np.arange(FRAMES * 2) / (2 * RATE)
    load = np.maximum(1500 * np.sin(2 * np.pi * 1.4 * time), 0)
    rows = [f"{t:.5f}\t0\t{f:.2f}\t0\t0.3\t0\t0.1\t0\t0\t0" for t, f in zip(time, load, strict=True)]
    head = [
        "made", "version=1", f"nRows={len(rows)}", "nColumns=10", "inDegrees=yes", "endheader", "\t".join(["time", *names])
    ]  # fmt: skip
    (folder / "made_grf.mot").write_text("\n".join([*head, *rows]) + "\n")


def _csv(folder: Path) -> None:
    time, positions = _walk()
    columns = {f"{name}_{a}": positions[:, k, n] for k, name in enumerate(NAMES) for n, a in enumerate("xyz")}
    pd.DataFrame({"time": time, **columns}).round(5).to_csv(folder / "made.csv", index=False)


def _sensor(seconds: float = 6.0, rate: float = 50.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    time = np.arange(int(seconds * rate)) / rate
    up = 9.81 + 8 * np.sin(2 * np.pi * 2.8 * time)
    force = np.column_stack([up, 2 * np.sin(2 * np.pi * 1.4 * time), np.cos(2 * np.pi * 2.8 * time)])
    return time, force, 0.5 * np.column_stack([np.sin(2 * np.pi * f * time) for f in (1.4, 2.8, 1.4)])


def _dot(folder: Path) -> None:
    time, force, spin = _sensor()
    columns = {"PacketCounter": np.arange(len(time)), "SampleTimeFine": np.round(time * 1e6).astype(int)}
    columns |= {f"Acc_{a}": force[:, k].round(4) for k, a in enumerate("XYZ")}
    columns |= {f"Gyr_{a}": np.degrees(spin[:, k]).round(3) for k, a in enumerate("XYZ")}
    text = "sep=,\nDeviceTag:,sacrum\nSyncStatus:,Synced\n\n" + pd.DataFrame(columns).to_csv(index=False)
    (folder / "sacrum.csv").write_text(text)


def _described(folder: Path) -> None:
    time, force, _ = _sensor()
    pd.DataFrame({"t": time, "x": force[:, 0], "y": force[:, 1], "z": force[:, 2]}).round(4).to_csv(
        folder / "t.csv", index=False
    )
    text = (
        '[[sensor]]\nfile = "t.csv"\nwhere = "sacrum"\ntime = "t"\nforce = {columns = ["x", "y", "z"], unit = "m/s2"}\n'
    )
    (folder / "made.toml").write_text(text)


def _zip(folder: Path) -> None:
    time, force, spin = _sensor()
    gravity = np.tile([9.81, 0, 0], (len(time), 1))

    def table(values: np.ndarray) -> str:
        stamps = 1_700_000_000_000_000_000 + np.round(time * 1e9).astype(np.int64)
        columns = {a: values[:, k].round(4) for k, a in enumerate("zyx")}
        return pd.DataFrame({"time": stamps, "seconds_elapsed": time, **columns}).to_csv(index=False)

    with zipfile.ZipFile(folder / "made.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Accelerometer.csv", table(gravity - force))
        archive.writestr("Gravity.csv", table(-gravity))
        archive.writestr("Gyroscope.csv", table(spin))
        archive.writestr("Metadata.csv", "version,device name,platform,standardisation\n3,phone,ios,false\n")


def _fit(folder: Path) -> None:
    fit_file(folder / "made.fit", [(1_000_000_000 + k, 3200, 84, 0, 2500, 80, 11000) for k in range(20)])


def _body(names: tuple[str, ...], shift: float) -> np.ndarray:
    """An upright body, shape (points, 3): x, y (px), confidence."""
    levels = {"nose": 0.0, "ear": 0.02, "eye": 0.02, "head": 0.0, "mouth": 0.05, "neck": 0.15, "shoulder": 0.16, "elbow": 0.3,
              "wrist": 0.4, "pinky": 0.4, "index": 0.4, "thumb": 0.4, "hip": 0.48, "knee": 0.73, "ankle": 0.95, "heel": 0.98,
              "toe": 1.0}  # fmt: skip
    side = [30.0 if name[:1] in "Rr" else -30.0 if name[:1] in "Ll" else 0.0 for name in names]
    height = [next(value for part, value in levels.items() if part in name.lower()) for name in names]
    return np.column_stack([500.0 + shift + np.array(side), 100.0 + 400.0 * np.array(height), np.full(len(names), 0.8)])


def _openpose(folder: Path) -> None:
    from headway.pose.openpose import BODY_25

    inner = folder / "made"
    inner.mkdir(exist_ok=True)
    for number in range(24):
        content = {"version": 1.3, "people": [{"pose_keypoints_2d": _body(BODY_25, 5.0 * number).ravel().tolist()}]}
        (inner / f"film_{number:012d}_keypoints.json").write_text(json.dumps(content))


def _alphapose(folder: Path) -> None:
    from headway.pose.openpose import HALPE_26

    rows = [
        {"image_id": f"{k}.jpg", "score": 2.5, "keypoints": _body(HALPE_26, 4.0 * k).ravel().tolist()}
        for k in range(20)
    ]
    (folder / "made.json").write_text(json.dumps(rows))


def _mediapipe(folder: Path) -> None:
    from headway.pose.mediapipe_files import POINTS

    frames = [
        {"frame": k, "width": 1280, "height": 720, "time": k / 60,
         "landmarks": [{"x": x / 1280, "y": y / 720, "visibility": c} for x, y, c in _body(POINTS, 3.0 * k)]}
        for k in range(16)
    ]  # fmt: skip
    (folder / "made.json").write_text(json.dumps(frames))


def _mediapipe_csv(folder: Path) -> None:
    from headway.pose.mediapipe_files import POINTS

    header = ["time", "width", "height", *(f"{name}_{value}" for name in POINTS for value in ("x", "y", "visibility"))]
    lines = [",".join(header)]
    for k in range(16):
        cells = [f"{x / 1280:.6f},{y / 720:.6f},{c}" for x, y, c in _body(POINTS, 3.0 * k)]
        lines.append(",".join([f"{k / 60:.6f}", "1280", "720", *cells]))
    (folder / "made.csv").write_text("\n".join(lines))


def _deeplabcut(folder: Path) -> None:
    names = ("nose", "left_hip", "right_hip", "left_ankle", "right_ankle")
    columns = [(name, value) for name in names for value in ("x", "y", "likelihood")]
    lines = [",".join(["scorer", *["net"] * len(columns)]), ",".join(["bodyparts", *(n for n, _ in columns)])]
    lines.append(",".join(["coords", *(v for _, v in columns)]))
    lines += [
        ",".join([str(k), *(f"{value:.4f}" for row in _body(names, 4.0 * k) for value in row)]) for k in range(20)
    ]
    (folder / "made.csv").write_text("\n".join(lines))


def _protocol(folder: Path) -> None:
    _csv(folder)
    blocks = "".join(
        f'\n[[block]]\nrecording = "made.csv"\ncondition = "{name}"\nstart = {start}\nstop = {start + 0.3}\n'
        for name, start in (("free", 0.0), ("held", 0.3), ("free", 0.6))
    )
    text = f'title = "made"\n[runner]\nheight = 1.75\n[design]\nkind = "free-held-free"\nprimary = "cadence"\n{blocks}'
    (folder / "made.toml").write_text(text)


def _manifest(folder: Path, ending: str) -> None:
    _csv(folder)
    row = {"path": "made.csv", "runner": "anna", "height": 1.68, "condition": "free"}
    if ending == "csv":
        lines = [",".join(row), ",".join(map(str, row.values()))]
        (folder / "manifest.csv").write_text("\n".join(lines))
    elif ending == "toml":
        (folder / "manifest.toml").write_text(
            "".join(
                f"[[recording]]\n{''.join(f'{k} = {json.dumps(v)}' + chr(10) for k, v in row.items())}" for _ in "a"
            )
        )
    else:
        pq.write_table(pa.Table.from_pylist([row]), folder / "manifest.parquet")


def _norms(folder: Path) -> None:
    from headway.norms import load_norms
    from headway.study.norms import save_norms

    whole = load_norms("rbds")
    few = dict(list(whole.metrics.items())[:5])
    import msgspec

    save_norms(msgspec.structs.replace(whole, metrics=few), folder / "made.json")


def _small_analysis() -> object:
    import msgspec

    from headway.analysis import Analysis, analyze
    from headway.synthetic.recording import record
    from headway.synthetic.runner import SyntheticRunner

    whole = analyze(record(SyntheticRunner(), duration=3.0, rate=100.0, force_rate=400.0))
    metrics = dict(list(whole.summary.metrics.items())[:12])
    summary = msgspec.structs.replace(whole.summary, metrics=metrics, processing=[], markers=None)
    steps, waveforms = whole.steps.iloc[:4, :8], whole.waveforms[list(whole.waveforms.data_vars)[:3]]
    curves = whole.curves[list(whole.curves.data_vars)[:1]].isel(time=slice(0, 40)) if whole.curves else whole.curves
    return Analysis(summary, steps, waveforms, {n: whole.units.get(n, "") for n in steps}, curves=curves)


def _analysis(folder: Path) -> None:
    _small_analysis().save(folder / "made", report=False, overwrite=True)


def _old_analysis(folder: Path) -> None:
    """An analysis from before there was a seal."""
    made = _small_analysis().save(folder / "made", report=False, overwrite=True)
    told = json.loads((made / "summary.json").read_text())
    del told["seal"]
    (made / "summary.json").write_text(json.dumps(told))


def _pose_cache(folder: Path) -> None:
    from headway.options import Options
    from headway.pose.cache import save_cached
    from headway.pose.keypoints import KeyPoints
    from headway.pose.shots import Shot
    from headway.recording import Flag, Processing

    pixels = np.stack([_body(("nose", "neck", "hip", "toe"), 3.0 * k)[:, :2] for k in range(20)])
    points = KeyPoints(
        time=np.arange(20) / 30, names=("nose", "neck", "hip", "toe"), pixels=pixels, confidence=np.full((20, 4), 0.8),
        size=(1280, 720), source="a.mp4", kind="mediapipe", background=np.zeros((20, 2)), film="a.mp4",
        shots=(Shot(1, 0.0, 0.6, ""),), log=(Processing("follow", {"window": (1, 2)}),), flags=(Flag("a", "info", "b"),),
    )  # fmt: skip
    save_cached("made", Options(cache=folder), points)


def _solution(folder: Path) -> None:
    from headway.body.make_skeleton import make_skeleton
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.contact import Ground
    from headway.simulation.plan import LEAD
    from headway.simulation.solution import Solution
    from headway.simulation.store import save_solution
    from headway.simulation.summary import Quality

    skeleton = make_skeleton(1.75, 70.0, "male")
    quality = Quality("Solve_Succeeded", True, 1, 1.0, 0.0, 0.0)
    empty = Solution(skeleton, CONDITIONS["free"], LEAD.cost, Ground(), 10, np.zeros(0), 1.0, 0.1, quality)
    save_solution(replace(empty, variables=np.linspace(0, 1, empty.layout.size)), folder / "solution.npz")


def _library(folder: Path) -> None:
    from headway.app.library import Library
    from headway.app.runners import RunnerForm, add_runner

    library = Library(folder / "made")
    add_runner(library, RunnerForm("Ann", 1.7, None, "female"))
    library.close()


MADE = {
    "c3d": _c3d,
    "trc": _trc,
    "mot": _mot,
    "csv": _csv,
    "dot": _dot,
    "described": _described,
    "zip": _zip,
    "fit": _fit,
    "openpose": _openpose,
    "alphapose": _alphapose,
    "mediapipe": _mediapipe,
    "mediapipe_csv": _mediapipe_csv,
    "deeplabcut": _deeplabcut,
    "sports2d": lambda folder: _trc(folder, flat=True),
    "protocol": _protocol,
    "manifest_csv": lambda folder: _manifest(folder, "csv"),
    "manifest_toml": lambda folder: _manifest(folder, "toml"),
    "manifest_parquet": lambda folder: _manifest(folder, "parquet"),
    "norms": _norms,
    "analysis": _analysis,
    "old_analysis": _old_analysis,
    "pose_cache": _pose_cache,
    "solution": _solution,
    "library": _library,
}
