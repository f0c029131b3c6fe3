"""Searches find what a full scan finds, page by page, whatever index answers them."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.search.parser import parse_order
from chalicelib.domain.search.syntax import (
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Not,
    Or,
    Order,
    SearchQuery,
    Subject,
)
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.search import search
from chalicelib.registry.search.search import SearchPage
from tests.registry.search.searching import Shelf, full_scan, state, version

V, M = Subject.VERSIONS, Subject.MODELS
SEARCH: dict[Subject, Callable[..., SearchPage[Any]]] = {V: search.search_versions, M: search.search_models}

NUMBERS = st.integers(1, 9)
NAMES = st.sampled_from(["a", "a b", "ab", "b", "Ä"])
TAGS = st.dictionaries(
    st.sampled_from(["t", "u"]),
    st.sampled_from(["", "x", "xy", "y", "x\x00", "x\x01", "x" * 290, "x" * 320 + "a", "x" * 320 + "b"]),
)
METRICS = st.dictionaries(
    st.sampled_from(["m", "n"]), st.sampled_from([0, -0.0, 1, -1.5, 2.5, 2**53, 2**53 + 1, 1e300])
)
TIMES = st.sampled_from([Instant(f"2026-01-01T00:00:0{second}.000Z") for second in range(3)])
RUNS = st.sampled_from([{}, {"run": {"id": "r1"}}, {"run": {"id": "r2"}, "author": "bo"}])


@st.composite
def versions(
    draw: st.DrawFn, name: st.SearchStrategy[str] = NAMES, number: st.SearchStrategy[int] = NUMBERS
) -> Version:
    return version(
        draw(name),
        draw(number),
        tags=draw(TAGS),
        metrics=draw(METRICS),
        parameters=draw(st.dictionaries(st.just("p"), st.sampled_from([1, 1.5, "1", True]))),
        provenance=draw(RUNS),
        stage=draw(st.sampled_from(["development", "production"])),
        status=draw(st.sampled_from([Status.READY, Status.READY, Status.PENDING])),
        created_at=draw(TIMES),
        revised_at=draw(TIMES),
    )


@st.composite
def states(draw: st.DrawFn) -> Any:
    return state(
        draw(NAMES),
        draw(TIMES),
        {draw(st.sampled_from(["development", "production"])): 1},
        tags=draw(TAGS),
        owner=draw(st.sampled_from(["", "ada"])),
    )


def compared(field: Field, values: list[Any], comparators: str) -> st.SearchStrategy[Condition]:
    single = st.builds(
        Condition,
        st.just(field),
        st.sampled_from([Comparator(one) for one in comparators.split()]),
        st.sampled_from(values),
    )
    several = st.lists(st.sampled_from(values), min_size=1, max_size=3).map(
        lambda some: Condition(field, Comparator.IN, tuple(some))
    )
    return st.one_of(single, single, several)


SHARED = [
    compared(Field("name"), ["a", "a b", "b", ""], "= = != < >= "),
    st.builds(Condition, st.just(Field("name")), st.just(Comparator.LIKE), st.sampled_from(["a%", "%b", "a_b"])),
    compared(Field("tags", "t"), ["", "x", "xy", "x\x00", "x" * 290, "x" * 320 + "a"], "= = != < <= > >="),
    st.builds(
        Condition,
        st.just(Field("tags", "t")),
        st.just(Comparator.LIKE),
        st.sampled_from(["x%", "%", "x" * 310 + "%", "_y"]),
    ),
    st.builds(Condition, st.just(Field("tags", "u")), st.sampled_from([Comparator.IS_NULL, Comparator.IS_NOT_NULL])),
    compared(Field("updated_at"), ["2026-01-01T00:00:01.000Z"], "= < <= > >="),
    compared(Field("created_at"), ["2026-01-01T00:00:01.000Z"], "= < <= > >="),
    compared(Field("stage"), ["production", "development"], "= !="),
]
CONDITIONS = {
    V: st.one_of(
        *SHARED,
        compared(Field("metrics", "m"), [0, 1, -1.5, 2**53, 2**53 + 1], "= != < <= > >="),
        compared(Field("version"), [0, 1, 5, 12], "= != < <= > >="),
        compared(Field("run_id"), ["r1", "r2", ""], "= !="),
        compared(Field("author"), ["bo", "token:ada"], "="),
        compared(Field("status"), ["READY"], "="),
    ),
    M: st.one_of(*SHARED, compared(Field("owner"), ["ada"], "= !=")),
}
ORDERED = {
    V: [
        "name",
        "version",
        "updated_at",
        "created_at",
        "tags.t",
        "metrics.m",
        "run_id",
        "stage",
        "parameters.p",
        "status",
    ],
    M: ["name", "updated_at", "created_at", "tags.t", "owner"],
}


def queries(subject: Subject) -> st.SearchStrategy[SearchQuery]:
    condition = CONDITIONS[subject]
    part = st.one_of(
        condition,
        condition,
        st.builds(Not, condition),
        st.lists(condition, min_size=2, max_size=2).map(lambda parts: Or(tuple(parts))),
    )
    where: st.SearchStrategy[Expression | None] = st.one_of(
        st.none(), part, st.lists(part, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
    )
    field = st.sampled_from(ORDERED[subject]).map(lambda name: parse_order(name, subject)[0].field)
    order = st.lists(st.builds(Order, field, st.booleans()), max_size=2, unique_by=lambda one: one.field).map(tuple)
    return st.builds(SearchQuery, where, order)


def everything(_: str) -> bool:
    return True


def pages(registry: Services, query: SearchQuery, subject: Subject, limit: int, visible: Any = everything) -> list[Any]:
    found: list[Any] = []
    start = None
    while True:
        page = SEARCH[subject](registry, query, limit, start, visible)
        assert len(page.items) <= limit
        found += page.items
        start = page.next_start
        if start is None:
            return found


fresh = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@fresh
@given(entities=st.lists(versions(), max_size=25), query=queries(V), limit=st.integers(1, 8))
def test_pages_of_versions_are_what_a_full_scan_finds(
    registry: Services, entities: list[Version], query: SearchQuery, limit: int
) -> None:
    shelf = Shelf(registry)
    for entity in entities:
        shelf.put_version(entity)
    assert pages(registry, query, V, limit) == full_scan(shelf, query, V)


@fresh
@given(entities=st.lists(states(), max_size=8), query=queries(M), limit=st.integers(1, 4))
def test_pages_of_models_are_what_a_full_scan_finds(
    registry: Services, entities: list[Any], query: SearchQuery, limit: int
) -> None:
    shelf = Shelf(registry)
    for entity in entities:
        shelf.put_model(entity)
    assert pages(registry, query, M, limit) == full_scan(shelf, query, M)


@fresh
@given(
    entities=st.lists(versions(), max_size=25),
    query=queries(V),
    limit=st.integers(1, 4),
    meanwhile=st.lists(st.one_of(versions(), st.tuples(NAMES, st.integers(1, 9))), max_size=15),
)
def test_what_does_not_change_between_pages_is_found_once(
    registry: Services, entities: list[Version], query: SearchQuery, limit: int, meanwhile: list[Any]
) -> None:
    shelf = Shelf(registry)
    for entity in entities:
        shelf.put_version(entity)
    before = dict(shelf.versions)
    touched = {(one.model, one.number) if isinstance(one, Version) else one for one in meanwhile}
    found: list[Version] = []
    start = None
    while True:
        page = search.search_versions(registry, query, limit, start, everything)
        found += page.items
        start = page.next_start
        if start is None:
            break
        for one in meanwhile[:3]:
            if isinstance(one, Version):
                shelf.put_version(one)
            elif one in shelf.versions:
                shelf.drop_version(*one)
        del meanwhile[:3]
    shelf.versions = {key: one for key, one in before.items() if key not in touched}
    expected = full_scan(shelf, query, V)
    assert [one for one in found if (one.model, one.number) not in touched] == expected
