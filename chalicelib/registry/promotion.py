"""Automatic promotion: when a version becomes READY, its model's rule may move it."""

from dataclasses import dataclass

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access import Principal
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.decision import Decision, NoChange, Outcome
from chalicelib.domain.decisions import stages as decisions
from chalicelib.domain.errors import ModelFrozenError, VersionLockedError
from chalicelib.domain.events import Origin, Trigger
from chalicelib.domain.model import Model
from chalicelib.domain.promotion_rule import judge
from chalicelib.domain.stages import DEFAULT_SCHEME
from chalicelib.domain.version import Status
from chalicelib.registry.commit import Idempotency, Request, Snapshot, change_model, model_keys


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the version was moved, and why or why not."""

    promoted: bool
    reason: str


def promote_by_rule(services: Services, model: str, number: int, event_id: str) -> Judgement:
    """Judge a READY version by its model's rule and move it if the rule holds.

    The event's id is the idempotency key: however often the event comes, it has at most one effect. The rule is
    judged on the state that the move is committed on, so that of two candidates racing for a stage the second is
    compared with the first.
    """
    request = Request(
        Principal("rule:promotion", ()), event_id, Idempotency(event_id, sha256_hex(f"{model}\n{number}"))
    )

    def more(snapshot: Snapshot) -> list[Key]:
        rival = _rival(snapshot.model)
        return [] if rival is None else model_keys(model, versions=[rival])

    def decide(snapshot: Snapshot, origin: Origin) -> Outcome[Judgement]:
        return _decide(snapshot, number, origin)

    def recall(_: str) -> Judgement:
        return Judgement(True, "promoted before, when the same event came first")

    asked = model_keys(model, versions=[number])
    return change_model(services, request, model, decide, recall, asked, more).result


def _decide(snapshot: Snapshot, number: int, origin: Origin) -> Outcome[Judgement]:
    model, version = snapshot.model, snapshot.version(number)
    if model is None or model.deleted or version is None or version.status is not Status.READY:
        return NoChange(Judgement(False, "the version is gone"))
    if model.rule is None:
        return NoChange(Judgement(False, "the model has no promotion rule"))
    if version.stage != DEFAULT_SCHEME.initial:
        return NoChange(Judgement(False, f"the version stands in {version.stage} already"))
    rival_number = _rival(model)
    rival = None if rival_number is None else snapshot.version(rival_number)
    holder = None if rival is None else (rival.number, rival.description.metrics)
    verdict = judge(model.rule, version.description.metrics, holder)
    if not verdict.holds:
        return NoChange(Judgement(False, verdict.reason))
    try:
        outcome = decisions.transition(
            model, version, model.rule.to_stage, DEFAULT_SCHEME.initial, verdict.reason, Trigger.RULE, origin
        )
    except (ModelFrozenError, VersionLockedError) as refusal:
        return NoChange(Judgement(False, refusal.detail))
    judgement = Judgement(True, verdict.reason)
    if isinstance(outcome, NoChange):
        return NoChange(judgement)
    return Decision(judgement, outcome.ledger, outcome.happening, outcome.changes, outcome.subject)


def _rival(model: Model | None) -> int | None:
    """The version that the rule compares with, if it compares with one."""
    if model is None or model.rule is None or model.rule.beats is None:
        return None
    return model.holder(model.rule.beats.stage)
