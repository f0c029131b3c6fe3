"""Automatic moves: whatever event may change a gate, the moves and requests that wait for it are judged anew."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    LimitExceededError,
    ModelFrozenError,
    NotFoundError,
    ScanPendingError,
    VersionLockedError,
    VersionQuarantinedError,
)
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import stage_decisions as decisions
from chalicelib.domain.promotion.examination import automatic_transitions
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.promotion.contexts import context_keys, further_keys, transition_context
from chalicelib.registry.promotion.judgement import Judgement, effect
from chalicelib.registry.promotion.openings import open_checks


def judge_event(services: Services, event: Mapping[str, Any]) -> list[Judgement]:
    """Judge what an event may have changed, once the checks that gates ask for then are open.

    However often the event comes, it has each effect at most once.

    An event of one version is for that version; one of the whole model for its newest version only: an older one
    that was passed over is not promoted because something else changed. Open requests are judged after every event.
    """
    model = event["model"]
    try:
        numbers = _versions(services, event)
        opened = [judged for number in numbers for judged in open_checks(services, event, number)]
        return opened + _judge(services, event["id"], model, numbers)
    except NotFoundError as error:
        return [Judgement(f"model {model}", False, error.detail)]


def judge_newest(services: Services, cause: str, model: str) -> list[Judgement]:
    """Judge a model's newest version and its open requests, as after an event of the whole model.

    ``cause`` is the id of the event that asks for it: with the same one, nothing is done twice. Raises
    ModelNotFoundError.
    """
    return _judge(services, cause, model, _newest(services, model))


def _judge(services: Services, cause: str, model: str, numbers: list[int]) -> list[Judgement]:
    judged = [_judge_version(services, cause, model, number) for number in numbers]
    return judged + _judge_requests(services, cause, model)


def _versions(services: Services, event: Mapping[str, Any]) -> list[int]:
    if event["type"] in event_types.JUDGED_OF_ONE_VERSION and event["version"] is not None:
        return [event["version"]]
    if event["type"] in event_types.JUDGED_OF_THE_NEWEST:
        return _newest(services, event["model"])
    return []


def _newest(services: Services, model: str) -> list[int]:
    newest = loaded_model(load(services, model, model_keys(model)), model).last_version
    return [newest] if newest else []


def _judge_version(services: Services, cause: str, model: str, number: int) -> Judgement:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Judgement]:
        return _decide(services, snapshot, model, number, stamp)

    def recall(_: str) -> Judgement:
        return Judgement(f"version {number}", False, "promoted before, when the same event came first")

    request = effect(cause, model, f"version {number}")
    asked = context_keys(model, number)
    return change_model(services, request, model, decide, recall, asked, further_keys(number)).result


def _decide(services: Services, snapshot: Snapshot, name: str, number: int, stamp: Stamp) -> Outcome[Judgement]:
    what = f"version {number}"
    model, version = snapshot.get(Model), snapshot.get(Version, number)
    if model is None or model.deleted or version is None or version.status is not Status.READY:
        return NoChange(Judgement(what, False, "the version is gone"))
    found = transition_context(services, snapshot, name, number, stamp.time)
    reasons = []
    for move in automatic_transitions(model, found.scheme, version.stage):
        try:
            outcome, reason = decisions.promote(found, move, stamp)
        except (ScanPendingError, VersionQuarantinedError) as refusal:
            # Another stage may take versions in quarantine.
            reasons.append(f"to {move.to_stage}: {refusal.detail}")
            continue
        except (LimitExceededError, ModelFrozenError, VersionLockedError) as refusal:
            return NoChange(Judgement(what, False, refusal.detail))
        if isinstance(outcome, Decision):
            return outcome.replaced(Judgement(what, True, reason))
        reasons.append(f"to {move.to_stage}: {reason}")
    return NoChange(Judgement(what, False, "; ".join(reasons) or f"nothing moves by itself out of {version.stage}"))


def _judge_requests(services: Services, cause: str, model: str) -> list[Judgement]:
    first = load(services, model, [*model_keys(model, scheme=True), keys.card(model)])
    if not loaded_model(first, model).open_requests:
        return []
    # Late: few models have any.
    from chalicelib.registry.promotion.request_judging import judge_requests

    return judge_requests(services, cause, model, first)
