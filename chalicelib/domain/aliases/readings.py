"""What events of earlier releases say of aliases."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.aliases.telling import KIND
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import escaped, place
from chalicelib.domain.ledger.rebuilding import Event, Read, Readings, Rebuilt
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model


def alias_field(alias: str) -> str:
    """The field of a model in which it says where an alias points."""
    return f"aliases/{escaped(alias)}/version"


def _set(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield from _pointed(event, event["alias"], event["version"])


def _dropped(event: Event, _: Rebuilt) -> Iterator[Read]:
    yield from _pointed(event, event["alias"], None)


def _promoted(event: Event, _: Rebuilt) -> Iterator[Read]:
    if (event["before"] or {}).get(CHAMPION) != event["after"][CHAMPION]:
        yield from _pointed(event, CHAMPION, event["after"][CHAMPION])
    yield from _pointed(event, CHALLENGER, None)


def _transitioned(event: Event, _: Rebuilt) -> Iterator[Read]:
    """Aliases move with whoever enters their stage."""
    for alias in event["after"].get("aliases", ()):
        yield from _pointed(event, alias, event["version"])


def _pointed(event: Event, alias: str, version: int | None) -> Iterator[Read]:
    yield place(Model.kind), {alias_field(alias): version}
    if version is None:
        yield place(KIND, alias), None
    else:
        yield place(KIND, alias), {"version": version, "since": event["time"], "by": event["actor"]}


READINGS: Final[Readings] = {
    event_types.ALIAS_SET: _set,
    event_types.ALIAS_DELETED: _dropped,
    event_types.CHALLENGER_RETIRED: _dropped,
    event_types.CHALLENGER_PROMOTED: _promoted,
    event_types.VERSION_TRANSITIONED: _transitioned,
}
