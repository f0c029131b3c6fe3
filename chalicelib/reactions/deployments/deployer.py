"""Opens deployments after moves, carries them out step by step, and follows those that failed."""

from typing import Any

from chalicelib.aws.correlation import correlated
from chalicelib.aws.deployments.step_queue import QueuedStep, parse_message
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.domain.target_kinds import KINDS
from chalicelib.registry.deployments.opening import open_for_event
from chalicelib.registry.deployments.rolling_back import roll_back_failed
from chalicelib.registry.deployments.stepping import step
from chalicelib.registry.deployments.withdrawing import withdraw_all, withdraw_if_deleted


def deployer(event: dict[str, Any], context: Any) -> None:
    """Do what follows from one event of the bus, or make the steps of messages of the queue.

    Both are given again after a failure, and nothing is done twice by that.
    """
    if "Records" in event:
        for record in event["Records"]:
            _step(parse_message(record["body"]), context.aws_request_id)
        return
    detail = event["detail"]
    if detail["type"] not in event_types.DEPLOYER_EVENTS:
        raise ValueError(f"the deployer does not handle {detail['type']} events")
    with correlated(correlation_of(detail)):
        _follow(detail, context.aws_request_id)


def _follow(detail: dict[str, Any], request_id: str) -> None:
    """Do what follows from one event."""
    line = {name: detail[name] for name in ("type", "model", "version")}
    line |= {"event_id": detail["id"], "request_id": request_id}
    if detail["type"] == event_types.DEPLOYMENT_OPENED:
        if withdraw_if_deleted(services(), detail):
            log_line("deployer", **line, target=detail["after"]["target"], withdrawn=1)
        else:
            _carry_out(detail, request_id)
    elif detail["type"] == event_types.TARGET_DELETED:
        withdrawn = withdraw_all(services(), detail)
        log_line("deployer", **line, target=detail["subject"], withdrawn=withdrawn)
    elif detail["type"] in event_types.MOVES | event_types.OUT_OF_QUARANTINE:
        for opened in open_for_event(services(), detail):
            log_line("deployer", **line, target=opened.target, deployment=opened.deployment, reason=opened.reason)
    else:
        followed = roll_back_failed(services(), detail)
        log_line("deployer", **line, target=followed.target, deployment=followed.deployment, reason=followed.reason)


def _carry_out(detail: dict[str, Any], request_id: str) -> None:
    """Make the first step of a deployment whose turn has come, if its kind has a driver."""
    after = detail["after"]
    if after["waits_for"] is None and KINDS.named(after["kind"]).driver:
        _step(QueuedStep(detail["model"], after["deployment"], after["attempt"]), request_id)


def _step(queued: QueuedStep, request_id: str) -> None:
    registry = services()
    made = step(registry, queued, request_id)
    with correlated(made.correlation_id):
        log_line(
            "deployer",
            model=queued.model,
            deployment=queued.deployment,
            attempt=queued.attempt,
            found=made.found,
            detail=made.detail,
            again_in=made.again_in,
            request_id=request_id,
        )
    if made.again_in is not None:
        registry.steps.send(queued, made.again_in)
