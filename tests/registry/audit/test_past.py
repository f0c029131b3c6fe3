"""Where all pointers of a model, and one stage of all models, pointed at a time."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.instants import Instant, later
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import past
from chalicelib.registry.audit.history import as_of
from chalicelib.registry.audit.past import models_as_of, pointers_as_of
from chalicelib.registry.promotion import stages
from tests.registry.audit.test_history import Clock
from tests.registry.build import ADMIN, model, ready, request
from tests.registry.faults import Calls


@pytest.fixture
def clock(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(registry, "clock", clock)
    return clock


def tick(clock: Clock) -> Instant:
    """The time now; what comes after happens a second later."""
    now = clock.now
    clock.turn(1000)
    return now


def pointers(registry: Services, time: Instant, limit: int = 100) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    start: dict[str, Any] | None = None
    while True:
        page = pointers_as_of(registry, "fraud", time, limit, start)
        assert len(page.items) <= limit
        for at in page.items:
            assert at == as_of(registry, "fraud", at.pointer, time)
            found[at.pointer] = at.version
        if page.next_start is None:
            return found
        start = page.next_start


def move(registry: Services, number: int, stage: str, name: str = "fraud") -> None:
    stages.transition(registry, request(), name, str(number), stage, None, None)


def set_alias(registry: Services, name: str, number: int) -> None:
    aliases.set_alias(registry, request(), "fraud", name, number, None, None)


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize("moves_of_a_query", [1, 2, 3, 20])
def test_every_pointer_is_as_it_was_also_those_that_are_gone(
    registry: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch, limit: int, moves_of_a_query: int
) -> None:
    monkeypatch.setattr(past, "_MOVES", moves_of_a_query)
    model(registry)
    for _ in range(2):
        ready(registry)
    before = tick(clock)
    set_alias(registry, "champion", 1)
    set_alias(registry, "old", 1)
    move(registry, 1, "production")
    then = tick(clock)
    set_alias(registry, "champion", 2)
    aliases.delete_alias(registry, request(), "fraud", "old")
    move(registry, 2, "production")
    now = tick(clock)
    assert pointers(registry, before, limit) == {}
    assert pointers(registry, then, limit) == {"alias:champion": 1, "alias:old": 1, "stage:production": 1}
    assert pointers(registry, now, limit) == {"alias:champion": 2, "stage:archived": 1, "stage:production": 2}


def test_a_model_without_moves_pointed_nowhere_and_an_unknown_one_is_refused(registry: Services) -> None:
    model(registry)
    assert pointers_as_of(registry, "fraud", registry.clock(), 100, None).items == ()
    with pytest.raises(ModelNotFoundError):
        pointers_as_of(registry, "none", registry.clock(), 100, None)


def test_a_page_ends_after_its_queries_and_leads_on(
    registry: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    ready(registry)
    names = [f"a{number}" for number in range(7)]
    for name in names:
        set_alias(registry, name, 1)
    monkeypatch.setattr(past, "_MOVES", 1)
    monkeypatch.setattr(past, "_MAX_QUERIES", 3)
    first = pointers_as_of(registry, "fraud", clock.now, 100, None)
    assert len(first.items) == 3 and first.next_start is not None
    assert sorted(pointers(registry, clock.now)) == [f"alias:{name}" for name in names]


def queries(registry: Services, time: Instant) -> int:
    calls = Calls(registry.client("dynamodb"))
    pointers_as_of(registry, "fraud", time, 100, None)
    assert set(calls.operations) == {"Query"}
    return len(calls.operations)


def test_the_past_of_pointers_that_have_moved_a_few_times_costs_one_query(registry: Services, clock: Clock) -> None:
    model(registry)
    for _ in range(2):
        ready(registry)
    for name in ("champion", "challenger", "canary"):
        set_alias(registry, name, 1)
    then = tick(clock)
    set_alias(registry, "champion", 2)
    move(registry, 1, "staging")
    assert queries(registry, then) == 1
    assert queries(registry, clock.now) == 1


def test_the_past_of_a_model_costs_the_same_however_often_a_pointer_moved(registry: Services, clock: Clock) -> None:
    model(registry)
    for _ in range(2):
        ready(registry)
    move(registry, 1, "staging")
    set_alias(registry, "champion", 1)
    then = tick(clock)
    for turn in range(2 * past._MOVES):
        set_alias(registry, "champion", turn % 2 + 1)
        if turn >= past._MOVES:
            # The last moves, and the end. Of then, also where the alias pointed.
            assert (queries(registry, clock.now), queries(registry, then)) == (2, 3)
    assert pointers(registry, then) == {"alias:champion": 1, "stage:staging": 1}


def test_what_each_model_had_in_a_stage_is_listed_by_name(registry: Services, clock: Clock) -> None:
    for name in ("c", "a", "b"):
        ready(registry, model(registry, name))
    move(registry, 1, "production", "c")
    march = tick(clock)
    move(registry, 1, "production", "a")
    april = tick(clock)

    def listed(time: Instant, principal: Principal = ADMIN, limit: int = 1) -> list[tuple[str, int | None]]:
        found: list[tuple[str, int | None]] = []
        start: dict[str, Any] | None = None
        while True:
            page = models_as_of(registry, principal, "production", time, limit, start)
            found += [(one.model, one.pointer.version) for one in page.items]
            if page.next_start is None:
                return found
            start = page.next_start

    assert listed(march) == [("c", 1)]
    assert listed(april) == listed(april, limit=100) == [("a", 1), ("c", 1)]
    assert listed(april, Principal("token:c", (Grant(Role.VIEWER, "c*"),))) == [("c", 1)]
    assert listed(later(march, timedelta(days=-30))) == []
