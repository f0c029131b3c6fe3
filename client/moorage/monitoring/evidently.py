"""Reads the drift results of Evidently's reports, version 0.7: ``snapshot.dict()``, or the parsed ``snapshot.json()``.

Evidently chooses bins from both samples together, so its scores differ from a monitor's over the bins of a baseline.
"""

from collections.abc import Mapping
from typing import Any, Final

from moorage.monitoring.findings import Finding

_DRIFT: Final = "evidently:metric_v2:ValueDrift"
# The methods by their short names, with their long ones. A report has the short name of a method that its author chose,
# and the long name of one that Evidently chose.
_PROBABILITIES: Final = {
    "anderson": "Anderson-Darling",
    "chisquare": "chi-square p_value",
    "cramer_von_mises": "Cramer-von Mises",
    "empirical_mmd": "empirical_mmd",
    "es": "Epps-Singleton",
    "fisher_exact": "Fisher's Exact test",
    "g_test": "g_test",
    "ks": "K-S p_value",
    "mannw": "Mann-Whitney U-rank test",
    "t_test": "t_test",
    "TVD": "Total-Variation-Distance",
    "z": "Z-test p_value",
}
_DISTANCES: Final = {
    "abs_text_content_drift": "Absolute text content drift",
    "ed": "Energy-distance",
    "hellinger": "Hellinger distance",
    "jensenshannon": "Jensen-Shannon distance",
    "kl_div": "Kullback-Leibler divergence",
    "psi": "PSI",
    "wasserstein": "Wasserstein distance (normed)",
}


def drift(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The drift of each column that the report tested.

    Raises ValueError for what is no report of version 0.7, and for a column tested by a method of which the score does
    not say whether the column drifted, such as one of your own.
    """
    metrics = document.get("metrics")
    if not isinstance(metrics, list) or any("config" not in metric for metric in metrics):
        raise ValueError(
            "the document has no list 'metrics' with their 'config': give snapshot.dict() of Evidently 0.7"
        )
    return tuple(_finding(metric) for metric in metrics if metric["config"].get("type") == _DRIFT)


def _finding(metric: Mapping[str, Any]) -> Finding:
    config = metric["config"]
    column, method, threshold = config["column"], config.get("method"), config.get("threshold")
    score = float(metric["value"])
    # Probabilities fail below the threshold, distances at it and above.
    if _is_of(_PROBABILITIES, method) and threshold is not None:
        failed = score < threshold
    elif _is_of(_DISTANCES, method) and threshold is not None:
        failed = score >= threshold
    else:
        raise ValueError(
            f"the column {column!r} was tested by the method {method!r} with the threshold {threshold!r}, which do not "
            "say whether it drifted: choose another method of Evidently"
        )
    return Finding(column, method, failed, score, threshold)


def _is_of(methods: Mapping[str, str], method: object) -> bool:
    return method in methods or method in methods.values()
