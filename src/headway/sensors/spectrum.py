"""How much of each frequency passes from sacrum to head: transfer function, coherence, attenuation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline
from scipy.signal import welch

from headway.recording import FloatArray
from headway.sensors.run import Run, SensorTrack

COHERENT = 0.8
"""Coherence below which the transfer function is not shown."""
BANDS = ((3.0, 8.0), (9.0, 20.0))
"""Hz: the active and the impact part of the running spectrum, a later convention after Shorten and Winslow 1992."""
SPREAD = 2.5
"""A band needs this many times its upper end as sampling rate."""
PIECE, MINIMUM = 14, 4.0
"""Steps of a stretch that makes one value, and its shortest length, s."""


def transfer(run: Run) -> xr.Dataset:
    """Transfer function from sacrum to head at the stride's harmonics.

    Returns
    -------
    Dims ``harmonic, axis``: ``transfer_gain`` (1), ``transfer_phase`` (rad, - = head later), ``transfer_coherence`` (1), with ``transfer_frequency``
    (Hz). Gain and phase are NaN where the coherence over strides is below 0.8.

    Notes
    -----
    H(f) = S_HD,PV / S_PV,PV of acceleration (definition D26), spectra as means over strides of the products of their harmonics. Sideways the stride
    frequency and its odd multiples carry it, upward and forward the step frequency.
    """
    sacrum, head = run.tracks["sacrum"].harmonics, run.tracks["head"].harmonics
    count = min(sacrum.shape[1], head.shape[1])
    there = np.isfinite(sacrum[:, 0, 1]) & np.isfinite(head[:, 0, 1])
    mine, theirs = sacrum[there, :count, :3], head[there, :count, :3]
    cross = (theirs * np.conj(mine)).mean(0)
    power, other = (np.abs(mine) ** 2).mean(0), (np.abs(theirs) ** 2).mean(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        coherence = np.abs(cross) ** 2 / (power * other)
        ratio = np.where(coherence > COHERENT, cross / power, np.nan)
    phase = np.where(np.isfinite(ratio), -np.angle(ratio), np.nan)
    if not all(run.tracks[where].facing.front_known for where in ("sacrum", "head")):
        phase[:, [0, 2]] = np.nan
    frequency = np.arange(1, count + 1) * float(np.median(run.strides.frequency)) / (2 * np.pi)
    dims = ("harmonic", "axis")
    return xr.Dataset(
        {
            "transfer_gain": (dims, np.abs(ratio), {"units": "1"}),
            "transfer_phase": (dims, phase, {"units": "rad"}),
            "transfer_coherence": (dims, coherence, {"units": "1"}),
            "transfer_frequency": ("harmonic", frequency, {"units": "Hz"}),
        },
        coords={"harmonic": np.arange(1, count + 1), "axis": ["forward", "up", "right"]},
    )


@lru_cache(maxsize=1)
def attenuations(run: Run) -> dict[tuple[float, float], FloatArray]:
    """Attenuation of every band in stretches of some five seconds, dB, given to the first stride of each, shape (strides,)."""
    strides = run.strides
    out = {band: np.full(len(strides), np.nan) for band in BANDS}
    for bout in np.unique(strides.bout):
        own = np.flatnonzero(strides.bout == bout)
        for piece in np.array_split(own, max(len(own) // PIECE, 1)):
            start, stop = float(strides.start[piece[0]]), float(strides.stop[piece[-1]])
            head, sacrum = (_band_powers(run.tracks[where], start, stop) for where in ("head", "sacrum"))
            for k, band in enumerate(BANDS):
                if min(head[k], sacrum[k]) > 0:
                    out[band][piece[0]] = 10 * np.log10(head[k] / sacrum[k])
    return out


def carries(track: SensorTrack, high: float) -> bool:
    """Whether a sensor samples fast enough for a band up to this frequency, Hz."""
    return track.rate >= SPREAD * high * 0.98


def _band_powers(track: SensorTrack, start: float, stop: float) -> list[float]:
    """Power of the vertical acceleration in each band, (m/s²)²; 0 where there is a gap or too little."""
    level = track.level
    begin, end = np.searchsorted(level.time, [start, stop]).tolist()
    time = level.time[begin:end]
    if len(time) < 16 or stop - start < MINIMUM or np.diff(time).max() > 0.1:
        return [0.0] * len(BANDS)
    even = np.arange(time[0], time[-1], 1.0 / level.rate)
    values = CubicSpline(time, level.acceleration[begin:end, 1])(even)
    frequency, density = welch(values, level.rate, nperseg=min(len(even), int(4 * level.rate)))
    inside = [(frequency >= low) & (frequency <= high) for low, high in BANDS]
    return [float(np.trapezoid(density[band], frequency[band])) for band in inside]
