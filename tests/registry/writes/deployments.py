"""Writes of targets and deployments."""

from typing import Final

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.ledger import event_types
from chalicelib.registry.deployments import observing, opening, places, reporting, rolling_back, targets, withdrawing
from chalicelib.registry.lifecycle import sweep
from tests.registry.arranged import (
    a_deleted_target,
    a_deployment,
    a_deployment_on_a_deleted_target,
    a_deployment_that_rolls_back,
    a_deployment_to_give_up,
    a_drifting_target,
    a_failed_deployment,
    a_good_deployment,
    a_move,
    a_running_deployment_and_a_move,
    a_running_deployment_and_one_that_waits,
    a_target,
    nothing,
    registry_ledger,
    reported,
)
from tests.registry.writes.write import Write

SETTING = Setting("staging", ["none-of-them"], alias="champion", description="changed")
LINKS = {"pipeline": "https://ci.example.com/runs/7"}


def a_place(registry: Services, name: str) -> Place:
    (found,) = places.places_of(registry, name)
    assert found.place is not None
    return found.place


WRITES: Final = {
    "make a target": Write(
        event_types.TARGET_CREATED,
        nothing,
        lambda s, r, m, _: targets.set_target(s, r, f"new-{m}".lower(), "external", SETTING),
        registry_ledger,
    ),
    "change a target": Write(
        event_types.TARGET_UPDATED,
        a_target,
        lambda s, r, m, target: targets.set_target(s, r, target, "external", SETTING),
        registry_ledger,
    ),
    "delete a target": Write(
        event_types.TARGET_DELETED,
        a_target,
        lambda s, r, m, target: targets.delete_target(s, r, target),
        registry_ledger,
    ),
    "open a deployment after a move": Write(
        event_types.DEPLOYMENT_OPENED, a_move, lambda s, r, m, event: opening.open_for_event(s, event), keyed=False
    ),
    "supersede a deployment": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: (a_deployment(s, m), a_move(s, m))[1],
        lambda s, r, m, event: opening.open_for_event(s, event),
        keyed=False,
    ),
    "let a deployment wait": Write(
        event_types.DEPLOYMENT_OPENED,
        a_running_deployment_and_a_move,
        lambda s, r, m, event: opening.open_for_event(s, event),
        keyed=False,
    ),
    "deploy by hand": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: (a_good_deployment(s, m), a_target(s, m))[1],
        lambda s, r, m, target: opening.deploy(s, r, m, target, str(a_place(s, m).good), "again"),
    ),
    "try a deployment again": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: reported(s, m, a_deployment(s, m), "failed"),
        lambda s, r, m, number: opening.retry(s, r, m, number, None),
    ),
    "start a deployment": Write(
        event_types.DEPLOYMENT_STARTED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.IN_PROGRESS, "syncing")),
    ),
    "report that a deployment has succeeded": Write(
        event_types.DEPLOYMENT_SUCCEEDED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED, links=LINKS)),
    ),
    "report what a driver found": Write(
        event_types.DEPLOYMENT_SUCCEEDED,
        a_deployment,
        lambda s, r, m, number: reporting.report_of_registry(s, r, m, number, Report(Status.SUCCEEDED, "in service")),
    ),
    "report that a deployment has failed": Write(
        event_types.DEPLOYMENT_FAILED,
        a_deployment,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.FAILED, "crash loop")),
    ),
    "report that the platform rolled back": Write(
        event_types.DEPLOYMENT_ROLLED_BACK,
        lambda s, m: (a_good_deployment(s, m), a_deployment(s, m))[1],
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.ROLLED_BACK, "alarm")),
    ),
    "end a deployment for which another waits": Write(
        event_types.DEPLOYMENT_OPENED,
        a_running_deployment_and_one_that_waits,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED)),
    ),
    "roll a target back": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: a_failed_deployment(s, m, roll_back=True),
        lambda s, r, m, event: rolling_back.roll_back_failed(s, event),
        keyed=False,
    ),
    "roll a target and its stage back": Write(
        event_types.DEPLOYMENT_OPENED,
        lambda s, m: a_failed_deployment(s, m, roll_back=True, move_back=True),
        lambda s, r, m, event: rolling_back.roll_back_failed(s, event),
        keyed=False,
    ),
    "report that a roll-back has succeeded": Write(
        event_types.DEPLOYMENT_ROLLED_BACK,
        a_deployment_that_rolls_back,
        lambda s, r, m, number: reporting.report(s, r, m, number, Report(Status.SUCCEEDED)),
    ),
    "give a deployment up": Write(
        event_types.DEPLOYMENT_FAILED,
        a_deployment_to_give_up,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "give a deployment up whose time is over": Write(
        event_types.DEPLOYMENT_FAILED,
        lambda s, m: (a_deployment_to_give_up(s, m), a_place(s, m).target)[1],
        reporting.give_up,
        keyed=False,
    ),
    "say that a target drifts": Write(
        event_types.DEPLOYMENT_DRIFTED,
        lambda s, m: (a_good_deployment(s, m), a_target(s, m))[1],
        lambda s, r, m, target: observing.observe(s, r, target, m, None, ""),
        keyed=False,
    ),
    "say that a target drifts no more": Write(
        event_types.DEPLOYMENT_AGREED,
        a_drifting_target,
        lambda s, r, m, target: observing.observe(s, r, target, m, a_place(s, m).wanted, ""),
        keyed=False,
    ),
    "take a model off a target": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        lambda s, m: (a_running_deployment_and_one_that_waits(s, m), a_target(s, m))[1],
        withdrawing.withdraw,
    ),
    "let go of a target that was deleted": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        a_deleted_target,
        lambda s, r, m, event: withdrawing.withdraw_all(s, event),
        keyed=False,
    ),
    "let go of a target that was deleted while a deployment was opened": Write(
        event_types.DEPLOYMENT_WITHDRAWN,
        a_deployment_on_a_deleted_target,
        lambda s, r, m, event: withdrawing.withdraw_if_deleted(s, event),
        keyed=False,
    ),
}
