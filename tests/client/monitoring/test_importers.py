"""Reading what other tools measured."""

import copy

import pandas as pd
import pytest
from moorage.monitoring import FeatureSummary, Finding, evidently, nannyml, prometheus, sagemaker, window
from moorage.monitoring.sagemaker import Constraints, FeatureConstraint

from chalicelib.domain.statistics.histogram import checked, from_document

STATISTICS = {
    "version": 0.0,
    "dataset": {"item_count": 103},
    "features": [
        {
            "name": "visits",
            "inferred_type": "Integral",
            "numerical_statistics": {
                "common": {"num_present": 100, "num_missing": 3},
                "mean": 1.5,
                "sum": 150.0,
                "std_dev": 1.25,
                "min": 0.0,
                "max": 4.0,
                "distribution": {
                    "kll": {
                        "buckets": [
                            {"lower_bound": 0.0, "upper_bound": 1.0, "count": 30.0},
                            {"lower_bound": 1.0, "upper_bound": 2.0, "count": 25.0},
                            {"lower_bound": 2.0, "upper_bound": 3.0, "count": 20.0},
                            {"lower_bound": 3.0, "upper_bound": 4.0, "count": 25.0},
                        ],
                        "sketch": {"parameters": {"c": 0.64, "k": 2048.0}, "data": [[0.0, 4.0]]},
                    }
                },
            },
        },
        {
            "name": "country",
            "inferred_type": "String",
            "string_statistics": {
                "common": {"num_present": 102, "num_missing": 1},
                "distinct_count": 3.0,
                "distribution": {
                    "categorical": {"buckets": [{"value": "DE", "count": 20}, {"value": "FR", "count": 80}]}
                },
            },
        },
        {"name": "note", "inferred_type": "Unknown"},
    ],
}


def test_sagemakers_statistics_are_a_baseline_that_the_registry_takes() -> None:
    profile = sagemaker.statistics(STATISTICS)
    visits, country = profile.features
    assert (visits.counts, visits.missing, visits.mean, visits.min, visits.max) == ((30, 25, 20, 25), 3, 1.5, 0.0, 4.0)
    assert visits.m2 == 1.25**2 * 100
    assert (country.values, country.counts, country.missing) == (("FR", "DE"), (80, 20, 2), 1)
    for feature in profile.features:
        assert checked(from_document(feature.document())).document() == feature.document()


def test_whole_numbers_fall_into_the_bins_that_sagemaker_counts_them_in() -> None:
    """Its buckets hold their lower bound, so that 1 is not in the first one."""
    profile = sagemaker.statistics(STATISTICS)
    later = window({"visits": [0, 1, 2, 3, 4, 0.999], "country": ["FR"] * 6}, profile)
    assert later["visits"].counts == (2, 1, 1, 2)


def test_a_least_value_that_the_sketch_contradicts_is_left_out() -> None:
    document = copy.deepcopy(STATISTICS)
    numbers = document["features"][0]["numerical_statistics"]
    numbers["distribution"]["kll"]["buckets"][0]["count"] = 0
    numbers["std_dev"] = "NaN"
    visits = sagemaker.statistics(document)["visits"]
    assert visits.min is None and visits.max == 4.0 and visits.m2 is None
    checked(from_document(visits.document()))


def test_a_text_that_is_too_long_for_the_registry_is_one_of_the_other_values() -> None:
    document = copy.deepcopy(STATISTICS)
    strings = document["features"][1]["string_statistics"]
    strings["distribution"]["categorical"]["buckets"].append({"value": "x" * 251, "count": 2})
    country = sagemaker.statistics(document)["country"]
    assert (country.values, country.counts) == (("FR", "DE"), (80, 20, 2))
    checked(from_document(country.document()))


def test_constraints_are_not_taken_for_statistics_of_nothing() -> None:
    constraints = {"version": 0.0, "features": [{"name": "visits", "inferred_type": "Integral", "completeness": 1.0}]}
    with pytest.raises(ValueError, match=r"give the parsed JSON of a statistics.json"):
        sagemaker.statistics(constraints)
    assert sagemaker.statistics({"features": []}).features == ()


def test_sagemakers_constraints_keep_threshold_domains_and_completeness() -> None:
    document = {
        "version": 0.0,
        "features": [
            {
                "name": "visits",
                "inferred_type": "Integral",
                "completeness": 1.0,
                "num_constraints": {"is_non_negative": True},
            },
            {"name": "country", "inferred_type": "String", "string_constraints": {"domains": ["FR", "DE"]}},
        ],
        "monitoring_config": {
            "distribution_constraints": {
                "perform_comparison": "Enabled",
                "comparison_threshold": 0.1,
                "comparison_method": "Robust",
            }
        },
    }
    assert sagemaker.constraints(document) == Constraints(
        (
            FeatureConstraint("visits", "numeric", 1.0, True, ()),
            FeatureConstraint("country", "categorical", None, None, ("FR", "DE")),
        ),
        0.1,
        "Robust",
    )
    document["monitoring_config"]["distribution_constraints"]["perform_comparison"] = "Disabled"
    assert sagemaker.constraints(document).threshold is None


def test_sagemakers_violations_are_findings_those_of_bias_too() -> None:
    drift = {"feature_name": "age", "constraint_check_type": "baseline_drift_check", "description": "0.2 exceeds 0.1"}
    bias = {"facet": "sex", "facet_value": "F", "metric_name": "DPPL", "constraint_check_type": "bias_drift_check"}
    assert sagemaker.violations({"violations": [drift, bias]}) == (
        Finding("age", "baseline_drift_check", failed=True, description="0.2 exceeds 0.1"),
        Finding("sex=F", "DPPL", failed=True),
    )


def test_clarifys_bias_metrics_are_slices_without_those_that_it_could_not_compute() -> None:
    document = {
        "version": "1.0",
        "pre_training_bias_metrics": {
            "label": "approved",
            "facets": {"sex": [{"value_or_threshold": "F", "metrics": [{"name": "CI", "value": 0.25}]}]},
        },
        "post_training_bias_metrics": {
            "facets": {
                "sex": [
                    {
                        "value_or_threshold": "F",
                        "metrics": [{"name": "DPPL", "value": -0.1}, {"name": "DI", "value": None}],
                    }
                ],
                "age": [{"value_or_threshold": "(40, 90]", "metrics": [{"name": "DI", "value": "NaN"}]}],
            }
        },
    }
    (found,) = sagemaker.bias(document)
    assert (found.group, found.metrics) == ({"sex": "F"}, {"CI": 0.25, "DPPL": -0.1})


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (sagemaker.statistics, "no list 'features'"),
        (sagemaker.constraints, "no list 'features'"),
        (sagemaker.violations, "no list 'violations'"),
        (sagemaker.bias, "give Clarify's analysis.json"),
        (evidently.drift, "give snapshot.dict"),
    ],
)
def test_another_document_is_refused_with_what_to_give(read, message) -> None:
    with pytest.raises(ValueError, match=message):
        read({"something": "else"})


def value_drift(column: str, method: str | None, threshold: float | None, value: float) -> dict[str, object]:
    config = {"type": "evidently:metric_v2:ValueDrift", "column": column, "method": method, "threshold": threshold}
    return {"metric_name": f"ValueDrift(column={column})", "config": config, "value": value}


def test_evidentlys_probabilities_fail_below_the_threshold_and_its_distances_at_it() -> None:
    count = {"config": {"type": "evidently:metric_v2:DriftedColumnsCount"}, "value": {"count": 1.0, "share": 0.5}}
    document = {
        "metrics": [
            count,
            value_drift("age", "K-S p_value", 0.05, 0.01),
            value_drift("income", "K-S p_value", 0.05, 0.3),
            value_drift("country", "Jensen-Shannon distance", 0.1, 0.1),
            value_drift("plan", "Jensen-Shannon distance", 0.1, 0.01),
        ]
    }
    found = evidently.drift(document)
    assert [(one.feature, one.failed) for one in found] == [
        ("age", True),
        ("income", False),
        ("country", True),
        ("plan", False),
    ]
    assert found[0] == Finding("age", "K-S p_value", failed=True, score=0.01, threshold=0.05)


@pytest.mark.parametrize(
    ("method", "threshold", "failing", "passing"),
    [
        ("ks", 0.05, 0.001, 0.4),
        ("chisquare", 0.05, 0.001, 0.4),
        ("Anderson-Darling", 0.1, 0.001, 0.4),
        ("Mann-Whitney U-rank test", 0.05, 0.001, 0.4),
        ("Total-Variation-Distance", 0.1, 0.001, 0.4),
        ("psi", 0.1, 0.4, 0.001),
        ("Wasserstein distance (normed)", 0.1, 0.4, 0.001),
    ],
)
def test_a_method_is_known_by_the_short_name_that_its_author_chose_it_by_and_by_its_long_one(
    method: str, threshold: float, failing: float, passing: float
) -> None:
    metrics = [value_drift("age", method, threshold, value) for value in (failing, passing)]
    assert [one.failed for one in evidently.drift({"metrics": metrics})] == [True, False]


@pytest.mark.parametrize(("method", "threshold"), [("mine", 0.1), ("perc_text_content_drift", 0.95), (None, None)])
def test_a_score_that_does_not_say_whether_the_column_drifted_is_refused(
    method: str | None, threshold: float | None
) -> None:
    with pytest.raises(ValueError, match="the column 'age' was tested by the method"):
        evidently.drift({"metrics": [value_drift("age", method, threshold, 0.2)]})


def test_nannymls_table_of_drift_has_a_finding_for_each_chunk_feature_and_method() -> None:
    columns = {
        ("chunk", "chunk", "key"): ["[0:99]", "[0:99]", "[100:199]"],
        ("chunk", "chunk", "period"): ["reference", "analysis", "analysis"],
        ("age", "jensen_shannon", "value"): [0.01, 0.02, 0.3],
        ("age", "jensen_shannon", "upper_threshold"): [0.1, 0.1, 0.1],
        ("age", "jensen_shannon", "lower_threshold"): [float("nan")] * 3,
        ("age", "jensen_shannon", "alert"): [False, False, True],
    }
    assert nannyml.results(pd.DataFrame(columns)) == (
        Finding("age", "jensen_shannon", False, 0.02, 0.1, period="[0:99]"),
        Finding("age", "jensen_shannon", True, 0.3, 0.1, period="[100:199]"),
    )


def test_nannymls_table_of_performance_has_the_metric_for_both_names() -> None:
    columns = {
        ("chunk", "key"): ["[0:99]"],
        ("chunk", "period"): ["analysis"],
        ("roc_auc", "value"): [0.6],
        ("roc_auc", "upper_threshold"): [0.9],
        ("roc_auc", "lower_threshold"): [0.7],
        ("roc_auc", "alert"): [True],
    }
    assert nannyml.results(pd.DataFrame(columns)) == (Finding("roc_auc", "roc_auc", True, 0.6, 0.7, period="[0:99]"),)


def test_another_table_is_refused() -> None:
    with pytest.raises(ValueError, match=r"give result.to_df\(\)"):
        nannyml.results(pd.DataFrame({"age": [1]}))


def scrape(a: int, b: int, total: float, model: str = "fraud") -> str:
    return f"""
# HELP latency_seconds How long an answer takes.
# TYPE latency_seconds histogram
latency_seconds_bucket{{model="{model}",le="0.1"}} {a}
latency_seconds_bucket{{model="{model}",le="0.5"}} {a + b} 1395066363000
latency_seconds_bucket{{model="{model}",le="+Inf"}} {a + b + 1}
latency_seconds_sum{{model="{model}"}} {total}
latency_seconds_count{{model="{model}"}} {a + b + 1}
latency_seconds_created{{model="{model}"}} 1.7e+09
"""


def test_what_a_histogram_counted_between_two_scrapes_is_a_window() -> None:
    found = prometheus.histogram(scrape(5, 2, 1.0), scrape(15, 5, 4.9), "latency_seconds", feature="latency")
    assert found == FeatureSummary("latency", "numeric", (10, 3, 0), 0, (0.1, 0.5), mean=pytest.approx(0.3))
    checked(from_document(found.document()))


def test_after_a_restart_all_that_was_counted_is_new() -> None:
    assert prometheus.histogram(scrape(50, 20, 9.0), scrape(3, 1, 0.5), "latency_seconds").counts == (3, 1, 1)
    assert prometheus.histogram("", scrape(3, 1, 0.5), "latency_seconds").counts == (3, 1, 1)


def test_a_restart_is_noticed_by_any_bucket_that_counts_less_than_before() -> None:
    """More was counted since the restart than before it, but not in the first bucket."""
    assert prometheus.histogram(scrape(50, 2, 9.0), scrape(3, 90, 40.0), "latency_seconds").counts == (3, 90, 1)


def test_openmetrics_times_and_exemplars_are_read_over() -> None:
    after = scrape(3, 1, 0.5).replace('le="0.1"} 3', 'le="0.1"} 3 1520879607.789 # {trace_id="{a}"} 0.07 1520879607.7')
    assert prometheus.histogram("", after, "latency_seconds").counts == (3, 1, 1)


def test_a_line_ends_at_a_line_feed_and_not_at_what_a_label_holds() -> None:
    after = scrape(3, 1, 0.5, model="a\u2028b").replace("\n", "\r\n")
    assert prometheus.histogram("", after, "latency_seconds", labels={"model": "a\u2028b"}).counts == (3, 1, 1)


def test_a_scrape_without_traffic_is_an_empty_window() -> None:
    found = prometheus.histogram(scrape(3, 1, 0.5), scrape(3, 1, 0.5), "latency_seconds")
    assert found.n == 0 and found.mean is None


def test_series_are_added_up_unless_labels_choose_some() -> None:
    after = scrape(3, 1, 0.5) + scrape(10, 2, 2.0, model='chu\\"rn')
    assert prometheus.histogram("", after, "latency_seconds").counts == (13, 3, 2)
    chosen = prometheus.histogram("", after, "latency_seconds", labels={"model": 'chu"rn'})
    assert chosen.counts == (10, 2, 1)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("", "up 1", "has no histogram"),
        (scrape(3, 1, 0.5).replace('"0.1"', '"0.2"'), scrape(3, 1, 0.5), "buckets of 'latency_seconds' changed"),
        ("", 'latency_seconds_bucket{le="+Inf"} 3', "no bucket but"),
        (scrape(3, 5, 0.5), scrape(8, 1, 0.5), "do not grow"),
        ("", "latency_seconds_bucket 3", "has no label 'le'"),
    ],
)
def test_scrapes_without_a_readable_histogram_are_refused(before, after, message) -> None:
    with pytest.raises(ValueError, match=message):
        prometheus.histogram(before, after, "latency_seconds")
