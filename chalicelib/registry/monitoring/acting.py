"""Doing what a monitor is set to do about an alarm, a silence or a recovery, by the use cases that people have too."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.errors import ContentionError, RegistryError, UnavailableError
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.lifecycle import restriction_decisions
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring import decisions
from chalicelib.domain.monitoring.deeds import Act, Acted, Deed
from chalicelib.domain.monitoring.monitor import Definition, Monitor
from chalicelib.registry.aliases.aliases import roll_back_alias
from chalicelib.registry.evidence.checks import report_check
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.monitoring.reconsidering import MONITORING
from chalicelib.registry.promotion.requests import open_request
from chalicelib.registry.promotion.stages import roll_back_stage, transition

# As long as a caller's reason may be.
_LONGEST_REASON: Final = 1_000


def act_on(services: Services, event: Mapping[str, Any]) -> tuple[Acted, ...]:
    """Do what the monitor of an event is set to do, and record what became of it. A repeated event does nothing twice.

    Nothing is done about an event that is not the monitor's last: what it said is not so any more. An alarm leads to
    all that is set; silence and recovery only tell the check, because a version of which nothing is known must not be
    moved for that.
    """
    model, name = event["model"], event["subject"]
    snapshot = load(services, model, _keys(model, name))
    head, monitor = snapshot.get(Model), snapshot.get(Monitor, name)
    if head is None or head.deleted or monitor is None:
        return ()
    if monitor.standing.event_id != event["id"] or monitor.acted_on == event["id"]:
        return ()
    acted = tuple(_acted(services, event, monitor, act) for act in _wanted(monitor.definition, event["type"]))
    if acted:
        _record(services, event, acted)
    return acted


def _wanted(definition: Definition, event_type: str) -> tuple[Act, ...]:
    if event_type == event_types.MONITOR_ALARMED:
        return definition.on_alarm
    return tuple(act for act in definition.on_alarm if act.deed is Deed.FAIL_CHECK)


def _acted(services: Services, event: Mapping[str, Any], monitor: Monitor, act: Act) -> Acted:
    try:
        return Acted(act, True, _do(services, event, monitor, act))
    except (ContentionError, UnavailableError):
        # Nothing was decided; the event comes again.
        raise
    except RegistryError as refusal:
        return Acted(act, False, f"{act.deed.value} was refused: {refusal.detail}")


def _do(services: Services, event: Mapping[str, Any], monitor: Monitor, act: Act) -> str:
    """Do an act; answers what was done. Raises what the use case raises."""
    model, version = event["model"], int(event["version"])
    reason = f"monitor {monitor.name}: {event['reason']}"[:_LONGEST_REASON]
    request = _effect(event, act)
    match act.deed:
        case Deed.FAIL_CHECK:
            passed = event["type"] == event_types.MONITOR_RECOVERED
            report_check(services, request, model, str(version), monitor.check, CheckReport(passed, details=reason))
            return f"the check {monitor.check} of version {version} {'passed' if passed else 'failed'}"
        case Deed.OPEN_REQUEST:
            opened = open_request(services, request, model, str(version), act.place, reason, None, ()).result
            return f"request {opened.number} asks to move version {version} to {act.place}"
        case Deed.MOVE:
            transition(services, request, model, version, act.place, None, reason, Trigger.RULE)
            return f"version {version} was moved to {act.place}"
        case Deed.ROLL_BACK:
            kind, _, pointer = act.place.partition(":")
            back = roll_back_stage if kind == "stage" else roll_back_alias
            back(services, request, model, pointer, reason, leaving=version)
            return f"the {kind} {pointer} was rolled back from version {version}"
        case Deed.FREEZE:
            _freeze(services, request, model, reason)
            return f"the model {model} is frozen"


def _freeze(services: Services, request: Request, model: str, reason: str) -> None:
    """Freeze the model, unless somebody has: their reason stands."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        head = loaded_model(snapshot, model)
        if head.frozen is not None:
            return NoChange(None)
        return restriction_decisions.freeze(head, reason, stamp).replaced(None)

    change_model(services, request, model, decide, lambda _: None, model_keys(model))


def _record(services: Services, event: Mapping[str, Any], acted: tuple[Acted, ...]) -> None:
    model, name = event["model"], event["subject"]

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        head, monitor = snapshot.get(Model), snapshot.get(Monitor, name)
        if head is None or head.deleted or monitor is None:
            return NoChange(None)
        return decisions.record_acts(head, monitor, event["id"], int(event["version"]), acted)

    request = Request(MONITORING, event["id"])
    change_model(services, request, model, decide, lambda _: None, _keys(model, name))


def _keys(model: str, monitor: str) -> list[Key]:
    return [*model_keys(model), keys.monitor(model, monitor)]


def _effect(event: Mapping[str, Any], act: Act) -> Request:
    """The id of the event is, with what is done, the idempotency key."""
    asked = f"{event['id']}:{event['subject']}:{act.deed.value}"
    return Request(MONITORING, event["id"], Idempotency(asked, sha256_hex(f"{event['model']}\n{asked}")))
