"""Opens deployments after moves, rolls back after those that failed, and lets go of targets that were deleted."""

from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger import event_types
from chalicelib.registry.deployments.opening import open_for_event
from chalicelib.registry.deployments.rolling_back import roll_back_failed
from chalicelib.registry.deployments.withdrawing import withdraw_all


def deployer(event: dict[str, Any], context: Any) -> None:
    """Do what follows from one event. Lambda retries a failure, and a retry does nothing twice."""
    detail = event["detail"]
    if detail["type"] not in event_types.DEPLOYER_EVENTS:
        raise ValueError(f"the deployer does not handle {detail['type']} events")
    line: dict[str, Any] = {
        "type": detail["type"],
        "model": detail["model"],
        "version": detail["version"],
        "event_id": detail["id"],
        "request_id": context.aws_request_id,
    }
    if detail["type"] == event_types.TARGET_DELETED:
        withdrawn = withdraw_all(services(), detail)
        log_line("deployer", **line, target=detail["subject"], withdrawn=withdrawn)
        return
    if detail["type"] in event_types.MOVES:
        for opened in open_for_event(services(), detail):
            log_line("deployer", **line, target=opened.target, deployment=opened.deployment, reason=opened.reason)
        return
    followed = roll_back_failed(services(), detail)
    log_line("deployer", **line, target=followed.target, deployment=followed.deployment, reason=followed.reason)
