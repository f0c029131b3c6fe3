"""Where a pointer pointed at a time is what a replay of the events says, whatever was done and whatever clocks say."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError, RegistryError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.audit.history import as_of, history
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import burials, versions
from tests.registry.build import model, ready, request

START = Instant("2026-11-23T09:30:00.000Z")
POINTERS = ["alias:champion", "alias:challenger", *(f"stage:{name}" for name in DEFAULT_SCHEME.stages)]
NUMBERS = st.integers(1, 3)
ALIASES = st.sampled_from(["champion", "challenger"])
COMMANDS = st.one_of(
    st.tuples(st.just("register")),
    st.tuples(st.just("alias"), ALIASES, NUMBERS),
    st.tuples(st.just("roll back alias"), ALIASES),
    st.tuples(st.just("delete alias"), ALIASES),
    st.tuples(st.just("move"), NUMBERS, st.sampled_from(list(DEFAULT_SCHEME.stages))),
    st.tuples(st.just("roll back stage")),
    st.tuples(st.just("delete"), NUMBERS),
    st.tuples(st.just("restore"), NUMBERS),
)


@dataclass
class Clock:
    """A clock that is set, and may be set back."""

    now: Instant = START

    def __call__(self) -> Instant:
        return self.now

    def turn(self, milliseconds: int) -> None:
        self.now = later(self.now, timedelta(milliseconds=milliseconds))


@dataclass
class Replay:
    """Where everything points, from the events alone."""

    aliases: dict[str, int] = field(default_factory=dict)
    stages: dict[str, list[int]] = field(default_factory=dict)

    def tell(self, event: dict[str, Any]) -> None:
        number = event["version"]
        if event["type"] == event_types.ALIAS_SET:
            self.aliases[event["alias"]] = number
        elif event["type"] == event_types.ALIAS_DELETED:
            del self.aliases[event["alias"]]
        elif event["type"] == event_types.VERSION_TRANSITIONED:
            self._leave(number)
            displaced = event["after"].get("displaced")
            if displaced is not None:
                self._leave(displaced)
                self.stages.setdefault(DEFAULT_SCHEME.archive, []).append(displaced)
            self.stages.setdefault(event["after"]["stage"], []).append(number)
        elif event["type"] == event_types.VERSION_DELETED:
            self._leave(number)
        elif event["type"] == event_types.VERSION_RESTORED:
            self.stages.setdefault(event["after"]["stage"], []).append(number)

    def pointed(self, pointer: str) -> int | None:
        kind, _, name = pointer.partition(":")
        if kind == "alias":
            return self.aliases.get(name)
        standing = self.stages.get(name)
        return standing[-1] if standing else None

    def _leave(self, number: int) -> None:
        for standing in self.stages.values():
            if number in standing:
                standing.remove(number)


def run(registry: Services, name: str, command: tuple[Any, ...]) -> None:
    match command:
        case ("register",):
            ready(registry, name)
        case ("alias", alias, number):
            aliases.set_alias(registry, request(), name, alias, number, None, None)
        case ("roll back alias", alias):
            aliases.roll_back_alias(registry, request(), name, alias, None)
        case ("delete alias", alias):
            aliases.delete_alias(registry, request(), name, alias)
        case ("move", number, stage):
            stages.transition(registry, request(), name, str(number), stage, None, None)
        case ("roll back stage",):
            stages.roll_back_stage(registry, request(), name, "production", None)
        case ("delete", number):
            versions.delete_version(registry, request(), name, str(number))
        case ("restore", number):
            burials.restore_version(registry, request(), name, str(number), None)


def ledger(registry: Services, name: str) -> list[dict[str, Any]]:
    return list(audit.list_events(registry, f"model:{name}", "oldest", 100, None).items)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(COMMANDS, st.sampled_from([-5000, 0, 1, 1000])), min_size=4, max_size=14), data=st.data()
)
def test_as_of_answers_equal_a_replay_of_the_events(
    registry: Services, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, int]], data: st.DataObject
) -> None:
    clock = Clock()
    monkeypatch.setattr(registry, "clock", clock)
    name = registry.new_id()
    model(registry, name)
    ready(registry, name)
    ready(registry, name)
    for command, passed in steps:
        clock.turn(passed)
        with suppress(RegistryError):
            run(registry, name, command)
    events = ledger(registry, name)
    times = [event["time"] for event in events]
    assert times == sorted(times)
    asked = data.draw(st.lists(st.sampled_from(times), min_size=1, max_size=3, unique=True))
    for time in [*asked, later(times[-1], timedelta(days=1))]:
        replay = Replay()
        for event in events:
            if event["time"] <= time:
                replay.tell(event)
        for pointer in POINTERS:
            assert as_of(registry, name, pointer, time).version == replay.pointed(pointer), (pointer, time)


def test_an_event_is_never_dated_before_the_one_before_it(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(registry, "clock", clock)
    model(registry)
    clock.turn(-60_000)
    ready(registry)
    assert {event["time"] for event in ledger(registry, "fraud")} == {START}


def test_the_move_in_force_says_who_and_why(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(registry, "clock", clock)
    model(registry)
    ready(registry)
    clock.turn(1000)
    stages.transition(registry, request(), "fraud", "1", "production", None, "first release")
    clock.turn(1000)
    stages.transition(registry, request(), "fraud", "1", "archived", None, None)
    before = as_of(registry, "fraud", "stage:production", START)
    during = as_of(registry, "fraud", "stage:production", later(START, timedelta(seconds=1)))
    after = as_of(registry, "fraud", "stage:production", later(START, timedelta(seconds=2)))
    assert (before.version, before.move) == (None, None)
    assert during.version == 1
    assert during.move is not None
    assert (during.move["actor"], during.move["reason"]) == ("token:ada", "first release")
    assert during.move["details"] == {
        "scheme": {"name": "default", "version": 1},
        "tier": "low",
        "gates": [],
        "approvals": [],
    }
    assert after.version is None
    assert after.move is not None and after.move["previous_version"] == 1


def test_deleting_the_version_that_a_shared_stage_points_at_is_a_move_to_the_one_before(registry: Services) -> None:
    model(registry)
    for number in ("1", "2"):
        ready(registry)
        stages.transition(registry, request(), "fraud", number, "archived", None, None)
    versions.delete_version(registry, request(), "fraud", "2")
    moves = history(registry, "fraud", "stage:archived", 10, None).items
    assert [(move["previous_version"], move["version"]) for move in moves] == [(2, 1), (1, 2), (None, 1)]


def test_a_history_goes_on_where_its_page_ended_though_moves_share_a_time(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "clock", Clock())
    model(registry)
    for number in (1, 2, 3):
        ready(registry)
        aliases.set_alias(registry, request(), "fraud", "champion", number, None, None)
    seen: list[int] = []
    start: dict[str, Any] | None = None
    while True:
        page = history(registry, "fraud", "alias:champion", 1, start)
        seen += [move["version"] for move in page.items]
        start = page.next_start
        if start is None:
            break
    assert seen == [3, 2, 1]


def test_a_model_that_never_was_has_no_past(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        as_of(registry, "fraud", "alias:champion", START)
