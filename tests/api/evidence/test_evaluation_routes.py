"""Evaluations over HTTP: recorded, listed, withdrawn."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

WHERE = "/v1/models/fraud/versions/1/evaluations"
HOLDOUT: dict[str, Any] = {
    "kind": "offline",
    "metrics": {"auc": 0.97, "rows": 120000},
    "slices": [{"group": {"country": "FR", "new": True}, "metrics": {"auc": 0.95}}],
    "dataset": {"name": "transactions", "version": "2026-10"},
    "measured_at": "2026-01-02T03:04:05+01:00",
}


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


def test_a_recorded_evaluation_is_listed_as_it_was_given(admin: Caller) -> None:
    recorded = granted(admin, "contributor", "fraud", "evaluator").put(f"{WHERE}/holdout", HOLDOUT)
    assert recorded.status == 200, recorded.text
    assert recorded.document | HOLDOUT | {"measured_at": "2026-01-02T02:04:05.000Z"} == recorded.document
    assert recorded.document["reported_by"] == "token:evaluator"
    admin.put(f"{WHERE}/latency", {"kind": "system", "metrics": {"p99_ms": 12}})
    listed = admin.get(WHERE).document["items"]
    assert [found["name"] for found in listed] == ["holdout", "latency"]
    assert listed[0] == recorded.document
    assert listed[1]["measured_at"] == listed[1]["reported_at"]


def test_the_latest_evaluation_of_a_name_counts_and_events_keep_both(admin: Caller) -> None:
    admin.put(f"{WHERE}/holdout", HOLDOUT)
    admin.put(f"{WHERE}/holdout", {"kind": "offline", "metrics": {"auc": 0.9}})
    assert [found["metrics"] for found in admin.get(WHERE).document["items"]] == [{"auc": 0.9}]
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert event["type"] == "evaluation.recorded"
    assert event["before"]["metrics"] == HOLDOUT["metrics"]
    assert (event["after"]["evaluation"], event["after"]["metrics"]) == ("holdout", {"auc": 0.9})


def test_a_withdrawn_evaluation_is_gone(admin: Caller) -> None:
    stale = admin.put(f"{WHERE}/holdout", HOLDOUT).etag
    current = admin.put(f"{WHERE}/holdout", HOLDOUT).etag
    assert admin.delete(f"{WHERE}/holdout", headers={"If-Match": stale}).code == "precondition_failed"
    assert admin.delete(f"{WHERE}/holdout", headers={"If-Match": current}).status == 204
    assert admin.get(WHERE).document["items"] == []
    assert admin.delete(f"{WHERE}/holdout").code == "evaluation_not_found"
    assert admin.get("/v1/models/fraud/events").document["items"][0]["type"] == "evaluation.withdrawn"


def test_a_version_that_is_not_ready_takes_no_evaluation(admin: Caller) -> None:
    journey.version(admin)
    assert admin.put("/v1/models/fraud/versions/2/evaluations/holdout", HOLDOUT).code == "version_not_ready"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "guess"}, "/kind"),
        ({"metrics": {}}, "/metrics"),
        ({"metrics": {"a/b": 1}}, "/metrics/a/b"),
        ({"metrics": {"a": 2**63}}, "/metrics/a"),
        ({"slices": [{"group": {}, "metrics": {"a": 1}}]}, "/slices/0/group"),
        ({"slices": [{"group": {"c": "x" * 251}, "metrics": {"a": 1}}]}, "/slices/0/group/c"),
        ({"slices": [{"group": {"c": "FR"}, "metrics": {}}]}, "/slices/0/metrics"),
        ({"slices": [{"group": {"c": "FR"}, "metrics": {"$x": 1}}]}, "/slices/0/metrics/$x"),
        ({"slices": [{"group": {"c": "FR"}, "metrics": {"a": 1}}] * 2}, "/slices/1/group"),
        ({"dataset": {"version": "1"}}, "/dataset/name"),
        ({"measured_at": "2999-01-01T00:00:00Z"}, "/measured_at"),
        ({"measured_at": "yesterday"}, "/measured_at"),
    ],
)
def test_a_malformed_evaluation_is_refused_with_the_place_of_the_fault(
    admin: Caller, change: dict[str, object], pointer: str
) -> None:
    refused = admin.put(f"{WHERE}/holdout", HOLDOUT | change)
    assert refused.status == 400, refused.text
    assert pointer in [error["pointer"] for error in refused.document["errors"]]


def test_an_evaluation_too_large_for_its_event_is_refused(admin: Caller) -> None:
    metrics = {"x" * 200 + str(index): 1 for index in range(400)}
    assert admin.put(f"{WHERE}/huge", {"kind": "offline", "metrics": metrics}).code == "too_large"


RECALL: dict[str, Any] = {
    "value": 0.9,
    "n": 1000,
    "successes": 900,
    "interval": {"low": 0.88, "high": 0.92, "level": 0.95, "method": "bootstrap"},
    "direction": "up",
}


def test_metrics_may_say_what_they_rest_on_and_plain_numbers_stay_plain(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    counts = {"tp": 40, "fp": 5, "fn": 4, "tn": 51}
    paired = {"against": 2, "both_right": 880, "only_this": 20, "only_other": 12, "both_wrong": 88}
    given = HOLDOUT | {
        "metrics": {"auc": 0.97, "recall": RECALL},
        "slices": [{"group": {"country": "FR"}, "metrics": {"recall": {"value": 0.5, "sd": 0.1}}, "counts": counts}],
        "paired": paired,
    }
    recorded = admin.put(f"{WHERE}/holdout", given)
    assert recorded.status == 200, recorded.text
    found = admin.get(WHERE).document["items"][0]
    assert found == recorded.document
    assert (found["metrics"], found["measures"]) == ({"auc": 0.97, "recall": 0.9}, {"recall": RECALL})
    assert found["paired"] == paired
    (part,) = found["slices"]
    assert (part["metrics"], part["counts"]) == ({"recall": 0.5}, counts)
    assert part["measures"] == {"recall": {"value": 0.5, "sd": 0.1}}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"metrics": {"a": "high"}}, "/metrics/a"),
        ({"metrics": {"a": True}}, "/metrics/a"),
        ({"metrics": {"a": {"n": 5}}}, "/metrics/a/value"),
        ({"metrics": {"a": {"value": "high"}}}, "/metrics/a/value"),
        ({"metrics": {"a": RECALL | {"n": 1.5}}}, "/metrics/a/n"),
        ({"metrics": {"a": RECALL | {"n": -1}}}, "/metrics/a/n"),
        ({"metrics": {"a": RECALL | {"successes": 1001}}}, "/metrics/a/successes"),
        ({"metrics": {"a": RECALL | {"successes": 800}}}, "/metrics/a/value"),
        ({"metrics": {"a": RECALL | {"direction": "left"}}}, "/metrics/a/direction"),
        ({"metrics": {"a": RECALL | {"median": 1}}}, "/metrics/a/median"),
        ({"metrics": {"a": RECALL | {"interval": RECALL["interval"] | {"low": 0.95}}}}, "/metrics/a/interval/low"),
        ({"metrics": {"a": RECALL | {"interval": RECALL["interval"] | {"level": 95}}}}, "/metrics/a/interval/level"),
        ({"metrics": {"a": RECALL | {"interval": {"low": 0.8, "high": 1, "method": "x"}}}}, "/metrics/a/interval"),
        ({"metrics": {"a": RECALL | {"interval": {"low": 0.8, "level": 0.9, "method": "x"}}}}, "/metrics/a/interval"),
        ({"metrics": {"a": RECALL | {"interval": {"method": "bootstrap"}}}}, "/metrics/a/interval"),
        ({"metrics": {"a": RECALL | {"interval": {"method": "wilson", "level": 1}}}}, "/metrics/a/interval"),
        ({"metrics": {"a": {"value": 0.9, "n": 10, "interval": {"method": "wilson"}}}}, "/metrics/a"),
        ({"metrics": {"a": {"value": 2, "n": 1, "successes": 2, "interval": {"method": "wilson"}}}}, "/metrics/a"),
        ({"slices": [{"group": {"c": "FR"}, "counts": {"tp": 1, "fp": 0, "fn": 0}}]}, "/slices/0/counts/tn"),
        ({"slices": [{"group": {"c": "FR"}, "n": 3, "counts": dict.fromkeys(("tp", "fp", "fn", "tn"), 1)}]}, None),
        ({"paired": dict.fromkeys(("against", "both_right", "only_this", "only_other", "both_wrong"), 1)}, None),
    ],
)
def test_a_metric_that_contradicts_itself_is_refused_with_the_place_of_the_fault(
    admin: Caller, change: dict[str, object], pointer: str | None
) -> None:
    refused = admin.put(f"{WHERE}/holdout", HOLDOUT | change)
    assert refused.status == 400, refused.text
    assert pointer is None or pointer in [error["pointer"] for error in refused.document["errors"]], refused.text


@pytest.mark.parametrize(
    ("asked", "low", "high", "level"),
    [
        ({"method": "clopper_pearson"}, 0.8238, 0.9510, 0.95),
        ({"method": "wilson"}, 0.8256, 0.9448, 0.95),
        ({"method": "clopper_pearson", "level": 0.99}, 0.7980, 0.9618, 0.99),
    ],
)
def test_the_interval_of_a_share_is_computed_by_the_method_that_is_asked_for(
    admin: Caller, registry: Services, asked: dict[str, Any], low: float, high: float, level: float
) -> None:
    journey.ready(admin, registry)
    share = {"value": 0.9, "n": 100, "successes": 90, "interval": asked}
    slices = [{"group": {"country": "FR"}, "metrics": {"recall": share}}]
    recorded = admin.put(f"{WHERE}/holdout", HOLDOUT | {"metrics": {"recall": share}, "slices": slices})
    assert recorded.status == 200, recorded.text
    for measures in (recorded.document["measures"], recorded.document["slices"][0]["measures"]):
        found = measures["recall"]["interval"]
        assert (found["method"], found["level"]) == (asked["method"], level)
        assert (found["low"], found["high"]) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_metric_is_a_finite_number(admin: Caller, number: str) -> None:
    body = f'{{"kind": "offline", "metrics": {{"a": {number}, "b": {{"value": {number}}}}}}}'
    sent = {"Content-Type": "application/json"}
    refused = admin.request("PUT", f"{WHERE}/holdout", raw=body.encode(), headers=sent)
    assert refused.status == 400, refused.text


def history(caller: Caller, name: str = "holdout", **query: Any) -> dict[str, Any]:
    answer = caller.get(f"{WHERE}/{name}/history", query=query)
    assert answer.status == 200, answer.text
    return answer.document


def test_every_evaluation_of_a_name_is_kept_and_listed_newest_first(admin: Caller) -> None:
    for auc in (0.7, 0.8, 0.9):
        admin.put(f"{WHERE}/holdout", HOLDOUT | {"metrics": {"auc": auc}})
    admin.put(f"{WHERE}/holdout-2", HOLDOUT)
    assert [one["metrics"]["auc"] for one in history(admin)["items"]] == [0.9, 0.8, 0.7]
    first = history(admin, limit=2)
    second = history(admin, limit=2, cursor=first["next_cursor"])
    assert [one["metrics"]["auc"] for page in (first, second) for one in page["items"]] == [0.9, 0.8, 0.7]
    assert second["next_cursor"] is None
    newest = history(admin)["items"][0]
    assert newest == admin.get(WHERE).document["items"][0] | {"version": 1, "withdrawn_at": None, "withdrawn_by": None}


def test_a_withdrawn_evaluation_stays_in_the_history_and_says_who_withdrew_it(admin: Caller) -> None:
    for auc in (0.7, 0.8):
        admin.put(f"{WHERE}/holdout", HOLDOUT | {"metrics": {"auc": auc}})
    admin.delete(f"{WHERE}/holdout")
    newest, older = history(admin)["items"]
    assert (newest["metrics"], newest["withdrawn_by"]) == ({"auc": 0.8}, "token:bootstrap")
    assert newest["withdrawn_at"] > newest["reported_at"]
    assert older["withdrawn_at"] is None


def test_a_history_without_entries_is_empty_and_one_of_no_version_is_not_there(admin: Caller) -> None:
    assert history(admin, "never")["items"] == []
    assert admin.get("/v1/models/fraud/versions/9/evaluations/holdout/history").code == "version_not_found"


def test_a_series_has_the_metrics_of_a_name_by_the_time_of_measurement(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    other = "/v1/models/fraud/versions/2/evaluations"
    for where, day, metrics in (
        (WHERE, 3, {"auc": RECALL, "loss": 1}),
        (other, 2, {"auc": 0.8}),
        (WHERE, 1, {"auc": 0.7}),
    ):
        measured = {"metrics": metrics, "measured_at": f"2026-01-0{day}T00:00:00Z"}
        assert admin.put(f"{where}/holdout", HOLDOUT | measured).status == 200
    admin.put(f"{WHERE}/old", HOLDOUT)
    asked = {"metrics": "auc,loss"}
    made = admin.get("/v1/models/fraud/evaluations/holdout/series", query=asked).document
    assert [(one["version"], one["value"]) for one in made["metrics"]["auc"]] == [(1, 0.7), (2, 0.8), (1, 0.9)]
    assert made["metrics"]["auc"][2] == {"version": 1, "measured_at": "2026-01-03T00:00:00.000Z", **RECALL}
    assert [one["value"] for one in made["metrics"]["loss"]] == [1]
    of_one = admin.get("/v1/models/fraud/evaluations/holdout/series", query=asked | {"version": 2}).document
    assert [one["value"] for one in of_one["metrics"]["auc"]] == [0.8]
    admin.delete(f"{other}/holdout")
    again = admin.get("/v1/models/fraud/evaluations/holdout/series", query=asked).document
    assert [one["version"] for one in again["metrics"]["auc"]] == [1, 1]
    assert admin.get("/v1/models/none/evaluations/holdout/series", query=asked).code == "model_not_found"
