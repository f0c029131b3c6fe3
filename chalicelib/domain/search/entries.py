"""What of a version or model has an index entry of its own: its tags, and a READY version's metrics.

The same rules say what a filter finds and what is indexed, so that neither promises what the other does not hold.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.versions.version import Status, Version

# Each is an item of the transaction that makes a version READY, which has at most 100.
MAX_METRICS: Final = 40


def run_id(version: Version) -> str | None:
    """The run that made the version."""
    found: str | None = (version.description.provenance.get("run") or {}).get("id")
    return found or None


def searchable_metrics(version: Version) -> Mapping[str, float]:
    """The metrics of a READY version, the first forty by name: a version that is not READY may never become so."""
    metrics = version.description.metrics
    if version.status is not Status.READY:
        return {}
    return metrics if len(metrics) <= MAX_METRICS else {name: metrics[name] for name in sorted(metrics)[:MAX_METRICS]}


def searchable_tags(version: Version) -> Mapping[str, str]:
    """The tags of a version that is not buried."""
    return version.description.tags if version.status in (Status.PENDING, Status.READY) else {}
