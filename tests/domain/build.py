"""Builders of domain values for tests: each argument has a sensible default."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Head, Stamp
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


def stamp(event_id: str = "e1", actor: str = "token:ada", time: Instant = NOW) -> Stamp:
    return Stamp(actor, "request-1", event_id, time)


# Tests that do not use the new name yet.
origin = stamp


def file(path: str = "model.pkl", size: int = 3, sha256: str = "a" * 64) -> File:
    return File(path, size, sha256)


def register(model: Model, **description: object) -> tuple[Model, Version]:
    decision = versions.register(
        model, None, Description(**description), [file()], f"uid{model.last_version + 1}", WINDOW, stamp()
    )
    return committed(decision.ledger), decision.result.version


def ready(model: Model, **description: object) -> tuple[Model, Version]:
    """A model with one more READY version, and that version."""
    model, version = register(model, **description)
    outcome = versions.finalise(model, version, (file().pinned("s3-1"),), stamp())
    assert isinstance(outcome, Decision)
    return committed(outcome.ledger), outcome.result


def transition_context(
    model: Model, version: Version, scheme: Scheme = DEFAULT_SCHEME, **facts: object
) -> TransitionContext:
    """The context for moving ``version``; ``facts`` are those that its gates look at."""
    return TransitionContext(model, scheme, Facts(version, model.tier, **{"now": NOW, **facts}))


def committed(ledger: object) -> Model:
    """The ledger as the next decision will load it: one event further."""
    assert isinstance(ledger, Model)
    head = ledger.head
    number = head.revision + 1
    return replace(ledger, head=Head(number, f"{number:064d}", f"e{number}", NOW))


def changed(outcome: Outcome[object]) -> Decision[object]:
    assert not isinstance(outcome, NoChange)
    return outcome


def expired_at(version: Version) -> Instant:
    return later(version.upload_expires_at, timedelta(seconds=1))
