"""Blocks of an experiment, each analysed like any recording and reduced to block means with their noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from msgspec import structs

from headway.analysis import Analysis, analyze
from headway.analysis.thresholds import raised
from headway.camera.filmed import filmed
from headway.errors import HeadwayError, RecordingError
from headway.experiments import noise
from headway.experiments.protocol import Block, Protocol, lines_of
from headway.experiments.statistics import BlockMean, quantile
from headway.gait.prepare import prepare
from headway.gait.runner import LEG_SHARE, Runner
from headway.gait.trial import Trial
from headway.metrics import REGISTRY
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.part import part
from headway.recording import FloatArray, Recording
from headway.results import Value
from headway.sensors.recording import SensorRecording
from headway.sources import load, load_recording
from headway.statistics import freedom

Data = Recording | KeyPoints | SensorRecording
FEWEST_STEPS = 10
"""Steps below which a block is refused."""
FEWEST_AT_A_SPEED = 4
"""The same for a point of a speed series, where the blocks' own spread makes the interval."""
WANTED_STEPS = 30
NEAR_HIP = 0.15
"""Wrist to hip joint as a share of stature up to which the hand is on the hip."""
HANDS = ("hands_on_hips", "lean", "release_neck", "hands_off", "keep")
"""Conditions whose check or description needs to know where the hands are."""


@dataclass(frozen=True)
class MeasuredBlock:
    """One block with its analysis.

    Attributes
    ----------
    index
        Place in the protocol file, from 0.
    block
        As declared.
    analysis
        Of its part of the recording.
    speed
        Declared, else measured, m/s; NaN when unknown.
    hands
        Share of the time with both wrists at the hip joints; ``None`` when it was not looked at or cannot be told.
    means
        Block mean of every metric that was measured.
    """

    index: int
    block: Block
    analysis: Analysis
    speed: float
    hands: float | None
    means: dict[str, BlockMean] = field(default_factory=dict)

    @property
    def order(self) -> int:
        """Place in time."""
        return self.block.order or self.index + 1

    @property
    def name(self) -> str:
        """Phase or condition in words."""
        return self.block.phase or self.block.condition.replace("_", " ")

    @property
    def steps(self) -> int:
        """Steps analysed."""
        return len(self.analysis.steps)


def measure(protocol: Protocol, source: Path) -> list[MeasuredBlock]:
    """Analyse every block, in order of time; a recording is loaded once however many blocks it holds.

    Raises
    ------
    RecordingError
        A block cannot be analysed or holds fewer than ``FEWEST_STEPS`` steps (``FEWEST_AT_A_SPEED``); with its place in the protocol.
    """
    loaded: dict[tuple[str, Options], Data] = {}
    found = []
    for k, block in enumerate(protocol.block):
        try:
            key = block.recording, replace(block.options, start=None, stop=None, speed=None)
            if key not in loaded:
                loaded[key] = load(source.parent / block.recording, key[1])
            found.append(_measured(k, block, loaded[key], protocol.design.settle))
        except HeadwayError as error:
            where = f"{_place(source, k)} ({block.condition}), {Path(error.where).name}"
            raise RecordingError(where, error.what, error.remedy) from error
    for k, threshold in raised([one.analysis for one in found]).items():
        block = found[k].block
        if block.options.threshold is None:
            again = structs.replace(block, options=replace(block.options, threshold=threshold))
            key = block.recording, replace(block.options, start=None, stop=None, speed=None)
            found[k] = replace(_measured(k, again, loaded[key], protocol.design.settle), block=block)
    return with_means(sorted(found, key=lambda one: one.order))


def _place(source: Path, index: int) -> str:
    line = lines_of(source.read_text(encoding="utf-8")).get(("block", index))
    return f"{source}{'' if line is None else f' line {line}'}, block {index + 1}"


def _measured(k: int, block: Block, recording: Data, settle: float) -> MeasuredBlock:
    options = block.options
    runner = Runner.of(options)
    if isinstance(recording, KeyPoints):
        cut = _part(recording, options, settle)
        recording, options = filmed(cut, runner.height, options)[0], replace(options, start=None, stop=None)
    elif settle:
        start = _first(recording) if options.start is None else options.start
        options = replace(options, start=start + settle)
    still = options.standing
    standing = None if still is None else load_recording(still, Options(subject=options.subject))
    analysis = analyze(recording, runner, options, standing=standing)
    fewest = FEWEST_AT_A_SPEED if block.condition == "speed" else FEWEST_STEPS
    if len(analysis.steps) < fewest:
        raise RecordingError(
            recording.source,
            f"{len(analysis.steps)} steps are left{f' after {settle:g} s were dropped' if settle else ''}, fewer than {fewest}",
            f"record {WANTED_STEPS} steps or more per block",
        )
    hands = None
    if block.condition in HANDS and isinstance(recording, Recording):
        hands = hands_share(prepare(recording, runner, options, standing)[0])
    speed = analysis.summary.recording.speed
    return MeasuredBlock(k, block, analysis, float("nan") if speed is None else speed, hands)


def _part(points: KeyPoints, options: Options, settle: float) -> KeyPoints:
    """The block's part, given on the film's own clock, less the seconds of real time that are dropped at its beginning."""
    slow = options.slow_motion or points.slow_motion
    start, stop = (None if end is None else end / slow for end in (options.start, options.stop))
    if settle:
        start = (float(points.time[0]) if start is None else start) + settle
    return part(points, start, stop)


def _first(recording: Recording | SensorRecording) -> float:
    """Beginning of a recording, s."""
    if isinstance(recording, SensorRecording):
        return float(min(one.time[0] for one in recording.sensors))
    return float(recording.time[0])


def hands_share(trial: Trial) -> float | None:
    """Share of the frames with both wrists within ``NEAR_HIP`` statures of the hip joints; ``None`` when they are not marked."""
    motion = trial.motion
    if not motion.has("wrist_left", "wrist_right", "hip_left", "hip_right"):
        return None
    stature = trial.runner.height or trial.leg_length / LEG_SHARE
    apart = [
        np.linalg.norm((motion.position(f"wrist_{side}") - motion.position(f"hip_{side}"))[:, trial.seen_axes], axis=1)
        for side in ("left", "right")
    ]
    seen = np.isfinite(apart).all(0)
    if not seen.any() or not np.isfinite(stature):
        return None
    return float((np.max(apart, axis=0)[seen] <= NEAR_HIP * stature).mean())


def with_means(blocks: Sequence[MeasuredBlock]) -> list[MeasuredBlock]:
    """Add the block means; the autocorrelation of each metric is pooled over all blocks."""
    for name, definition in REGISTRY.items():
        carried = [(one, entry) for one in blocks if isinstance(entry := one.analysis.summary.metrics.get(name), Value)]
        stepwise = definition.kind in ("mean", "amplitude")
        residuals = {one.index: _residual(one, name) for one, _ in carried} if stepwise else {}
        rho = pooled([r for r in residuals.values() if len(r) >= FEWEST_STEPS])
        reference = None
        for one, entry in carried:
            value = entry.value
            if definition.kind == "phase":
                reference = value if reference is None else reference
                value = reference + float(np.angle(np.exp(1j * (value - reference))))
            residual = residuals.get(one.index)
            if residual is not None and len(residual) >= FEWEST_STEPS:
                n = len(residual)
                variance, left = float(noise.mean_variance(residual, rho)), noise.freedom(n)
            else:
                n = entry.n
                variance, left = _from_interval(entry.ci95, n)
            one.means[name] = BlockMean(value, variance, left, float(one.order), n)
    return list(blocks)


def _residual(one: MeasuredBlock, name: str) -> FloatArray:
    steps = one.analysis.steps
    if name not in steps:
        return np.empty(0)
    return noise.centred(steps[name].to_numpy(float), np.where(steps["side"] == "right", 1.0, -1.0))


def pooled(residuals: Sequence[FloatArray]) -> float:
    """Lag-one correlation over blocks of residuals; 0 without any."""
    if not residuals:
        return 0.0
    sums = np.array([noise.lag_sums(residual) for residual in residuals]).sum(0)
    return float(noise.correlation(sums[0], sums[1], np.mean([len(residual) for residual in residuals])))


def _from_interval(interval: Sequence[float] | None, n: int) -> tuple[float, float]:
    """Variance and degrees of freedom of a block mean from its 95 % interval."""
    left = freedom(n)
    if interval is None:
        return float("nan"), left
    return ((interval[1] - interval[0]) / 2 / float(quantile(left))) ** 2, left
