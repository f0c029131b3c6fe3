"""One id leads through a release: the call that began it, what rules did after it, deployments, deliveries, logs."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.correlation import correlated
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.domain.schedules.schedule import Job
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.reactions.deployments.deployer import deployer
from chalicelib.reactions.ledger.relay import relay
from chalicelib.reactions.promotion.promoter import promoter
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments.deployments import get_deployment
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from tests.reactions.ledger.test_relay import stream_records
from tests.reactions.webhooks.receiving import DeliveryQueueDouble, Receiver, last_event, notify, webhook
from tests.registry import proven
from tests.registry.arranged import a_schedule, a_version_that_a_rule_moves, pass_time
from tests.registry.build import MODEL, model, ready, request
from tests.registry.deployments.deploying import a_target, moved, newest, report
from tests.registry.ledger.bus import Bus

LAMBDA = SimpleNamespace(aws_request_id="lambda-1")


def events_of(registry: Services, ledger: str) -> list[dict[str, Any]]:
    """The events of a ledger, oldest first."""
    return [dict(event) for event in audit.list_events(registry, ledger, "oldest", 100, None).items]


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_call_without_an_id_begins_something_of_its_own(registry: Services) -> None:
    model(registry)
    assert newest(registry)["correlation_id"] == newest(registry)["request_id"] == "request-1"


def test_what_the_promoter_does_carries_the_id_of_what_caused_it(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    model(registry)
    models.set_rule(registry, request(), MODEL, PromotionRule("auc", "production", at_least=0.8))
    with correlated("release-7"):
        ready(registry, metrics={"auc": 0.9})
    cause = newest(registry)
    capsys.readouterr()
    promoter({"detail": cause}, LAMBDA)
    moved_by_rule = newest(registry)
    assert (moved_by_rule["actor"], moved_by_rule["request_id"]) == ("rule:promotion", cause["id"])
    assert moved_by_rule["correlation_id"] == "release-7"
    assert {line["correlation_id"] for line in logged(capsys)} == {"release-7"}


def test_a_deployment_keeps_the_id_of_its_release_whoever_reports_it(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    a_target(registry)
    model(registry)
    with correlated("release-7"):
        event = moved(registry)
    capsys.readouterr()
    deployer({"detail": event}, LAMBDA)
    assert {line["correlation_id"] for line in logged(capsys)} == {"release-7"}
    with correlated("pipeline-9"):
        report(registry, 1, "in_progress")
    with correlated("pipeline-10"):
        report(registry, 1, "succeeded")
    told = [one for one in events_of(registry, f"model:{MODEL}") if one["type"].startswith("deployment.")]
    assert [one["type"] for one in told] == ["deployment.opened", "deployment.started", "deployment.succeeded"]
    assert {one["correlation_id"] for one in told} == {"release-7"}
    assert get_deployment(registry, MODEL, 1).correlation_id == "release-7"
    proven.check(registry)


def test_an_event_of_an_earlier_release_passes_its_request_on(registry: Services) -> None:
    a_target(registry)
    model(registry)
    event = {name: value for name, value in moved(registry).items() if name != "correlation_id"}
    deployer({"detail": event}, LAMBDA)
    assert newest(registry)["correlation_id"] == correlation_of(event) == event["request_id"]


def test_two_schedules_that_one_keeper_fires_are_told_apart(registry: Services) -> None:
    a_version_that_a_rule_moves(registry, "churn")
    a_version_that_a_rule_moves(registry, "fraud")
    due = [a_schedule(registry, name, Job.JUDGE) for name in ("churn", "fraud")]
    pass_time(registry, timedelta(hours=1))
    sweep_due(registry, "run-1")
    for schedule, name in zip(due, ("churn", "fraud"), strict=True):
        fired, finished = (
            one
            for one in events_of(registry, "registry")
            if one["type"] in ("schedule.fired", "schedule.finished") and one["subject"] == schedule
        )
        assert fired["correlation_id"] == finished["correlation_id"] == f"run-1/{schedule}"
        assert newest(registry, name)["type"] == "version.transitioned"
        assert newest(registry, name)["correlation_id"] == f"run-1/{schedule}"


def test_deliveries_send_the_id_and_the_log_of_the_sender_has_it(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook(outgoing, outside.url, models=[MODEL])
    with correlated("release-7"):
        model(outgoing)
    capsys.readouterr()
    notify(last_event(outgoing, f"model:{MODEL}"))
    assert queue.send(queue.receive()) == []
    assert {line["correlation_id"] for line in logged(capsys)} == {"release-7"}
    (received,) = outside.received
    assert received.headers["X-Correlation-Id"] == "release-7"


def test_the_relay_says_of_which_releases_it_put_events_on_the_bus(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    records = stream_records(registry, 3)
    Bus(registry)
    capsys.readouterr()
    relay({"Records": records}, LAMBDA)
    assert [line["correlation_ids"] for line in logged(capsys)] == [["request-1"]]
