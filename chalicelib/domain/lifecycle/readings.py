"""What events of earlier releases say of freezes, locks and legal holds."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import Facts, place
from chalicelib.domain.ledger.rebuilding import Event, Read, Readings, Rebuilt
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Restriction
from chalicelib.domain.versions.version import Version


def _restricted(what: str, restriction: dict[str, Any] | None) -> Facts:
    given = restriction or {}
    return {f"{what}/{name}": given.get(name) for name in Restriction.__dataclass_fields__}


def _frozen(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield place(Model.kind), _restricted("frozen", event["after"]["frozen"])


def _locked(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield place(Version.kind, event["version"]), _restricted("lock", event["after"]["lock"])


def _held(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield place(Version.kind, event["version"]), _restricted("legal_hold", event["after"]["legal_hold"])


READINGS: Final[Readings] = {
    event_types.MODEL_FROZEN: _frozen,
    event_types.MODEL_UNFROZEN: _frozen,
    event_types.VERSION_LOCKED: _locked,
    event_types.VERSION_UNLOCKED: _locked,
    event_types.VERSION_HELD: _held,
    event_types.VERSION_RELEASED: _held,
}
