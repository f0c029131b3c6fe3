"""What events of earlier releases say of models and their profiles."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place
from chalicelib.domain.ledger.rebuilding import Event, Read, Readings, Rebuilt
from chalicelib.domain.models.model import Model, Profile

_MODEL: Final = place(Model.kind)
_PROFILE: Final = place(Profile.kind)
_DESCRIBED: Final = tuple(Profile.__dataclass_fields__)


def _created(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield _MODEL, {"name": event["model"], "created_at": event["time"], "created_by": event["actor"], "deleted": False}
    yield _PROFILE, {name: event["after"].get(name) for name in _DESCRIBED}


def _updated(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield _PROFILE, {name: event["after"][name] for name in _DESCRIBED if name in event["after"]}


def _deleted(_: Event, __: Rebuilt) -> Iterator[Read]:
    yield _MODEL, {"deleted": True, "aliases/": None, "stages/": None}
    yield _PROFILE, None


def _tier(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield _MODEL, {"tier": event["after"]["tier"]}


READINGS: Final[Readings] = {
    event_types.MODEL_CREATED: _created,
    event_types.MODEL_UPDATED: _updated,
    event_types.MODEL_DELETED: _deleted,
    event_types.MODEL_TIER_SET: _tier,
}
