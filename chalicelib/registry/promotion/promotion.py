"""Automatic moves: whatever event may change a gate, the moves and requests that wait for it are judged anew."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    ConflictError,
    ContentionError,
    LimitExceededError,
    ModelFrozenError,
    NotFoundError,
    ScanPendingError,
    VersionLockedError,
    VersionQuarantinedError,
)
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion import stage_decisions as decisions
from chalicelib.domain.promotion.examination import automatic_transitions
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model
from chalicelib.registry.models.models import model_head
from chalicelib.registry.promotion import requests
from chalicelib.registry.promotion.contexts import context_keys, further_keys, transition_context
from chalicelib.registry.promotion.judgement import Judgement, effect
from chalicelib.registry.promotion.openings import open_checks
from chalicelib.registry.promotion.requests import RequestExplanation


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
    return judged + list(_judge_requests(services, cause, model))


def _versions(services: Services, event: Mapping[str, Any]) -> list[int]:
    if event["type"] in event_types.JUDGED_OF_ONE_VERSION and event["version"] is not None:
        return [event["version"]]
    if event["type"] in event_types.JUDGED_OF_THE_NEWEST:
        return _newest(services, event["model"])
    return []


def _newest(services: Services, model: str) -> list[int]:
    newest = model_head(services, model).last_version
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


def _judge_requests(services: Services, cause: str, model: str) -> Iterator[Judgement]:
    for explained in requests.explain_open_requests(services, model):
        yield _judge_request(services, cause, model, explained)


def _judge_request(services: Services, cause: str, model: str, explained: RequestExplanation) -> Judgement:
    """Execute a request, or void votes of it. Each change is decided again on the state that it is committed on."""
    request, examination = explained.request, explained.examination
    what = f"request {request.number}"
    if request.votes and (examination is None or examination.approvals.void):
        requests.void_votes(services, effect(cause, model, f"void {request.number}"), model, request.number)
    if explained.blockers:
        return Judgement(what, False, "; ".join(explained.blockers))
    if examination is not None and examination.transition.manual:
        return Judgement(what, False, "the scheme leaves its execution to a person")
    if examination is None or not examination.approvals.tallies:
        # Who asked may perhaps not make transitions, and nobody else has said a word.
        return Judgement(what, False, "it takes no approvals: who may make transitions executes it")
    try:
        requests.execute(services, effect(cause, model, what), model, request.number, Trigger.RULE, None)
    except ContentionError:
        # Nothing was judged; the event comes again.
        raise
    except ConflictError as error:
        # Something changed between looking and moving; its own event brings the request here again.
        return Judgement(what, False, error.detail)
    return Judgement(what, True, f"executed: version {request.version} is in {request.to_stage}")
