"""Monitors over HTTP: who may do what, every answer in its published form, and every fault at its place."""

from typing import Any

import pytest

from chalicelib.api.monitoring.schemas import (
    JudgedView,
    MonitorSummaryView,
    MonitorView,
    ReceivedView,
    WindowView,
)
from chalicelib.api.overviews.schemas import ModelOverviewView
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from tests.api.gateway import Caller, granted
from tests.domain.monitoring.build import START, numeric
from tests.registry.build import model, ready
from tests.registry.monitoring.watched import hours_on, set_clock

MONITOR = "/v1/models/fraud/monitors/amounts"
BASELINE = [numeric(n=10_000).document()]
SINGLE_EDGE = numeric((0.5, 0.5)).document()
SHIFTED = numeric((0.6, 0.3, 0.1)).document()


@pytest.fixture
def served(registry: Services) -> Services:
    set_clock(registry, 0)
    model(registry)
    ready(registry)
    return registry


def save(caller: Caller, **body: Any) -> dict[str, Any]:
    saved = caller.put(MONITOR, {"kind": "drift", "selector": "1", "baseline": BASELINE, **body})
    assert saved.status == 200, saved.text
    document: dict[str, Any] = saved.document
    return document


def window(hour: int) -> str:
    return f"{MONITOR}/windows/{hours_on(hour)}"


def test_a_monitor_is_saved_shown_listed_and_deleted(admin: Caller, served: Services) -> None:
    saved = save(admin, on_alarm=[{"do": "roll_back", "pointer": "alias:champion"}, {"do": "fail_check"}])
    MonitorView.model_validate(saved)
    assert (saved["effect"], saved["alpha"], saved["breaches"], saved["of"], saved["silent_after"]) == (
        0.1,
        0.01,
        2,
        3,
        2,
    )
    assert saved["on_alarm"] == [{"do": "fail_check"}, {"do": "roll_back", "pointer": "alias:champion"}]
    assert saved["baseline"] == BASELINE
    assert admin.get(MONITOR).document == saved
    (listed,) = admin.get("/v1/models/fraud/monitors").document["items"]
    MonitorSummaryView.model_validate(listed)
    assert listed == {name: value for name, value in saved.items() if name != "baseline"}
    assert admin.delete(MONITOR).status == 204
    assert admin.get(MONITOR).document["code"] == "monitor_not_found"


def test_how_features_share_the_chance_is_kept_and_equally_by_default(admin: Caller, served: Services) -> None:
    assert save(admin)["correction"] == "bonferroni"
    chosen = save(admin, statistic="wasserstein", correction="benjamini_hochberg")
    assert (chosen["statistic"], chosen["effect"], chosen["correction"]) == ("wasserstein", 0.1, "benjamini_hochberg")
    assert admin.get(MONITOR).document == chosen
    assert save(admin)["correction"] == "bonferroni"


def test_what_is_sent_without_a_baseline_keeps_it_and_an_empty_one_drops_it(admin: Caller, served: Services) -> None:
    save(admin)
    save(admin, baseline_from="the holdout of version 7")
    kept = save(admin, baseline=None, min_n=300)
    assert (kept["baseline"], kept["baseline_from"]) == (BASELINE, "the holdout of version 7")
    refused = admin.put(MONITOR, {"kind": "drift", "baseline_from": "nowhere"})
    assert (refused.status, refused.document["code"]) == (400, "invalid_input")
    assert save(admin, baseline=[])["baseline"] == []


def test_windows_lead_to_an_alarm_that_the_overview_shows(admin: Caller, served: Services) -> None:
    save(admin)
    set_clock(served, 2)
    for hour in (0, 1):
        received = admin.put(window(hour), {"n": 1_000, "features": [SHIFTED]}, query={"source": "eu"})
        assert received.status == 200, received.text
        ReceivedView.model_validate(received.document)
    assert received.document["standing"]["verdict"] == "alarm"
    listed = admin.get(f"{MONITOR}/windows").document["items"]
    for one in listed:
        WindowView.model_validate(one)
    assert [(one["start"], one["source"]) for one in listed] == [(hours_on(1), "eu"), (hours_on(0), "eu")]
    judged = admin.get(f"{MONITOR}/judgement", query={"version": "1", "windows": "1"}).document
    JudgedView.model_validate(judged)
    assert (judged["verdict"], judged["standing"]["verdict"], len(judged["windows"])) == ("alarm", "alarm", 1)
    assert judged["windows"][0]["findings"][0]["name"] == "amount"
    overview = admin.get("/v1/models/fraud/overview").document
    ModelOverviewView.model_validate(overview)
    assert [(one["name"], one["verdict"], one["version"]) for one in overview["monitors"]] == [("amounts", "alarm", 1)]


def test_a_batch_takes_up_to_25_windows(admin: Caller, served: Services) -> None:
    save(admin)
    set_clock(served, 30)
    batch = [{"start": hours_on(hour), "n": 1_000, "features": [SHIFTED]} for hour in range(25)]
    received = admin.post(f"{MONITOR}/windows", {"windows": batch})
    assert (received.status, received.document["standing"]["verdict"]) == (200, "alarm")
    judged = admin.get(f"{MONITOR}/judgement", query={"windows": "10"}).document
    assert [one["start"] for one in judged["windows"]] == [hours_on(hour) for hour in range(15, 25)]
    more = admin.post(f"{MONITOR}/windows", {"windows": [*batch, {"start": hours_on(26), "n": 0}]})
    assert (more.status, more.document["errors"][0]["pointer"]) == (400, "/windows")
    first = admin.get(f"{MONITOR}/windows", query={"limit": "20"}).document
    second = admin.get(f"{MONITOR}/windows", query={"limit": "20", "cursor": first["next_cursor"]}).document
    starts = [one["start"] for one in (*first["items"], *second["items"])]
    assert starts == sorted(starts, reverse=True)
    assert (len(starts), second["next_cursor"]) == (25, None)


def test_a_metric_is_a_number_or_says_of_how_many_examples_it_is(admin: Caller, served: Services) -> None:
    save(admin, kind="performance", baseline=None, metrics={"accuracy": {"at_least": 0.9}})
    set_clock(served, 1)
    body = {"n": 1_000, "metrics": {"accuracy": 0.95, "recall": {"value": 0.5, "n": 40}}}
    assert admin.put(window(0), body).document["standing"]["verdict"] == "ok"
    (kept,) = admin.get(f"{MONITOR}/windows").document["items"]
    assert kept["metrics"] == {"accuracy": {"value": 0.95, "n": 1_000}, "recall": {"value": 0.5, "n": 40}}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"n": -1}, "/n"),
        ({"n": 1_000, "features": [{**SHIFTED, "n": 999}]}, "/features/0"),
        ({"n": 1_000, "features": [{**SHIFTED, "counts": [1, -1, 2], "n": 2}]}, "/features/0/counts/1"),
        ({"n": 1_000, "features": [{**SHIFTED, "edges": [1, 2]}]}, "/features/0/edges"),
        ({"n": 1_000, "metrics": {"a": {"value": 1}}}, "/metrics/a"),
        ({"n": 1_000, "features": [SHIFTED], "measured_at": START}, "/measured_at"),
        ({"n": 1_000, "features": [SHIFTED], "version": 9}, "/version"),
    ],
)
def test_a_window_that_contradicts_itself_is_refused(
    admin: Caller, served: Services, body: dict[str, Any], pointer: str
) -> None:
    save(admin)
    set_clock(served, 1)
    refused = admin.put(window(0), body)
    assert refused.status == 400, refused.text
    assert refused.document["errors"][0]["pointer"].startswith(pointer)


def test_times_that_are_no_windows_and_names_that_are_none_are_refused(admin: Caller, served: Services) -> None:
    save(admin)
    no_end = "9999-12-31T23:00:00Z"
    for start, status in (("2026-11-23T00:30:00Z", 400), ("yesterday", 400), (hours_on(5), 400), (no_end, 400)):
        assert admin.put(f"{MONITOR}/windows/{start}", {"n": 0}).status == status
    assert admin.put("/v1/models/fraud/monitors/Not-A-Name", {"kind": "drift"}).document["code"] == "invalid_name"
    set_clock(served, 1)
    bad = admin.put(window(0), {"n": 0}, query={"source": "a b"})
    assert bad.document["code"] == "invalid_name"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "drift", "on_alarm": [{"do": "move"}]}, "/on_alarm/0"),
        ({"kind": "drift", "on_alarm": [{"do": "freeze", "to_stage": "archived"}]}, "/on_alarm/0"),
        ({"kind": "performance"}, "/metrics"),
        ({"kind": "drift", "alpha": 0}, "/alpha"),
        ({"kind": "drift", "correction": "holm"}, "/correction"),
        ({"kind": "drift", "statistic": "wasserstein", "baseline": [SINGLE_EDGE]}, "/statistic"),
        ({"kind": "drift", "baseline": {"version": "1"}}, "/baseline"),
    ],
)
def test_a_definition_that_says_nothing_sensible_is_refused(
    admin: Caller, served: Services, body: dict[str, Any], pointer: str
) -> None:
    refused = admin.put(MONITOR, {"selector": "1", **body})
    assert refused.status == 400, refused.text
    assert refused.document["errors"][0]["pointer"].startswith(pointer)


def test_reporters_put_windows_and_do_not_define_monitors(admin: Caller, served: Services) -> None:
    save(admin)
    set_clock(served, 1)
    reporter, reader = granted(admin, Role.CONTRIBUTOR), granted(admin, Role.VIEWER)
    assert reporter.put(window(0), {"n": 0}).status == 200
    assert reporter.put(MONITOR, {"kind": "drift"}).status == 403
    assert reader.get(MONITOR).status == 200
    assert reader.put(window(0), {"n": 0}).status == 403
