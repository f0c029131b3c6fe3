"""Opening the checks that a scheme's gates ask for, when a version arrives or a move is requested."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.evidence.check import Checks
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.openings import Occasion, WantedCheck, open_wanted, wanted_checks
from chalicelib.domain.schemes.gates import OpenOn
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.promotion.judgement import Judgement, effect
from chalicelib.registry.versions.loaded import loaded_version

# Events after which a version stands at the beginning of moves that did not lie before it until then.
_ARRIVALS: Final = frozenset(
    {
        event_types.VERSION_READY,
        event_types.VERSION_RESTORED,
        event_types.VERSION_TRANSITIONED,
        event_types.VERSION_UNLOCKED,
        event_types.MODEL_SCHEME_ASSIGNED,
        event_types.MODEL_TIER_SET,
    }
)


def open_checks(services: Services, event: Mapping[str, Any], number: int) -> list[Judgement]:
    """Open the checks of version ``number`` that gates ask for after ``event``.

    Each is opened in a commit of its own, at most once for an event. If the event is none on which checks are opened,
    nothing is read.
    """
    occasion = _occasion(event)
    if occasion is None:
        return []
    snapshot = load(services, event["model"], _keys(event["model"], number))
    wanted = _wanted(snapshot, number, occasion, services.clock())
    return [_opened(services, event, number, occasion, name) for name in wanted]


def _occasion(event: Mapping[str, Any]) -> Occasion | None:
    if event["type"] in _ARRIVALS:
        return Occasion(OpenOn.ARRIVAL)
    if event["type"] == event_types.REQUEST_OPENED:
        return Occasion(OpenOn.REQUEST, event["after"]["to_stage"])
    return None


def _opened(services: Services, event: Mapping[str, Any], number: int, occasion: Occasion, name: str) -> Judgement:
    model, what = event["model"], f"check {name} of version {number}"

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Judgement]:
        wanted = _wanted(snapshot, number, occasion, stamp.time).get(name)
        if wanted is None:
            return NoChange(Judgement(what, False, "no gate asks for it any more"))
        present = snapshot.get(Checks, number) or Checks(number)
        current, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        try:
            decision = open_wanted(current, version, present, wanted, stamp)
        except LimitExceededError as refusal:
            return NoChange(Judgement(what, False, refusal.detail))
        return decision.replaced(Judgement(what, False, f"opened: {wanted.reason}"))

    def recall(_: str) -> Judgement:
        return Judgement(what, False, "decided before, when the same event came first")

    return change_model(services, effect(event["id"], model, what), model, decide, recall, _keys(model, number)).result


def _keys(model: str, number: int) -> list[Key]:
    return [*model_keys(model, versions=[number], scheme=True), keys.checks(model, number)]


def _wanted(snapshot: Snapshot, number: int, occasion: Occasion, now: Instant) -> dict[str, WantedCheck]:
    model, version = snapshot.get(Model), snapshot.get(Version, number)
    if model is None or model.deleted or version is None:
        return {}
    present = snapshot.get(Checks, number) or Checks(number)
    return wanted_checks(model, loaded_scheme(snapshot), version, present, occasion, now)
