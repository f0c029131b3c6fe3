"""What events of earlier releases say of versions and of the stages that point at them."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import Facts, escaped, place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Event, Read, Readings, Rebuilt
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.version import Description, Version

_CONTENT: Final = ("digest", "file_count", "total_size")
_MODEL: Final = place(Model.kind)


def version_place(number: int) -> str:
    return place(Version.kind, number)


def stage_field(stage: str) -> str:
    """The field of a model in which it says where a stage points."""
    return f"stages/{escaped(stage)}/version"


def _created(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"]
    facts: Facts = {
        "model": event["model"],
        "number": event["version"],
        "created_at": event["time"],
        "created_by": event["actor"],
        **{name: after[name] for name in ("status", "stage", *_CONTENT) if name in after},
        **{f"description/{name}": after[name] for name in Description.__dataclass_fields__ if name in after},
    }
    yield version_place(event["version"]), facts
    yield place(Manifest.kind, event["version"]), {"number": event["version"]}


def _ready(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"]
    # If the registry copied the files, only this event says what they are.
    content = {name: after[name] for name in _CONTENT if name in after}
    yield version_place(event["version"]), {"status": "READY", "ready_at": event["time"], **content}


def _updated(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"] or {}
    yield (
        version_place(event["version"]),
        {f"description/{name}": after[name] for name in ("description", "tags") if name in after},
    )


def _transitioned(event: Event, state: Rebuilt) -> Iterator[Read]:
    before, after, number = event["before"], event["after"], event["version"]
    yield version_place(number), {"stage": after["stage"]}
    stages: Facts = {stage_field(after["stage"]): number, **_left(state, before["stage"], number)}
    if after.get("displaced") is not None:
        yield version_place(after["displaced"]), {"stage": after["displaced_to"]}
        stages[stage_field(after["displaced_to"])] = after["displaced"]
    yield _MODEL, stages


def _deleted(event: Event, state: Rebuilt) -> Iterator[Read]:
    stage = (event["before"] or {}).get("stage")
    yield (
        version_place(event["version"]),
        {"status": "DELETED", "burial/at": event["time"], "burial/by": event["actor"]},
    )
    if stage is not None:
        yield _MODEL, _left(state, stage, event["version"])


def _restored(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"]
    facts = {"status": "READY", "stage": after["stage"], "restored_at": event["time"]}
    yield version_place(event["version"]), facts | dict.fromkeys(("burial/at", "burial/by", "burial/reason"))
    yield _MODEL, {stage_field(after["stage"]): event["version"]}


def _status(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield version_place(event["version"]), {"status": event["after"]["status"]}


def _left(state: Rebuilt, stage: str, number: int) -> Facts:
    """Where a stage points that ``number`` has left: an event of an earlier release does not say who comes forward."""
    name = stage_field(stage)
    return {name: UNKNOWN} if state.fields(_MODEL).get(name, number) == number else {}


READINGS: Final[Readings] = {
    event_types.VERSION_CREATED: _created,
    event_types.VERSION_READY: _ready,
    event_types.VERSION_UPDATED: _updated,
    event_types.VERSION_TRANSITIONED: _transitioned,
    event_types.VERSION_DELETED: _deleted,
    event_types.VERSION_EXPIRED: _status,
    event_types.VERSION_PURGE_STARTED: _status,
    event_types.VERSION_PURGED: _status,
    event_types.VERSION_RESTORED: _restored,
}
