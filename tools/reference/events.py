"""The catalogue of events: every type, when it is made, what follows from it, and an event as the registry makes it.

When a type is made says docs/events.md. All else comes from the code: each event is one that a write of
``tests/registry/writes`` has made.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Trigger
from chalicelib.registry.audit import audit
from tests.conftest import fresh_registry, use_no_account
from tests.registry.build import request
from tests.registry.writes import WRITES
from tools.reference.markdown import code

PAGE: Final = Path(__file__).parents[2] / "docs" / "events.md"
MODEL: Final = "fraud"
# Types that no write makes, because nobody may make the registry's state differ from its events.
WITHOUT_EXAMPLE: Final = frozenset({event_types.MODEL_STATE_DIFFERS, event_types.REGISTRY_STATE_DIFFERS})
_ROW: Final = re.compile(r"^\| ((?:`[a-z_.]+`[, ]*)+) \| (.+) \|$", re.MULTILINE)
_NAME: Final = re.compile(r"`([a-z_]+\.[a-z_]+)`")
_LONGEST: Final = 300


@dataclass(frozen=True)
class Known:
    """What there is to know of a type. ``when`` is Markdown; ``example`` is None for one that no write makes."""

    name: str
    when: str
    example: Mapping[str, Any] | None


def known() -> list[Known]:
    """Every type, by name. Raises KeyError if docs/events.md does not say when one is made."""
    when, made = meanings(), examples()
    return [Known(name, when[name], made.get(name)) for name in sorted(event_types.ALL)]


def meanings() -> dict[str, str]:
    """When each type is made, as docs/events.md says it. Types that share a row share its sentence."""
    (types,) = re.findall(r"^## Types$(.*?)^## ", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {name: meaning for names, meaning in _ROW.findall(types) for name in _NAME.findall(names)}


@cache
def examples() -> dict[str, Mapping[str, Any]]:
    """An event of each type, from the ledgers in which writes have made one. They are made once a process."""
    made: dict[str, Mapping[str, Any]] = {}
    by_the_way: dict[str, Mapping[str, Any]] = {}
    for write in WRITES.values():
        with pytest.MonkeyPatch.context() as monkeypatch:
            use_no_account(monkeypatch)
            with fresh_registry(monkeypatch) as registry:
                arranged = write.arrange(registry, MODEL)
                write.act(registry, request(), MODEL, arranged)
                newest = audit.list_events(registry, write.ledger(MODEL), "newest", 100, None).items
        made.setdefault(write.event, next(event for event in newest if event["type"] == write.event))
        # Some types come only along with others.
        by_the_way |= {event["type"]: event for event in newest}
    return by_the_way | made


def page() -> str:
    """The page."""
    parts = ["# Event types\n", _ABOUT]
    for area, of_area in groupby(known(), key=lambda one: one.name.partition(".")[0]):
        parts.append(f"## {area.capitalize()}\n")
        parts += [_entry(one) for one in of_area]
    return "\n".join(parts)


def _entry(one: Known) -> str:
    facts = "\n".join(f"- {fact}" for fact in _facts(one.name))
    example = "" if one.example is None else "\n" + code(json.dumps(_short(one.example), indent=1), "json")
    return f"### `{one.name}` {{#{one.name.replace('.', '-')}}}\n\n{_linked(one.when)}\n\n{facts}\n{example}"


def _facts(name: str) -> Iterator[str]:
    of_model = name in event_types.MODEL_EVENTS
    yield f"in the ledger of {'its model' if of_model else 'the registry'}"
    if name in event_types.SUBJECT_EVENTS or not of_model:
        yield "`subject` names what it is about"
    if name in event_types.JUDGED_OF_ONE_VERSION:
        yield "the promoter judges the version's gates again"
    elif name in event_types.JUDGED_OF_THE_NEWEST:
        yield "the promoter judges the gates of the newest version again"
    elif name in event_types.SCHEME_GIVEN or name == event_types.SCHEME_SAVED:
        yield "the promoter gives followers the newest version of the scheme"
    elif name in event_types.PROMOTER_EVENTS:
        yield "the promoter judges the model's open requests again"
    if name in event_types.MOVES:
        yield "the deployer opens deployments on targets that wait for the stage or alias"
    elif name in event_types.DEPLOYER_EVENTS:
        yield "the deployer follows it"


def _linked(when: str) -> str:
    """The sentence on a page that lies in another folder."""
    return re.sub(r"\]\((?!https?:|#)", "](../", when).replace("](#", "](../events.md#")


def _short(value: Any) -> Any:
    """The event with long texts cut."""
    if isinstance(value, Mapping):
        return {name: _short(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


_ABOUT: Final = f"""\
Every change of the registry is an event of one of these types. [Events](../events.md) explains their fields, their
chain, and how they reach the bus and webhooks. The registry serves their JSON Schema at `/v1/schemas/event.json`.
All of them are put on the bus, and sent to webhooks that want them. `trigger` is one of
{", ".join(f"`{trigger.value}`" for trigger in Trigger)}.

Each event below was made by the registry, on simulated AWS. `before` and `after` hold the fields that changed, and
`records` all that was saved.
"""
