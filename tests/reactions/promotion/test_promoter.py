"""Events reach the judgement or the schemes' followers that they are for, with a line in the log for each outcome."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.reactions.promotion.promoter import promoter
from chalicelib.registry.audit import audit
from chalicelib.registry.models import models
from chalicelib.registry.promotion import scheme_assignment, stages
from chalicelib.registry.schemes import saving
from tests.registry.build import model, ready, request

OWN = {
    "name": "own",
    "stages": [{"name": "draft"}, {"name": "live"}, {"name": "gone"}],
    "transitions": [{"from": "draft", "to": "live"}, {"from": "live", "to": "gone"}],
    "initial": "draft",
    "archive": "gone",
}


def last_event(registry: Services, ledger: str) -> dict[str, Any]:
    event: dict[str, Any] = audit.list_events(registry, ledger, "newest", 1, None).items[0]
    return event


def react(event: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Give an event to the promoter as the bus does; the lines that it logs."""
    capsys.readouterr()
    promoter({"detail": json.loads(json.dumps(event))}, SimpleNamespace(aws_request_id="lambda-1"))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_ready_version_is_promoted_once_however_often_its_event_comes(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    model(registry)
    models.set_rule(registry, request(), "fraud", PromotionRule("auc", "production", at_least=0.8))
    ready(registry, metrics={"auc": 0.9})
    event = last_event(registry, "model:fraud")
    (line,) = react(event, capsys)
    assert (line["type"], line["version"], line["event_id"]) == ("version.ready", 1, event["id"])
    assert line["promoted"] is True
    (again,) = react(event, capsys)
    assert (again["promoted"], again["reason"]) == (False, "promoted before, when the same event came first")
    assert {stage.name: stage.version for stage in stages.list_stages(registry, "fraud")}["production"] == 1
    assert last_event(registry, "model:fraud")["sequence"] == event["sequence"] + 1


def test_a_saved_scheme_is_handed_to_its_followers(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    saving.save_scheme(registry, request(), OWN)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    saving.save_scheme(registry, request(), {**OWN, "description": "second"})
    (line,) = react(last_event(registry, "registry"), capsys)
    assert (line["scheme"], line["given"], line["unfit"]) == ("own", 1, [])
    assert models.model_head(registry, "fraud").scheme.version == 2


def test_a_model_that_was_given_a_scheme_gets_a_version_saved_meanwhile(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    saving.save_scheme(registry, request(), OWN)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    assigned = last_event(registry, "model:fraud")
    saving.save_scheme(registry, request(), {**OWN, "description": "second"})
    lines = react(assigned, capsys)
    assert {"scheme": "own", "given": 1}.items() <= lines[0].items()
    assert models.model_head(registry, "fraud").scheme.version == 2


def test_an_event_that_the_rule_should_not_send_is_an_error() -> None:
    event = {"type": event_types.WEBHOOK_UPDATED, "id": "e1", "model": None, "version": None}
    with pytest.raises(ValueError, match=r"does not handle webhook.updated"):
        promoter({"detail": event}, SimpleNamespace(aws_request_id="lambda-1"))
