"""How to cite an analysis."""

from __future__ import annotations

from headway.results import Estimated, Summary

SOFTWARE = (
    "Headway contributors. Headway: how the push-off in running travels from the foot to the head, version {version}."
)


def cite(summary: Summary) -> str:
    """Headway with the version that made the summary, the libraries, and every model that an estimated metric rests on."""
    lines = [SOFTWARE.format(version=summary.headway)]
    used = ", ".join(f"{name} {version}" for name, version in summary.versions.items())
    lines.append(f"Made with {used}.")
    models = {entry.model for entry in summary.metrics.values() if isinstance(entry, Estimated)}
    lines += [f"Estimated through: {model}." for model in sorted(models)]
    return "\n".join(lines)
