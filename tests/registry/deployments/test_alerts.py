"""Deployments that fail and targets that drift raise alerts, which the events that end them resolve."""

import json

from chalicelib.aws.services import Services
from chalicelib.domain.formats import FORMATS
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments import observing, withdrawing
from tests.domain.triggers.build import sent, webhook
from tests.registry.arranged import a_deployment, a_drifting_target, a_target, reported
from tests.registry.build import request
from tests.registry.writes import a_place

PAGERDUTY = webhook("pagerduty")


def alerts(registry: Services, name: str) -> list[tuple[str, str]]:
    """What PagerDuty is told of a model's deployments, in their order: the action and the key."""
    told = []
    for event in audit.list_events(registry, f"model:{name}", "oldest", 100, None).items:
        if event["type"] in PAGERDUTY.events:
            for planned in FORMATS.named("pagerduty").deliveries(event, {}):
                document = json.loads(sent(PAGERDUTY, event, part=planned.part).body)
                told.append((document["event_action"], document["dedup_key"]))
    return told


def test_a_deployment_that_succeeds_resolves_the_alert_of_the_one_that_failed_on_its_target(
    registry: Services,
) -> None:
    for status in ("failed", "succeeded"):
        reported(registry, "fraud", a_deployment(registry, "fraud"), status)
    target = a_target(registry, "fraud")
    key = f"moorage/deployment/fraud/{target}"
    assert alerts(registry, "fraud") == [("trigger", key), ("resolve", key)]


def test_a_target_that_serves_what_is_wanted_again_resolves_the_alert_of_its_drift(registry: Services) -> None:
    target = a_drifting_target(registry, "fraud")
    observing.observe(registry, request(), target, "fraud", a_place(registry, "fraud").wanted, "")
    key = f"moorage/drift/fraud/{target}"
    assert alerts(registry, "fraud")[1:] == [("trigger", key), ("resolve", key)]


def test_taking_the_model_off_the_target_resolves_every_alert_there(registry: Services) -> None:
    target = a_drifting_target(registry, "fraud")
    a_deployment(registry, "fraud")
    withdrawing.withdraw(registry, request(), "fraud", target)
    failure, drift = (f"moorage/{what}/fraud/{target}" for what in ("deployment", "drift"))
    assert alerts(registry, "fraud")[-4:] == [
        ("trigger", drift),
        ("trigger", failure),
        ("resolve", failure),
        ("resolve", drift),
    ]
