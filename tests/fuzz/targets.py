"""What is fed: every reader of foreign files, and every store of Headway's own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """One reader or store.

    Attributes
    ----------
    file
        Name of the made file or folder in ``tests/corpus/NAME``.
    read
        Reads a changed copy of it.
    shown
        What came out as text or bytes, where a change must never be believed: then it has to be that of the made one.
    """

    name: str
    file: str
    read: Callable[[Path], object]
    shown: Callable[[object], object] | None = None


def _recording(path: Path) -> object:
    from headway.options import Options
    from headway.sources import load

    return load(path, Options())


def _points(path: Path) -> object:
    from headway.options import Options
    from headway.sources import load

    return load(path, Options(rate=30.0))


def _timed(path: Path) -> object:
    from headway.sources import load

    return load(path)


def _with_forces(path: Path) -> object:
    from headway.options import Options
    from headway.sources import load

    return load(path.with_name("made.trc"), Options(forces=path))


def _sensors(path: Path) -> object:
    from headway.sources import load_sensors

    return load_sensors([path])


def _protocol(path: Path) -> object:
    from headway.experiments.read_protocol import load_protocol

    return load_protocol(path)


def _manifest(path: Path) -> object:
    from headway.study.manifest import read_manifest

    return read_manifest(path)


def _norms(path: Path) -> object:
    from headway.norms import load_norms

    return load_norms(path)


def _analysis(path: Path) -> object:
    from headway.analysis import Analysis

    return Analysis.load(path)


def _analysis_shown(found) -> object:
    import msgspec

    from headway.stored.seal import checksum

    waves = [checksum(one.to_numpy().tobytes()) for one in (*found.waveforms.values(), *found.curves.values())]
    return msgspec.json.encode(found.summary), found.steps.to_json(), found.units, waves


def _pose(path: Path) -> object:
    from headway.options import Options
    from headway.pose.cache import load_cached

    return load_cached("made", Options(cache=path.parent), Path("a.mp4"))


def _pose_shown(found) -> object:
    from headway.pose.cache import _ARRAYS, _rest

    if found is None:
        return None
    arrays = [getattr(found, name) for name in _ARRAYS]
    return _rest(found), [one.tobytes() for one in arrays if one is not None]


def _solution(path: Path) -> object:
    from headway.simulation.store import load_solution

    return load_solution(path)


def _solution_shown(found) -> object:
    from headway.simulation.store import packed

    return packed(found)


def _library(path: Path) -> object:
    from headway.app.library import Library
    from headway.app.runners import all_runners

    library = Library(path)
    try:
        return all_runners(library)
    finally:
        library.close()


TARGETS = {
    one.name: one
    for one in (
        Target("c3d", "made.c3d", _recording),
        Target("trc", "made.trc", _recording),
        Target("mot", "made_grf.mot", _with_forces),
        Target("csv", "made.csv", _recording),
        Target("dot", "sacrum.csv", _sensors),
        Target("described", "made.toml", _sensors),
        Target("zip", "made.zip", _sensors),
        Target("fit", "made.fit", _recording),
        Target("openpose", "made", _points),
        Target("alphapose", "made.json", _points),
        Target("mediapipe", "made.json", _timed),
        Target("mediapipe_csv", "made.csv", _timed),
        Target("deeplabcut", "made.csv", _points),
        Target("sports2d", "made.trc", _timed),
        Target("protocol", "made.toml", _protocol),
        Target("manifest_csv", "manifest.csv", _manifest),
        Target("manifest_toml", "manifest.toml", _manifest),
        Target("manifest_parquet", "manifest.parquet", _manifest),
        Target("norms", "made.json", _norms, lambda found: repr(found)),
        Target("analysis", "made", _analysis, _analysis_shown),
        Target("old_analysis", "made", _analysis),
        Target("pose_cache", "pose-made.npz", _pose, _pose_shown),
        Target("solution", "solution.npz", _solution, _solution_shown),
        Target("library", "made", _library),
    )
}
