"""Builders of domain values for tests: each argument has a sensible default."""

from datetime import timedelta
from typing import Any, TypeVar

from chalicelib.domain.effects import MODEL_EFFECTS, MODEL_TELLS
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Head, Stamp, model_ledger
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.ledger.settlement import Settlement, settle
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Description, Version

NOW = Instant("2026-11-23T09:30:00.000Z")
WINDOW = timedelta(hours=24)
T = TypeVar("T", bound=Record)


def stamp(event_id: str = "e1", actor: str = "token:ada", time: Instant = NOW, revision: int = 1) -> Stamp:
    return Stamp(actor, "request-1", event_id, time, revision)


def settled(decision: Decision[Any], *loaded: Record, before: Model | None = None, time: Instant = NOW) -> Settlement:
    """What the commit makes of a decision on a model, when ``loaded`` was read for it. ``before`` is its last state."""
    head: Head = decision.state.head
    records = {record.identity: record for record in loaded}
    number = head.revision + 1
    settling = stamp(f"e{number}", time=time, revision=number)
    state = before or decision.state
    return settle(model_ledger(state.name), state, decision, settling, records.get, MODEL_EFFECTS, MODEL_TELLS)


# Tests that do not use the new name yet.


def file(path: str = "model.pkl", size: int = 3, sha256: str = "a" * 64) -> File:
    return File(path, size, sha256)


def register(model: Model, **description: object) -> tuple[Model, Version]:
    uid = f"uid{model.last_version + 1}"
    decision = versions.register(model, None, Description(**description), [file()], uid, WINDOW, stamp())
    settlement = settled(decision, before=model)
    return settlement.after, settlement.saved(decision.result.version)


def ready(model: Model, **description: object) -> tuple[Model, Version]:
    """A model with one more READY version, and that version."""
    model, version = register(model, **description)
    decision = changed(versions.finalise(model, version, (file().pinned("s3-1"),), stamp()))
    settlement = settled(decision, version, before=model)
    return settlement.after, settlement.saved(decision.result)


def transition_context(
    model: Model, version: Version, scheme: Scheme = DEFAULT_SCHEME, **facts: object
) -> TransitionContext:
    """The context for moving ``version``; ``facts`` are those that its gates look at."""
    return TransitionContext(model, scheme, Facts(version, model.tier, **{"now": NOW, **facts}))


def changed(outcome: Outcome[Any]) -> Decision[Any]:
    assert not isinstance(outcome, NoChange)
    return outcome


def expired_at(version: Version) -> Instant:
    return later(version.upload_expires_at, timedelta(seconds=1))


class Kept:
    """A model and its records in memory: each decision is applied as the commit applies it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.records: dict[Identity, Record] = {}

    def apply(self, outcome: Outcome[Any], time: Instant = NOW) -> Any:
        """Apply an outcome and give the caller's result."""
        if isinstance(outcome, NoChange):
            return outcome.result
        assert outcome.state.head == self.model.head
        settlement = settled(outcome, *self.records.values(), before=self.model, time=time)
        assert settlement.named == (), "everything is loaded here"
        self.model = settlement.after
        for identity, difference in settlement.differences.items():
            if difference.after is None:
                self.records.pop(identity, None)
            else:
                self.records[identity] = difference.after
        return outcome.present(settlement.saved(outcome.basis))

    def all(self, kind: type[T]) -> list[T]:
        return [record for record in self.records.values() if isinstance(record, kind)]

    @property
    def versions(self) -> dict[int, Version]:
        """The versions that are neither deleted nor expired."""
        return {version.number: version for version in self.all(Version) if version.visible}

    @property
    def buried(self) -> dict[int, Version]:
        return {version.number: version for version in self.all(Version) if not version.visible}
