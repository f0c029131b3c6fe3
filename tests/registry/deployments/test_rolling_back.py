"""After a failure, the last good version is deployed again, and the stage or alias moves back, as the policy says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.target import Policy
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.deployments import deployments, opening
from chalicelib.registry.deployments.rolling_back import roll_back_failed
from chalicelib.registry.lifecycle import sweep
from chalicelib.registry.models import models
from chalicelib.registry.promotion import scheme_assignment
from chalicelib.registry.schemes import saving
from tests.domain.schemes.documents import document
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, model, ready, request
from tests.registry.deployments.deploying import (
    a_target,
    moved,
    newest,
    open_for,
    place,
    pointed,
    report,
    roll_back,
    statuses,
    told,
    versions_in_production,
)

ROLL_BACK = Policy(roll_back=True)
MOVE_BACK = Policy(roll_back=True, move_back=True)


def one_good_one_failed(registry: Services, policy: Policy) -> None:
    a_target(registry, policy=policy)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    open_for(registry, second)
    report(registry, 2, "failed", "crash loop")


def test_without_a_policy_a_failure_is_only_told(registry: Services) -> None:
    one_good_one_failed(registry, Policy())
    followed = roll_back(registry)
    assert (followed.deployment, followed.reason) == (None, "the policy does not roll back")
    assert statuses(registry) == ["succeeded", "failed"]
    assert (place(registry).wanted, place(registry).good, place(registry).active) == (2, 1, 0)


def test_the_last_good_version_is_deployed_again_and_the_failed_one_is_rolled_back_once_it_serves(
    registry: Services,
) -> None:
    one_good_one_failed(registry, ROLL_BACK)
    failure = newest(registry)
    assert roll_back(registry).deployment == 3
    opened = deployments.get_deployment(registry, MODEL, 3)
    assert (opened.version, opened.rolls_back) == (1, 2)
    assert opened.reason == "deployment 2 of version 2 on eu failed: crash loop"
    assert (opened.cause.event_id, newest(registry)["trigger"]) == (failure["id"], "rollback")
    since = newest(registry)["sequence"]
    report(registry, 3, "succeeded")
    assert told(registry, since) == [("succeeded", "3"), ("rolled_back", "2")]
    assert statuses(registry) == ["succeeded", "rolled_back", "succeeded"]
    assert deployments.get_deployment(registry, MODEL, 2).rolled_back_by == 3


def test_a_failure_whose_event_comes_twice_or_late_rolls_back_once(registry: Services) -> None:
    one_good_one_failed(registry, ROLL_BACK)
    failure = newest(registry)
    assert [roll_back_failed(registry, failure).deployment for _ in range(2)] == [3, None]
    open_for(registry, moved(registry))
    assert roll_back_failed(registry, failure).deployment is None
    assert statuses(registry) == ["succeeded", "failed", "superseded", "pending"]


def test_a_move_that_was_made_before_the_roll_back_but_comes_later_still_wins(registry: Services) -> None:
    a_target(registry, policy=ROLL_BACK)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    open_for(registry, second)
    third = moved(registry)
    report(registry, 2, "failed")
    assert roll_back(registry).deployment == 3
    assert open_for(registry, third) == [4]
    assert (place(registry).wanted, statuses(registry)) == (3, ["succeeded", "failed", "superseded", "pending"])


def test_the_stage_moves_back_with_the_target_and_its_own_event_deploys_nothing_more(registry: Services) -> None:
    one_good_one_failed(registry, MOVE_BACK)
    failure = newest(registry)
    followed = roll_back(registry)
    assert models.model_head(registry, MODEL).holder("production") == 1
    assert followed.deployment == 3 and "moved back to version 1" in followed.reason
    (move,) = [event for event in _events(registry) if event["trigger"] == "rollback" and event["version"] == 1][:1]
    assert (move["type"], move["actor"]) == ("version.transitioned", "rule:deployments")
    assert "crash loop" in move["reason"]
    assert open_for(registry, move) == [None]
    assert roll_back_failed(registry, failure).deployment is None
    assert statuses(registry) == ["succeeded", "failed", "pending"]


def test_a_move_back_that_the_scheme_refuses_is_recorded_and_the_target_is_rolled_back_alone(
    registry: Services,
) -> None:
    stages = [{"name": "draft"}, {"name": "production", "exclusive": True}, {"name": "gone"}]
    transitions = [{"from": "draft", "to": "production"}, {"from": ["draft", "production"], "to": "gone"}]
    scheme = document(name="strict", stages=stages, transitions=transitions, rollback={"allowed": False})
    saving.save_scheme(registry, request(), scheme)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "strict", None)
    a_target(registry, policy=MOVE_BACK)
    for number, status in ((1, "succeeded"), (2, "failed")):
        open_for(registry, moved(registry))
        report(registry, number, status)
    assert roll_back(registry).deployment == 3
    assert models.model_head(registry, MODEL).holder("production") == 2
    reason = deployments.get_deployment(registry, MODEL, 3).reason
    assert reason is not None and "was not moved back: The scheme 'strict' allows no roll-back" in reason


def test_an_alias_moves_back_with_its_target_unless_it_is_protected(registry: Services) -> None:
    a_target(registry, policy=MOVE_BACK, alias="live")
    model(registry)
    for number, status in ((1, "succeeded"), (2, "failed")):
        ready(registry)
        open_for(registry, pointed(registry, "live", number))
        report(registry, number, status)
    assert roll_back(registry).deployment == 3
    assert models.model_head(registry, MODEL).alias("live").version == 1
    report(registry, 3, "succeeded")
    aliases.protect_alias(registry, request(), MODEL, "live", True)
    open_for(registry, pointed(registry, "live", 2))
    report(registry, 4, "failed")
    assert "is protected" in roll_back(registry).reason
    assert models.model_head(registry, MODEL).alias("live").version == 2


def test_a_newer_move_whose_event_is_still_to_come_is_not_taken_back(registry: Services) -> None:
    a_target(registry, policy=MOVE_BACK)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    open_for(registry, second)
    third = moved(registry)
    report(registry, 2, "failed")
    followed = roll_back(registry)
    assert models.model_head(registry, MODEL).holder("production") == 3
    assert followed.deployment == 3 and "was not moved back" in followed.reason and "version 3" in followed.reason
    assert open_for(registry, third) == [4]
    assert (place(registry).wanted, statuses(registry)) == (3, ["succeeded", "failed", "superseded", "pending"])


def test_an_alias_that_was_pointed_elsewhere_meanwhile_is_not_taken_back(registry: Services) -> None:
    a_target(registry, policy=MOVE_BACK, alias="live")
    model(registry)
    for number in (1, 2, 3):
        ready(registry)
        event = pointed(registry, "live", number)
        if number < 3:
            open_for(registry, event)
            report(registry, number, "succeeded" if number == 1 else "in_progress")
    report(registry, 2, "failed")
    assert "was not moved back" in roll_back(registry).reason
    assert models.model_head(registry, MODEL).alias("live").version == 3


def test_a_first_deployment_that_fails_has_nothing_to_return_to(registry: Services) -> None:
    a_target(registry, policy=MOVE_BACK)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    report(registry, 1, "failed")
    assert roll_back(registry).deployment is None
    assert models.model_head(registry, MODEL).holder("production") == 1


def test_a_failure_of_a_model_that_is_gone_is_not_followed(registry: Services) -> None:
    a_target(registry, policy=ROLL_BACK)
    for event in versions_in_production(registry, 1):
        open_for(registry, event)
    report(registry, 1, "failed")
    followed = roll_back_failed(registry, {**newest(registry), "model": "gone"})
    assert (followed.deployment, followed.reason) == (None, "The model 'gone' has no deployment 1.")


def test_a_platform_that_rolled_back_by_itself_serves_the_good_version_again(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    open_for(registry, second)
    report(registry, 2, "rolled_back", "alarm")
    now = place(registry)
    assert (now.wanted, now.served, now.good) == (2, 1, 1)
    assert statuses(registry) == ["succeeded", "rolled_back"]


def test_a_deployment_that_nobody_ends_is_given_up_by_the_keeper(registry: Services) -> None:
    a_target(registry, policy=replace(ROLL_BACK, give_up_after=600))
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "in_progress")
    open_for(registry, second)
    pass_time(registry, timedelta(seconds=599))
    assert sweep.sweep_due(registry, "keeper-1") == 0
    pass_time(registry, timedelta(seconds=2))
    assert sweep.sweep_due(registry, "keeper-2") == 1
    given_up = deployments.get_deployment(registry, MODEL, 1)
    assert given_up.detail == "Nobody reported within 600 seconds that it was ended, so it was given up."
    assert (given_up.status, given_up.reported_by) == ("failed", "keeper")
    # The time of the next begins with its turn.
    assert (place(registry).active, sweep.sweep_due(registry, "keeper-3")) == (2, 0)
    pass_time(registry, timedelta(seconds=601))
    assert sweep.sweep_due(registry, "keeper-4") == 1
    assert statuses(registry) == ["failed", "failed"]
    assert opening.retry(registry, request(), MODEL, 2, None).result.status == "pending"


def _events(registry: Services) -> list[dict[str, Any]]:
    return list(audit.list_events(registry, f"model:{MODEL}", "oldest", 100, None).items)
