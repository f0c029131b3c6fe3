"""What has an index entry of its own: the tags of a version or model, and the metrics of a READY version.

Indexing and filtering use the same rules, so that a filter finds exactly what is indexed.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.versions.version import Status, Version

# Each metric is an item in the transaction that makes a version READY. A transaction has at most 100 items.
MAX_METRICS: Final = 40


def run_id(version: Version) -> str | None:
    """The id of the run that the version came from; None if it names none."""
    found: str | None = (version.description.provenance.get("run") or {}).get("id")
    return found or None


def searchable_metrics(version: Version) -> Mapping[str, float]:
    """The metrics of a READY version, the first forty by name. Other versions have none: they may never be READY."""
    return first_metrics(version) if version.status is Status.READY else {}


def first_metrics(version: Version) -> Mapping[str, float]:
    """The metrics of a version, whatever its status: the first forty by name."""
    metrics = version.description.metrics
    return metrics if len(metrics) <= MAX_METRICS else {name: metrics[name] for name in sorted(metrics)[:MAX_METRICS]}


def searchable_tags(version: Version) -> Mapping[str, str]:
    """The tags of a version that is neither deleted nor expired."""
    return version.description.tags if version.status in (Status.PENDING, Status.READY) else {}
