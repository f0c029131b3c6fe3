"""Targets into which somebody outside puts the versions, on the deployed stack."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moorage import Client, ConflictError, Grant
from standardwebhooks import Webhook

from tests.e2e.receiver import receiving
from tests.e2e.releases import PROMOTED, RULE, SERVED, Release
from tests.e2e.stack import Stack, eventually


@pytest.fixture
def argo(stack: Stack, release: Release) -> Iterator[Client]:
    """Who puts the versions into service: the reporter of a target that is named like the model, with no role on it."""
    name = f"argo-{release.model}"
    secret = release.registry.tokens.create(name, [Grant("viewer", "another-model")]).token
    release.registry.targets.set(
        release.model,
        environment="production",
        models=[release.model],
        stage="production",
        policy={"roll_back": True, "move_back": True},
        reporters=[f"token:{name}"],
    )
    with Client(stack.url, secret) as reporter:
        yield reporter


def put_into_service(release: Release, argo: Client, number: int) -> None:
    release.opened(number)
    for status in ("in_progress", "succeeded"):
        argo.deployments.report(release.model, number, status, attempt=1)


def test_a_failing_health_check_takes_the_target_and_the_stage_back_and_the_timeline_says_who_and_why(
    release: Release, argo: Client
) -> None:
    release.promote()
    put_into_service(release, argo, 1)
    release.promote("better recall")
    release.opened(2)
    argo.deployments.report(release.model, 2, "in_progress", attempt=1)
    health = "health check: 12 % of the answers are errors"
    argo.deployments.report(release.model, 2, "failed", detail=health, attempt=1)
    put_into_service(release, argo, 3)
    back, bad = (release.registry.deployments.get(release.model, number) for number in (3, 2))
    assert (back.version, back.status, back.rolls_back, back.opened_by) == (1, "succeeded", 2, RULE)
    assert (bad.version, bad.status, bad.rolled_back_by) == (2, "rolled_back", 3)
    assert release.in_production() == 1

    timeline = release.timeline()
    assert timeline.of_version(1) == [*PROMOTED, *SERVED, "version.transitioned", *SERVED]
    failed = ["deployment.opened", "deployment.started", "deployment.failed", "deployment.rolled_back"]
    assert timeline.of_version(2) == [*PROMOTED, *failed]
    told = timeline.of_deployment(2)
    assert timeline.cause(bad).reason == "better recall"
    assert told["deployment.opened"].actor == RULE
    assert {told[kind].actor for kind in failed[1:]} == {f"token:argo-{release.model}"}
    assert told["deployment.failed"].reason == health
    # Whichever event came first opened the deployment: that of the failure, or that of the stage's return.
    assert timeline.cause(back).type in ("deployment.failed", "version.transitioned")
    returned = [event for event in timeline.events if event.type == "version.transitioned"][-1]
    assert (returned.version, returned.trigger, returned.actor) == (1, "rollback", RULE)
    assert returned.reason is not None and health in returned.reason
    assert told["deployment.failed"].sequence < returned.sequence


def test_a_target_that_serves_something_else_is_told_to_a_webhook_once_until_it_agrees(
    release: Release, argo: Client
) -> None:
    model = release.model
    with receiving() as receiver:
        kinds = ["deployment.drifted", "deployment.agreed"]
        hook = release.registry.webhooks.create(url=receiver.url, events=kinds, models=[model])
        release.promote()
        put_into_service(release, argo, 1)
        other = release.registry.register(model, files=[release.file]).number

        def told(count: int) -> list[dict[str, Any]]:
            """The events that the webhook has received, each once, when there are so many."""

            def look() -> dict[str, Any] | None:
                found = {headers["webhook-id"]: (headers, body) for headers, body in receiver.received}
                return found if len(found) >= count else None

            received = eventually(look, f"{count} deliveries", seconds=120)
            assert len(received) == count
            assert hook.secret is not None
            for headers, body in received.values():
                Webhook(hook.secret).verify(body, headers)
            return [json.loads(body)["data"] for _, body in received.values()]

        for _ in range(3):
            assert argo.targets.observe(model, model, other).drifting
        (drifted,) = told(1)
        assert (drifted["type"], drifted["version"], drifted["actor"]) == (kinds[0], 1, f"token:argo-{model}")
        assert (drifted["after"]["wanted"], drifted["after"]["serving"]) == (1, other)
        assert drifted["reason"] == f"{model} serves version {other}; version 1 is wanted"

        digest = release.registry.versions.get(model, 1).digest
        for _ in range(2):
            assert not argo.targets.observe(model, model, 1, digest=digest).drifting
        agreed = told(2)[-1]
        assert (agreed["type"], agreed["after"]["serving"], agreed["after"]["serving_digest"]) == (kinds[1], 1, digest)
        assert [event.type for event in release.timeline().events if event.type in kinds] == kinds
        (place,) = release.registry.deployments.where(model)
        assert place.seen_at is not None and not place.drifting
        release.registry.webhooks.delete(hook.id)


def test_a_deployment_whose_target_is_deleted_ends_and_a_later_report_is_refused(
    release: Release, argo: Client
) -> None:
    release.promote()
    release.opened(1)
    argo.deployments.report(release.model, 1, "in_progress", attempt=1)
    release.registry.targets.delete(release.model)
    let_go = release.ended(1)
    assert (let_go.status, let_go.reported_by) == ("failed", RULE)
    assert f"the target {release.model} was deleted" in let_go.detail
    with pytest.raises(ConflictError) as refused:
        release.registry.deployments.report(release.model, 1, "succeeded", attempt=1)
    assert refused.value.code == "deployment_closed"
    kinds = [event.type for event in release.timeline().events if event.type.startswith("deployment.")]
    assert kinds == ["deployment.opened", "deployment.started", "deployment.failed", "deployment.withdrawn"]
