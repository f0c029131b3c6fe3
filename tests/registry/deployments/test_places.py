"""What runs where, now and at a time; and letting go of targets."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.errors import DeploymentClosedError, DeploymentNotFoundError
from chalicelib.domain.ledger.events import REGISTRY_LEDGER
from chalicelib.registry.audit import audit, past
from chalicelib.registry.deployments import deployments, observing, places, reporting, targets, withdrawing
from chalicelib.registry.models import models
from chalicelib.registry.versions import versions
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, model, request
from tests.registry.deployments.deploying import (
    a_target,
    moved,
    newest,
    open_for,
    report,
    statuses,
    told,
    versions_in_production,
)


def deleted(registry: Services, name: str = "eu") -> dict[str, Any]:
    """The event of a target that was deleted."""
    targets.delete_target(registry, request(), name)
    return dict(audit.list_events(registry, REGISTRY_LEDGER, "newest", 1, None).items[0])


def everything(_: str) -> bool:
    return True


def test_a_target_lists_its_models_that_the_caller_may_read(registry: Services) -> None:
    a_target(registry)
    for name in ("fraud", "churn", "price"):
        open_for(registry, moved(registry, model(registry, name)))
    shown = places.places_on(registry, "eu", lambda name: name != "churn", 100, None)
    assert [now.model for now in shown.items] == ["fraud", "price"]
    paged = places.places_on(registry, "eu", everything, 2, None)
    assert [now.model for now in paged.items] == ["churn", "fraud"]
    assert [now.model for now in places.places_on(registry, "eu", everything, 2, paged.next_start).items] == ["price"]
    assert places.places_on(registry, "nowhere", everything, 10, None).items == ()


def test_all_targets_of_a_model_are_told_however_many_there_are(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    for name in ("ap", "eu", "us"):
        a_target(registry, name)
        observing.observe(registry, request(), name, MODEL, 1, "")
    monkeypatch.setattr(places, "_PAGE", 2)
    assert [one.target for one in places.places_of(registry, MODEL)] == ["ap", "eu", "us"]


def test_what_a_target_served_is_known_for_any_time(registry: Services) -> None:
    a_target(registry)
    begun = registry.clock()
    times = []
    for number, event in enumerate(versions_in_production(registry, 2), 1):
        pass_time(registry, timedelta(hours=1))
        open_for(registry, event)
        report(registry, number, "succeeded")
        times.append(registry.clock())
    pass_time(registry, timedelta(hours=1))

    def served(time: Any) -> list[int | None]:
        return [then.version for then in places.places_on_as_of(registry, "eu", time, everything, 10, None).items]

    assert [served(time) for time in (begun, *times, registry.clock())] == [[None], [1], [2], [2]]
    pointers = past.pointers_as_of(registry, MODEL, times[0], 10, None).items
    assert {at.pointer: at.version for at in pointers}["target:eu"] == 1


def test_deployments_are_listed_newest_first_and_by_target_and_status(registry: Services) -> None:
    a_target(registry)
    a_target(registry, "us")
    for event in versions_in_production(registry, 2):
        open_for(registry, event)
    page = deployments.list_deployments(registry, MODEL, 3, None)
    assert [(one.number, one.target) for one in page.items] == [(4, "us"), (3, "eu"), (2, "us")]
    rest = deployments.list_deployments(registry, MODEL, 3, page.next_start)
    assert [one.number for one in rest.items] == [1]
    of_eu = deployments.list_deployments(registry, MODEL, 9, None, "eu").items
    assert [(one.number, one.status.value) for one in of_eu] == [(3, "pending"), (1, "superseded")]
    pending = deployments.list_deployments(registry, MODEL, 9, None, None, of_eu[0].status).items
    assert [one.number for one in pending] == [4, 3]
    with pytest.raises(DeploymentNotFoundError):
        deployments.get_deployment(registry, MODEL, 5)


def test_a_list_says_how_deployments_in_progress_stand(registry: Services) -> None:
    a_target(registry)
    a_target(registry, "us")
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    report(registry, 1, "succeeded", "in service")
    report(registry, 2, "in_progress", "begun")
    report(registry, 2, "in_progress", "half of it", links={"Argo": "https://argo.example.com/fraud"})
    listed = deployments.list_deployments(registry, MODEL, 10, None).items
    assert [(one.number, one.detail) for one in listed] == [(2, "half of it"), (1, "in service")]
    assert listed[0].links == {"Argo": "https://argo.example.com/fraud"}


def test_a_target_deleted_under_a_running_deployment_ends_it_with_the_reason(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "in_progress")
    open_for(registry, second)
    event = deleted(registry)
    assert withdrawing.withdraw_all(registry, event) == 1
    assert statuses(registry) == ["failed", "failed"]
    assert deployments.get_deployment(registry, MODEL, 1).detail == (
        "The model was taken off the target: the target eu was deleted."
    )
    assert told(registry)[-3:] == [("failed", "1"), ("failed", "2"), ("withdrawn", "2")]
    assert places.places_of(registry, MODEL) == ()
    # Nothing is needed there any more.
    assert models.model_head(registry, MODEL).deployed == {}
    with pytest.raises(DeploymentClosedError):
        reporting.report(registry, request(), MODEL, 1, Report(Status.SUCCEEDED))
    since = newest(registry)["sequence"]
    assert withdrawing.withdraw_all(registry, event) == 0
    assert newest(registry)["sequence"] == since


def test_a_target_that_was_made_anew_before_the_event_of_its_end_came_keeps_its_models(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    gone = deleted(registry)
    a_target(registry)
    observing.observe(registry, request(), "eu", MODEL, 1, "")
    assert withdrawing.withdraw_all(registry, gone) == 0
    (now,) = places.places_of(registry, MODEL)
    assert now.place is not None and now.heartbeat is not None
    assert report(registry, 1, "succeeded").status == "succeeded"


def test_a_model_taken_off_a_target_comes_back_with_a_newer_move_only(registry: Services) -> None:
    a_target(registry)
    missed, followed = versions_in_production(registry, 2)
    open_for(registry, followed)
    report(registry, 1, "succeeded")
    withdrawing.withdraw(registry, request(), MODEL, "eu")
    # The events come again, for example replayed from the archive of the bus.
    assert [open_for(registry, event) for event in (missed, followed)] == [[None], [None]]
    assert (list(places.models_on(registry, "eu")), statuses(registry)) == ([], ["succeeded"])
    assert open_for(registry, moved(registry)) == [2]
    assert open_for(registry, followed) == [None]


def test_a_model_taken_off_a_target_can_let_its_versions_go(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    report(registry, 1, "succeeded")
    moved(registry)
    observing.observe(registry, request(), "eu", MODEL, 1, "")
    withdrawing.withdraw(registry, request(), MODEL, "eu")
    assert places.places_of(registry, MODEL) == ()
    versions.delete_version(registry, request(), MODEL, "1")
    with pytest.raises(DeploymentNotFoundError):
        withdrawing.withdraw(registry, request(), MODEL, "eu")
