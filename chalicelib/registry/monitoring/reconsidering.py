"""Judging a monitor's version anew, and committing the verdict if it has changed."""

from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.monitoring.watch_items import Watch
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring import deeds
from chalicelib.domain.monitoring.judging import Judgement, judge
from chalicelib.domain.monitoring.monitor import Monitor, selected
from chalicelib.domain.monitoring.verdict_decisions import reconsider
from chalicelib.domain.monitoring.window import Window
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model_on, model_keys
from chalicelib.registry.monitoring.last_windows import last_windows

MONITORING: Final = Principal(deeds.MONITORING, ())
# After a commit the windows are looked at again. Somebody who always adds another is served by the next one to look.
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """A monitor as it stands now.

    ``version`` is the one that it watches, and ``heard_at`` when its newest window was measured, or since when one is
    expected. ``version`` and ``judgement`` are None if its selector stands for no version. ``committed``: the verdict
    changed.
    """

    monitor: Monitor
    version: int | None
    judgement: Judgement | None
    heard_at: Instant
    committed: bool = False


def reconsider_monitor(
    services: Services, request: Request, model: str, name: str, watch: Watch | None = None
) -> Reconsidered | None:
    """Judge the version that a monitor watches now; None if the monitor or its model is gone.

    Two reads: the head with the monitor, then the windows. The verdict is decided on the state that it is committed on.
    Windows lie outside of the ledger, so one may come between the read and the commit; therefore what a commit rests on
    is read again after it. A caller who has put a window before calling this can rely on its being judged.
    """
    result: Reconsidered | None = None
    changed = False
    for _ in range(_ROUNDS):
        result = _reconsidered(services, request, model, name, watch)
        if result is None or not result.committed:
            break
        changed = True
    return result if result is None else replace(result, committed=changed)


def _reconsidered(
    services: Services, request: Request, model: str, name: str, watch: Watch | None
) -> Reconsidered | None:
    def read(first: Snapshot) -> tuple[Snapshot, tuple[Snapshot, int | None, list[Window]]]:
        head, monitor = first.get(Model), first.get(Monitor, name)
        if head is None or head.deleted or monitor is None:
            return first, (first, None, [])
        version = selected(head, monitor.definition.selector)
        if version is None:
            return first, (first, None, [])
        span, count = monitor.definition.window, monitor.definition.of
        return first, (first, version, last_windows(services, model, name, version, span, count))

    def decide(given: tuple[Snapshot, int | None, list[Window]], stamp: Stamp) -> Outcome[Reconsidered | None]:
        snapshot, version, windows = given
        head, monitor = snapshot.get(Model), snapshot.get(Monitor, name)
        if head is None or head.deleted or monitor is None:
            return NoChange(None)
        if version is None:
            return NoChange(Reconsidered(monitor, None, None, stamp.time))
        judgement = judge(monitor.definition, windows)
        heard_at = _heard_at(judgement, version, watch, stamp.time)
        outcome = reconsider(head, monitor, version, judgement, heard_at, stamp, at_keeper=watch is not None)
        committed = isinstance(outcome, Decision)
        return outcome.map(lambda saved: Reconsidered(saved, version, judgement, heard_at, committed))

    asked = [*model_keys(model), keys.monitor(model, name)]
    acting = Request(MONITORING, request.request_id, began=request.began)
    return change_model_on(services, acting, model, read, decide, lambda _: None, asked).result


def _heard_at(judgement: Judgement, version: int, watch: Watch | None, now: Instant) -> Instant:
    """When the newest window was measured. A version that is watched anew has time from when the keeper saw it."""
    heard_at = Instant("") if judgement.newest is None else judgement.newest.measured_at
    if watch is None:
        return heard_at or now
    return max(heard_at, watch.since if watch.version == version else now)
