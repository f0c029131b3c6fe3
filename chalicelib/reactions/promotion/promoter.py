"""Judges promotions again after an event, and hands a saved scheme to the models that follow it.

After an alarm of a monitor it first does what the monitor is set to do. After another scheme was assigned, it first
judges by that one what scans have found. A version that arrives or comes into use is first matched against the current
advisories, so that no gate is judged without what they say.
"""

from typing import Any

from chalicelib import registry
from chalicelib.aws.correlation import correlated
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.promotion.promotion import judge_event


def promoter(event: dict[str, Any], context: Any) -> None:
    """Judge what an event may have changed. Lambda retries a failure, and a retry does nothing twice."""
    detail = event["detail"]
    if detail["type"] not in event_types.PROMOTER_EVENTS:
        raise ValueError(f"the promoter does not handle {detail['type']} events")
    with correlated(correlation_of(detail)):
        _judge(detail, context.aws_request_id)


def _judge(detail: dict[str, Any], request_id: str) -> None:
    line: dict[str, Any] = {
        "type": detail["type"],
        "model": detail["model"],
        "version": detail["version"],
        "event_id": detail["id"],
        "request_id": request_id,
    }
    if detail["type"] == event_types.SCHEME_SAVED:
        given, unfit = registry.promotion.scheme_assignment.hand_on(services(), detail)
        log_line("promoter", **line, scheme=detail["subject"], given=given, unfit=unfit)
        return
    if detail["type"] in event_types.SCHEME_GIVEN and registry.promotion.scheme_assignment.catch_up(services(), detail):
        log_line("promoter", **line, scheme=detail["after"]["scheme"]["name"], given=1)
    if detail["type"] == event_types.MODEL_SCHEME_ASSIGNED:
        changed = registry.scanning.rejudging.judge_again(services(), detail)
        log_line("promoter", **line, quarantine_changed=changed)
    if detail["type"] in event_types.MONITOR_ACTS:
        for acted in registry.monitoring.acting.act_on(services(), detail):
            log_line("promoter", **line, act=acted.act.deed, done=acted.done, reason=acted.detail)
    if detail["type"] in event_types.MATCHED:
        assessed = registry.vulnerabilities.assessing.assess_after(services(), detail)
        if assessed is not None:
            log_line("promoter", **line, vulnerabilities=len(assessed.findings))
    for judgement in judge_event(services(), detail):
        log_line("promoter", **line, judged=judgement.what, promoted=judgement.promoted, reason=judgement.reason)
