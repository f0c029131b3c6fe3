"""Runs every five minutes and does what is due: undelivered events, unfinished uploads, retention rules, schedules.

It also checks what is stored against the events, and asks for new scans once the rules of scans have changed.
"""

from datetime import timedelta
from typing import Any, Final

from chalicelib import registry as use_cases
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.domain.instants import later
from chalicelib.registry.ledger.isolation import Isolated
from chalicelib.registry.ledger.outbox import redeliver_overdue
from chalicelib.registry.lifecycle.rounds import rounds_due
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.scanning.rescan_round import rescan_due

# The relay needs seconds. An event that is still in the outbox after this time was lost on the way.
OVERDUE: Final = timedelta(minutes=2)


class DutiesFailedError(Exception):
    """Some of what is due could not be done; all the rest was. The log lines ``duty_failed`` say what."""


def keeper(event: dict[str, Any], context: Any) -> None:
    """Run every duty once. Each may be repeated, and may run twice at the same time.

    A duty that fails keeps no other from being done. In the end the run fails, which puts a message into the keeper's
    dead-letter queue and so raises its alarm.
    """
    registry = services()
    isolated = Isolated(lambda: context.get_remaining_time_in_millis() / 1_000)
    redelivered = redeliver_overdue(registry, later(registry.clock(), -OVERDUE), isolated)
    settled = sweep_due(registry, context.aws_request_id, isolated)
    rescan, rescanned = rescan_due(registry), 0
    if rescan is not None:
        take_turn = use_cases.scanning.rescans.take_turn
        rescanned = take_turn(registry, rescan, context.aws_request_id, isolated)
    # Last, because it takes the longest: what is due must not wait for it.
    differing = sum(
        use_cases.lifecycle.patrol.take_turn(registry, which, stored, context.aws_request_id, isolated)
        for which, stored in rounds_due(registry)
    )
    log_line(
        "keeper",
        redelivered=redelivered,
        settled=settled,
        rescanned=rescanned,
        differing=differing,
        failed=isolated.failed,
        postponed=isolated.postponed,
        request_id=context.aws_request_id,
    )
    if isolated.failed:
        raise DutiesFailedError(f"{isolated.failed} duties failed; the log lines duty_failed name them")
