"""Changing a model, and reading what a decision on it needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.effects import MODEL_EFFECTS, MODEL_TELLS
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.models.decisions import existing
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME, PRESETS
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document
from chalicelib.registry.ledger.commit import Changed, Ledger, Request, change, reading_more
from chalicelib.registry.ledger.snapshot import Snapshot

R = TypeVar("R")
S = TypeVar("S")


def model_keys(
    model: str,
    versions: Sequence[int] = (),
    manifests: Sequence[int] = (),
    profile: bool = False,
    label: str | None = None,
    scheme: bool = False,
    requests: Sequence[int] = (),
) -> list[Key]:
    """Keys of a model's head and of what else a decision on it needs. A version is found whether deleted or not."""
    asked = [keys.head(model_ledger(model))]
    if scheme:
        asked.append(keys.scheme(model))
    asked += [keys.request(model, number) for number in requests]
    for number in versions:
        asked += [keys.version(model, number), keys.buried(model, number)]
    asked += [keys.manifest(model, number) for number in manifests]
    if profile:
        asked.append(keys.profile(model))
    if label is not None:
        asked.append(keys.label(model, label))
    return asked


def change_model(
    services: Services,
    request: Request,
    model: str,
    decide: Callable[[Snapshot, Stamp], Outcome[R]],
    recall: Callable[[str], R],
    asked: Sequence[Key] = (),
    more: Callable[[Snapshot], Sequence[Key]] | None = None,
) -> Changed[R]:
    """Change a model: one read of what is asked (``model_keys``), one decision, one transaction.

    ``more`` names keys that are known only from the first read, for a second one.
    """
    return change(services, request, _ledger(model), asked, reading_more(services, more), decide, recall)


def change_model_on(
    services: Services,
    request: Request,
    model: str,
    read: Callable[[Snapshot], tuple[Snapshot, S]],
    decide: Callable[[S, Stamp], Outcome[R]],
    recall: Callable[[str], R],
    asked: Sequence[Key],
) -> Changed[R]:
    """As ``change_model``, deciding on what ``read`` makes of the first read. It may query for more."""
    return change(services, request, _ledger(model), asked, read, decide, recall)


def load(services: Services, model: str, asked: Iterable[Key]) -> Snapshot:
    """A snapshot of what lies under these keys of a model, in one consistent read."""
    wanted = list(asked)
    return snapshot_of(model, wanted, services.table.load(wanted))


def snapshot_of(model: str, asked: Iterable[Key], found: Mapping[Key, Item]) -> Snapshot:
    """A snapshot of a model from items that were read."""
    return Snapshot(MODEL_RECORDS, model, asked, found)


def loaded_model(snapshot: Snapshot, name: str) -> Model:
    """The model of a snapshot. Raises ModelNotFoundError."""
    return existing(snapshot.get(Model), name)


def matched_model(snapshot: Snapshot, name: str, request: Request) -> Model:
    """The model of a snapshot, the caller's ETag checked. Raises ModelNotFoundError, PreconditionFailedError."""
    model = loaded_model(snapshot, name)
    request.check_match(model.head.revision)
    return model


def loaded_profile(snapshot: Snapshot) -> Profile:
    """The model's profile; that of a model without one is empty."""
    return snapshot.get(Profile) or Profile()


def assigned_scheme(snapshot: Snapshot) -> AssignedScheme:
    """The scheme that judges the model. A built-in one that was never assigned has no copy, and no later versions."""
    return snapshot.get(AssignedScheme) or AssignedScheme(PRESETS["default"], follows=True)


def loaded_scheme(snapshot: Snapshot) -> Scheme:
    """The scheme that judges the model, ready to judge by."""
    assigned = snapshot.get(AssignedScheme)
    if assigned is None:
        return DEFAULT_SCHEME
    return snapshot.once("scheme", lambda: scheme_from_document(assigned.document))


def _ledger(model: str) -> Ledger:
    return Ledger(model_ledger(model), model, Model, MODEL_RECORDS, MODEL_EFFECTS, MODEL_TELLS)
