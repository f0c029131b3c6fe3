"""Alerts of PagerDuty: each is resolved by the event that ends what it was about, with the same key."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger import event_types
from chalicelib.domain.triggers.pagerduty import MAX_DEDUP_KEY, dedup_key
from chalicelib.domain.webhooks.deliveries import Answer
from tests.domain.triggers.build import EVENTS, SECRET, event, sent, webhook

PAGERDUTY = FORMATS.named("pagerduty")


def alert(told: dict[str, Any] | None) -> dict[str, Any]:
    """The alert that an event makes, which PagerDuty would take.

    https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
    """
    message = sent(webhook("pagerduty", interface="https://models.example.com/ui"), told)
    document: dict[str, Any] = json.loads(message.body)
    assert len(message.body) < 512 * 1024
    assert document["routing_key"] == SECRET
    assert 1 <= len(document["dedup_key"]) <= 255
    if document["event_action"] == "trigger":
        payload = document["payload"]
        assert 1 <= len(payload["summary"]) <= 1_024 and payload["source"]
        assert payload["severity"] in ("critical", "error", "warning", "info")
    else:
        assert document.keys() == {"routing_key", "event_action", "dedup_key"}
    return document


def registry_event(event_type: str, **fields: Any) -> dict[str, Any]:
    return event(event_type, ledger="registry", model=None, version=None, subject="w9", **fields)


def deployment(event_type: str, version: int = 3, **fields: Any) -> dict[str, Any]:
    return event(f"deployment.{event_type}", version=version, subject="12", after={"target": "eu"}, **fields)


def monitor(event_type: str, version: int = 3, **fields: Any) -> dict[str, Any]:
    return event(f"monitor.{event_type}", version=version, subject="amounts", **fields)


@pytest.mark.parametrize(
    ("raised", "ended"),
    [
        (deployment("failed"), deployment("succeeded", version=4)),
        (deployment("drifted"), deployment("agreed", version=4)),
        (monitor("alarmed"), monitor("recovered")),
        (monitor("silent"), monitor("judged", version=4, after={"verdict": "ok"})),
        (monitor("alarmed"), monitor("deleted", after=None)),
        (registry_event("webhook.disabled", after={"enabled": False}), registry_event("webhook.deleted", after=None)),
        (
            registry_event("webhook.disabled", after={"enabled": False}),
            registry_event("webhook.updated", after={"enabled": True}),
        ),
    ],
)
def test_recovery_resolves_the_alert_with_the_same_key(raised: dict[str, Any], ended: dict[str, Any]) -> None:
    first, last = alert(raised), alert(ended)
    assert (first["event_action"], last["event_action"]) == ("trigger", "resolve")
    assert first["dedup_key"] == last["dedup_key"]


def test_alerts_about_different_things_have_different_keys() -> None:
    told = [
        deployment("failed"),
        deployment("drifted"),
        monitor("alarmed"),
        event("deployment.failed", after={"target": "us"}),
        event("deployment.failed", model="credit", after={"target": "eu"}),
        event("model.state_differs"),
        event("registry.state_differs", ledger="registry", model=None),
        registry_event("webhook.disabled"),
        None,
    ]
    assert len({alert(one)["dedup_key"] for one in told}) == len(told)


def test_only_events_that_raise_or_end_an_alert_are_sent() -> None:
    def planned(told: dict[str, Any]) -> int:
        return len(PAGERDUTY.deliveries(told, {}))

    assert planned(event("version.transitioned")) == 0
    assert planned(deployment("started")) == 0
    assert planned(registry_event("webhook.updated", after={"description": "x"})) == 0
    assert planned(registry_event("webhook.updated", after={"enabled": False})) == 0
    assert planned(registry_event("webhook.updated", after={"enabled": True})) == 1
    assert planned(event("model.state_differs")) == 1
    assert planned(monitor("judged", after={"verdict": "warning"})) == 0
    assert planned(monitor("judged", after={"verdict": "ok"})) == 1


@settings(max_examples=25)
@given(EVENTS)
def test_pagerduty_takes_whatever_an_event_says(told: dict[str, Any]) -> None:
    alert({**told, "type": "model.state_differs"})


@given(st.text(max_size=600), st.text(max_size=600))
def test_keys_fit_and_differ_when_subjects_do(one: str, other: str) -> None:
    assert len(dedup_key(one)) <= MAX_DEDUP_KEY
    assert (dedup_key(one) == dedup_key(other)) == (one == other)
    long = "x" * 300
    assert dedup_key(long + one) != dedup_key(long + "y" + one)


def test_an_alert_says_what_happened_and_links_the_model() -> None:
    document = alert(event("model.state_differs", details={"count": 2}, version=None))
    assert document["payload"]["summary"] == "Model state differs: fraud"
    assert document["payload"]["severity"] == "critical"
    assert document["payload"]["custom_details"]["details"] == {"count": 2}
    assert document["links"][0]["href"] == "https://models.example.com/ui/models/fraud"
    assert alert(None)["payload"]["severity"] == "info"


@pytest.mark.parametrize(
    ("status", "error", "final"), [(202, False, False), (200, True, False), (400, True, True), (429, True, False)]
)
def test_only_202_is_success(status: int, error: bool, final: bool) -> None:
    verdict = PAGERDUTY.verdict(Answer(status))
    assert ((verdict.error is not None), verdict.final) == (error, final)


@pytest.mark.parametrize("name", ["pagerduty", "slack", "teams", "github-workflow"])
def test_the_events_of_a_webhook_without_a_choice_exist(name: str) -> None:
    chosen = set(FORMATS.named(name).default_events)
    assert chosen and chosen <= event_types.ALL
