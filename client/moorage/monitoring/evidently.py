"""Reads the drift results of Evidently's reports, version 0.7: ``snapshot.dict()``, or the parsed ``snapshot.json()``.

Evidently chooses bins from both samples together, so its scores differ from a monitor's over the bins of a baseline.
"""

from collections.abc import Mapping
from typing import Any, Final

from moorage.monitoring.findings import Finding

_DRIFT: Final = "evidently:metric_v2:ValueDrift"


def drift(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The drift of each column that the report tested. Raises ValueError for what is no report of version 0.7."""
    metrics = document.get("metrics")
    if not isinstance(metrics, list) or any("config" not in metric for metric in metrics):
        raise ValueError(
            "the document has no list 'metrics' with their 'config': give snapshot.dict() of Evidently 0.7"
        )
    return tuple(_finding(metric) for metric in metrics if metric["config"].get("type") == _DRIFT)


def _finding(metric: Mapping[str, Any]) -> Finding:
    config = metric["config"]
    score, threshold, method = float(metric["value"]), config.get("threshold"), str(config.get("method"))
    # Probabilities fail below the threshold, distances at it and above.
    failed = threshold is not None and (score < threshold if method.endswith("p_value") else score >= threshold)
    return Finding(config["column"], method, failed, score, threshold)
