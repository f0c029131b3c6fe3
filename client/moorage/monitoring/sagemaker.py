"""Reads the files of SageMaker's Model Monitor: statistics, constraints, violations, and Clarify's bias analysis.

The functions take the parsed JSON of a file, and raise ValueError for what is no such file.
Formats: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-statistics.html and the pages
beside it; of Clarify, https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-analysis-results.html.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite, nextafter
from typing import TYPE_CHECKING, Any, Final

from moorage.monitoring.feature import CATEGORICAL, NUMERIC, FeatureSummary
from moorage.monitoring.findings import Finding
from moorage.monitoring.profile import MAX_VALUE, MAX_VALUES, Profile

if TYPE_CHECKING:
    from moorage.evaluations import Slice

# Where a feature of a statistics.json has its statistics. One of an unknown type has none.
_STATISTICS: Final = ("numerical_statistics", "string_statistics")
_PHASES: Final = ("pre_training_bias_metrics", "post_training_bias_metrics")


@dataclass(frozen=True, slots=True)
class FeatureConstraint:
    """What SageMaker expects of a feature: which share is present, whether negative numbers occur, and which values."""

    name: str
    kind: str
    completeness: float | None
    non_negative: bool | None
    domain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constraints:
    """The constraints of a ``constraints.json``. ``threshold`` is the largest distance of distributions, if any.

    ``method`` is ``Simple`` (the largest difference of the cumulated shares) or ``Robust`` (the same, corrected for
    small samples); a monitor with the statistic ``ks`` measures the first.
    """

    features: tuple[FeatureConstraint, ...]
    threshold: float | None
    method: str | None


def statistics(document: Mapping[str, Any]) -> Profile:
    """The baseline of a ``statistics.json``: ten bins of each number, and the most frequent texts.

    SageMaker estimates the counts of bins with a sketch. Where these contradict its least or largest value, that value
    is left out. Features without a distribution are left out. A text that is too long to be a category is one of the
    other values.
    """
    features = _listed(document, "features")
    if features and not any(kind in one for one in features for kind in _STATISTICS):
        raise ValueError("no feature of the document has statistics: give the parsed JSON of a statistics.json")
    read = [_feature(one) for one in features]
    return Profile(tuple(feature for feature in read if feature is not None))


def constraints(document: Mapping[str, Any]) -> Constraints:
    """The constraints of a ``constraints.json``."""
    compared = document.get("monitoring_config", {}).get("distribution_constraints", {})
    enabled = compared.get("perform_comparison") in (True, "Enabled")
    return Constraints(
        tuple(
            FeatureConstraint(
                one["name"],
                CATEGORICAL if one.get("inferred_type") == "String" else NUMERIC,
                one.get("completeness"),
                one.get("num_constraints", {}).get("is_non_negative"),
                tuple(one.get("string_constraints", {}).get("domains", ())),
            )
            for one in _listed(document, "features")
        ),
        compared.get("comparison_threshold") if enabled else None,
        compared.get("comparison_method") if enabled else None,
    )


def violations(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The violations of a ``constraint_violations.json``, those of bias drift among them."""
    return tuple(_violation(one) for one in _listed(document, "violations"))


def bias(document: Mapping[str, Any]) -> "tuple[Slice, ...]":
    """The bias metrics of Clarify's ``analysis.json``, as slices of an evaluation: one for each value of a facet.

    Metrics that Clarify could not compute are left out, and so are facets without any.
    """
    from moorage.evaluations import Slice

    if not any(phase in document for phase in _PHASES):
        raise ValueError(f"the document has neither {_PHASES[0]!r} nor {_PHASES[1]!r}: give Clarify's analysis.json")
    found: dict[tuple[str, str], dict[str, int | float]] = {}
    for phase in _PHASES:
        for facet, values in document.get(phase, {}).get("facets", {}).items():
            for one in values:
                key = (facet, str(one["value_or_threshold"]))
                found.setdefault(key, {}).update(_measured(one["metrics"]))
    return tuple(Slice({facet: value}, metrics) for (facet, value), metrics in found.items() if metrics)


def _feature(one: Mapping[str, Any]) -> FeatureSummary | None:
    if "string_statistics" in one:
        return _categories(one["name"], one["string_statistics"])
    if "numerical_statistics" in one:
        return _numbers(one["name"], one["numerical_statistics"])
    return None


def _categories(name: str, found: Mapping[str, Any]) -> FeatureSummary | None:
    common = found["common"]
    buckets = found.get("distribution", {}).get("categorical", {}).get("buckets")
    if buckets is None:
        return None
    short = [bucket for bucket in buckets if len(str(bucket["value"])) <= MAX_VALUE]
    most = sorted(short, key=lambda bucket: -bucket["count"])[:MAX_VALUES]
    counts = [round(bucket["count"]) for bucket in most]
    # What is present beyond the listed values are other values.
    others = max(0, round(common["num_present"]) - sum(counts))
    values = tuple(str(bucket["value"]) for bucket in most)
    return FeatureSummary(name, CATEGORICAL, (*counts, others), round(common["num_missing"]), values=values)


def _numbers(name: str, found: Mapping[str, Any]) -> FeatureSummary | None:
    buckets = found.get("distribution", {}).get("kll", {}).get("buckets")
    if not buckets or len({bucket["upper_bound"] for bucket in buckets}) < 2:
        return None
    # SageMaker's buckets hold their lower bound, Moorage's their upper one, so that the edge is just below.
    edges = sorted({nextafter(float(bucket["upper_bound"]), -inf) for bucket in buckets[:-1]})
    counts = [0] * (len(edges) + 1)
    for bucket in buckets:
        counts[bisect_left(edges, float(bucket["lower_bound"]))] += round(bucket["count"])
    summary = FeatureSummary(name, NUMERIC, tuple(counts), round(found["common"]["num_missing"]), edges=tuple(edges))
    if not summary.n:
        return summary
    sd = _number(found.get("std_dev"))
    return _trusted(
        replace(
            summary,
            mean=_number(found.get("mean")),
            m2=None if sd is None else sd * sd * summary.n,
            min=_number(found.get("min")),
            max=_number(found.get("max")),
        )
    )


def _trusted(summary: FeatureSummary) -> FeatureSummary:
    """The summary without a least or largest value that lies in another bin than the counts say."""
    filled = [index for index, count in enumerate(summary.counts) if count]
    if summary.min is not None and bisect_left(summary.edges, summary.min) != filled[0]:
        summary = replace(summary, min=None)
    if summary.max is not None and bisect_left(summary.edges, summary.max) != filled[-1]:
        summary = replace(summary, max=None)
    return summary


def _violation(one: Mapping[str, Any]) -> Finding:
    if "facet" in one:
        feature, statistic = f"{one['facet']}={one['facet_value']}", one["metric_name"]
    else:
        feature, statistic = one["feature_name"], one["constraint_check_type"]
    return Finding(feature, statistic, failed=True, description=one.get("description", ""))


def _measured(metrics: Iterable[Mapping[str, Any]]) -> dict[str, int | float]:
    numbers = {metric["name"]: _number(metric.get("value")) for metric in metrics}
    return {name: number for name, number in numbers.items() if number is not None}


def _number(value: object) -> float | None:
    """A finite number. SageMaker writes what it could not compute as the text "NaN", or as null."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return value
    return None


def _listed(document: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    listed = document.get(field)
    if isinstance(listed, list):
        return listed
    raise ValueError(f"the document has no list {field!r}: give the parsed JSON of a file of Model Monitor")
