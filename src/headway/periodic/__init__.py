"""What repeats with every stride as a harmonic series: its basis, fit, values, derivatives, frequency and phase.

One basis and one sign everywhere: the n-th harmonic is ``Re(c_n exp(-i n phase))``, that is ``Re(c_n) cos(n phase) + Im(c_n) sin(n phase)``.
Its size is ``|c_n|`` (half of peak to peak) and it is greatest at the phase arg(c_n)/n: a larger angle is **later**. Signal b lags a by
``arg(c_b conj(c_a)) / n`` of the stride's phase, + = b later. Harmonics count from 1 and lie along the first axis unless said otherwise.
"""

from headway.periodic.design import HalfWaves, spline
from headway.periodic.frequency import Frequency, find_frequency, lock_in, peak, periodogram
from headway.periodic.series import (
    IntArray,
    SeriesFit,
    fit_series,
    phasors_of,
    robust_weights,
    stride_phasors,
    time_derivative,
    waveform,
    waves,
)

__all__ = [
    "Frequency",
    "HalfWaves",
    "IntArray",
    "SeriesFit",
    "find_frequency",
    "fit_series",
    "lock_in",
    "peak",
    "periodogram",
    "phasors_of",
    "robust_weights",
    "spline",
    "stride_phasors",
    "time_derivative",
    "waveform",
    "waves",
]
