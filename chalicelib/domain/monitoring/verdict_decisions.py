"""Whether a monitor's verdict has changed: only then there is an event."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.judging import JudgedWindow, Judgement
from chalicelib.domain.monitoring.monitor import Monitor
from chalicelib.domain.monitoring.verdict import UNWELL, Standing, Verdict

_TYPES: Final[Mapping[Verdict, str]] = {
    Verdict.ALARM: event_types.MONITOR_ALARMED,
    Verdict.SILENT: event_types.MONITOR_SILENT,
}


def reconsider(
    model: Model,
    monitor: Monitor,
    version: int,
    judged: Judgement,
    heard_at: Instant,
    stamp: Stamp,
    at_keeper: bool = False,
) -> Outcome[Monitor]:
    """Commit the verdict on ``version`` if it is another than the last.

    ``heard_at`` is when the newest window was measured, or since when one of this version is expected. Only the keeper
    finds silence (``at_keeper``): who reports old windows one after the other is not silent. An alarm stands until a
    window is found well, and so does what was unwell before it: that nobody can tell is no recovery. A recovery is only
    one of the version that was unwell; another version is judged afresh.
    """
    former = monitor.standing
    same = former.version == version
    stale = monitor.definition.silent_at(heard_at) <= stamp.time
    anew = at_keeper and not stale and (not same or former.verdict is Verdict.INSUFFICIENT)
    if anew and _is_outdated(monitor, judged, stamp):
        # It has been watched for a short time only. What it met before that says nothing of it now.
        judged = Judgement(Verdict.INSUFFICIENT, ())
    verdict = judged.verdict
    if stale and (at_keeper or (same and former.verdict is Verdict.SILENT)):
        verdict = Verdict.SILENT
    elif same and former.verdict is Verdict.ALARM and not judged.finds_well():
        verdict = Verdict.ALARM
    if same and verdict is former.verdict:
        return NoChange(monitor)
    if verdict is Verdict.INSUFFICIENT and former.verdict is Verdict.INSUFFICIENT:
        return NoChange(monitor)
    was_unwell = same and former.unwell
    unwell = verdict in UNWELL or (was_unwell and not judged.finds_well())
    recovered = was_unwell and not unwell
    standing = _standing(verdict, version, judged, unwell)
    event = EventDraft(
        event_types.MONITOR_RECOVERED if recovered else _TYPES.get(verdict, event_types.MONITOR_JUDGED),
        former.document(),
        standing.document(),
        version=version,
        subject=monitor.name,
        trigger=Trigger.KEEPER if verdict is Verdict.SILENT else Trigger.RULE,
        reason=_reason(monitor, version, verdict, judged, heard_at),
        details={"windows": [_window(one) for one in judged.windows]},
    )
    saved = replace(monitor, standing=standing)
    return decided(saved, model, event, Put(saved), subject=monitor.name)


def _is_outdated(monitor: Monitor, judged: Judgement, stamp: Stamp) -> bool:
    """Whether the newest window is so old that it would be silence, had the version been watched all the time."""
    return judged.newest is not None and monitor.definition.silent_at(judged.newest.measured_at) <= stamp.time


def _standing(verdict: Verdict, version: int, judged: Judgement, unwell: bool) -> Standing:
    newest, worst = judged.newest, judged.worst
    return Standing(
        verdict,
        version,
        window=Instant("") if newest is None else newest.start,
        digest=judged.digest,
        worst="" if worst is None else worst.name,
        score=None if worst is None else worst.score,
        threshold=None if worst is None else worst.threshold,
        unwell=unwell,
    )


def _reason(monitor: Monitor, version: int, verdict: Verdict, judged: Judgement, heard_at: Instant) -> str:
    """The verdict in words, for people."""
    if verdict is Verdict.SILENT:
        return f"the monitor {monitor.name} has heard nothing of version {version} since {heard_at}"
    said = f"{judged.breached()} of the last {len(judged.windows)} windows of version {version} breached"
    worst = judged.worst
    return said if worst is None else f"{said}: {worst.name}: {worst.reason}"


def _window(window: JudgedWindow) -> dict[str, Any]:
    """A window that the verdict rests on, as its event names it."""
    worst = window.worst
    return {
        "start": window.start,
        "sources": list(window.sources),
        "n": window.n,
        "verdict": window.verdict,
        "worst": None if worst is None else worst.name,
        "digests": list(window.digests),
    }
