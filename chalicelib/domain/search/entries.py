"""What has an index entry of its own: tags of a version or model, metrics of a READY version, that a scan holds one.

Indexing and filtering use the same rules, so that a filter finds exactly what is indexed.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.versions.version import Status, Version

# Each metric is an item in the transaction that makes a version READY. A transaction has at most 100 items.
MAX_METRICS: Final = 40


# Of a version that the policy of its scheme keeps in quarantine, and of one whose quarantine somebody has lifted.
KEPT: Final = "kept"
RELEASED: Final = "released"


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


def scan_facts(version: Version) -> Mapping[str, str]:
    """What a search knows of the scan of a version. Only one that is READY and was scanned has any."""
    if version.scan is None or version.status is not Status.READY:
        return {}
    verdict, kept = version.scan.verdict, quarantine(version)
    return {
        "state": version.scan.state.value,
        **({} if verdict is None else {"verdict": verdict.value}),
        **({} if kept is None else {"quarantine": kept}),
    }


def quarantine(version: Version) -> str | None:
    """Whether a scan that has ended keeps a READY version in quarantine; None if not, or while the first one runs.

    A release is not compared with the clock, because nothing is written when it ends.
    """
    scan = version.scan
    if scan is None or version.status is not Status.READY or (scan.state is ScanState.PENDING and scan.verdict is None):
        return None
    if scan.allowed and scan.state is not ScanState.FAILED:
        return None
    return KEPT if scan.release is None else RELEASED


def searchable_tags(version: Version) -> Mapping[str, str]:
    """The tags of a version that is neither deleted nor expired."""
    return version.description.tags if version.status in (Status.PENDING, Status.READY) else {}
