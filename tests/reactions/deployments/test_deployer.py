"""Events reach what follows from them, with a line in the log for each outcome."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.target import Policy
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import REGISTRY_LEDGER
from chalicelib.reactions.deployments.deployer import deployer
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments import targets
from tests.registry.build import request
from tests.registry.deployments.deploying import a_target, newest, report, statuses, versions_in_production


def react(event: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Give an event to the deployer as the bus does; the lines that it logs."""
    capsys.readouterr()
    deployer({"detail": json.loads(json.dumps(event))}, SimpleNamespace(aws_request_id="lambda-1"))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_move_opens_a_deployment_once_however_often_its_event_comes(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    (line,) = react(event, capsys)
    assert (line["type"], line["version"], line["target"], line["deployment"]) == ("version.transitioned", 1, "eu", 1)
    (again,) = react(event, capsys)
    assert (again["deployment"], again["reason"]) == (
        None,
        "this move, a newer one or a withdrawal was followed before",
    )
    assert statuses(registry) == ["pending"]


def test_a_failure_is_followed_as_the_policy_says(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    a_target(registry, policy=Policy(roll_back=True))
    for number, event in enumerate(versions_in_production(registry, 2), 1):
        react(event, capsys)
        report(registry, number, "succeeded" if number == 1 else "failed")
    (line,) = react(newest(registry), capsys)
    assert (line["type"], line["target"], line["deployment"]) == ("deployment.failed", "eu", 3)


def test_a_deleted_target_lets_its_models_go(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    react(event, capsys)
    targets.delete_target(registry, request(), "eu")
    (line,) = react(dict(audit.list_events(registry, REGISTRY_LEDGER, "newest", 1, None).items[0]), capsys)
    assert (line["target"], line["withdrawn"]) == ("eu", 1)
    assert statuses(registry) == ["failed"]


def test_events_that_are_not_for_the_deployer_fail_loudly(registry: Services) -> None:
    with pytest.raises(ValueError, match="does not handle"):
        deployer({"detail": {"type": event_types.VERSION_READY}}, SimpleNamespace(aws_request_id="lambda-1"))
