"""Walks find what a plain search over the graph finds, page by page, whatever the graph."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.lineage.link import Link, LinkType, Source
from chalicelib.domain.lineage.node import Node, version_node
from chalicelib.domain.lineage.walk import (
    MAX_WAITING,
    Direction,
    Edge,
    Neighbours,
    Waiting,
    follow,
    starting,
)
from tests.domain.build import NOW

Pairs = set[tuple[int, int]]
_PAIRS: st.SearchStrategy[Pairs] = st.sets(st.tuples(st.integers(1, 15), st.integers(1, 15)), max_size=60)
_DIRECTIONS = st.sampled_from(Direction)


class Graph:
    """Versions of one model; a pair (3, 2) says that 3 comes from 2."""

    def __init__(self, pairs: Pairs, widest: int = 100) -> None:
        self.pairs = sorted(pairs)
        self.widest = widest
        self.reads = 0

    def __call__(self, waiting: Sequence[Waiting]) -> list[Neighbours]:
        self.reads += len(waiting)
        return [self._neighbours(one) for one in waiting]

    def _neighbours(self, one: Waiting) -> Neighbours:
        at = 0 if one.direction is Direction.UP else 1
        found = [
            Edge(node(low), Link(LinkType.BASED_ON, node(high), NOW), Source.REGISTERED)
            for low, high in self.pairs
            if node((low, high)[at]).id == one.id
        ]
        return Neighbours(tuple(found[: self.widest]), len(found) > self.widest)


def node(number: int) -> Node:
    return version_node("fraud", number)


def walked(
    graph: Graph, direction: Direction, depth: int, size: int, hidden: frozenset[int] = frozenset()
) -> dict[int, int]:
    """The least depth at which each version was shown, in all pages."""
    waiting, depths = starting(node(1), [direction]), dict[int, int]()
    for _ in range(1_000):
        page = follow(waiting, graph, lambda one: one.number not in hidden, depth, size)
        for reached in page.nodes:
            depths[reached.node.number] = min(reached.depth, depths.get(reached.node.number, reached.depth))
        waiting = page.waiting
        if not waiting:
            return {number: at for number, at in depths.items() if number != 1}
    raise AssertionError("the walk does not end")


def expected(pairs: Pairs, direction: Direction, depth: int, hidden: frozenset[int] = frozenset()) -> dict[int, int]:
    """The same, level by level over the whole graph."""
    steps = pairs if direction is Direction.UP else {(origin, node) for node, origin in pairs}
    found, level = {1: 0}, {1}
    for at in range(1, depth + 1):
        level = {origin for node, origin in steps if node in level - hidden and origin not in found}
        found |= dict.fromkeys(level, at)
    return {number: at for number, at in found.items() if number != 1}


@settings(max_examples=300)
@given(_PAIRS, _DIRECTIONS, st.integers(1, 10), st.integers(1, 20))
def test_pages_of_any_size_show_every_node_at_its_distance(
    pairs: Pairs, direction: Direction, depth: int, size: int
) -> None:
    assert walked(Graph(pairs), direction, depth, size) == expected(pairs, direction, depth)


@given(_PAIRS, st.frozensets(st.integers(2, 15)), st.integers(1, 10))
def test_what_lies_behind_a_hidden_node_is_not_looked_at(pairs: Pairs, hidden: frozenset[int], depth: int) -> None:
    assert walked(Graph(pairs), Direction.UP, depth, 100, hidden) == expected(pairs, Direction.UP, depth, hidden)


@given(_PAIRS)
def test_a_walk_in_both_directions_is_one_up_and_one_down(pairs: Pairs) -> None:
    page = follow(starting(node(1), list(Direction)), Graph(pairs), lambda _: True, 10)
    for direction in Direction:
        shown = {one.node.number for one in page.nodes if one.direction is direction}
        assert shown - {1} == expected(pairs, direction, 10).keys()


def test_a_shared_origin_does_not_join_what_comes_from_it() -> None:
    page = follow(starting(node(1), list(Direction)), Graph({(1, 9), (2, 9)}), lambda _: True, 10)
    assert [one.node.number for one in page.nodes] == [9]


def test_a_node_with_too_many_neighbours_is_named() -> None:
    graph = Graph({(1, number) for number in range(2, 8)}, widest=4)
    page = follow(starting(node(1), [Direction.UP]), graph, lambda _: True, 10)
    assert (len(page.nodes), page.truncated) == (4, [node(1).id])


def test_a_wide_graph_takes_a_bounded_number_of_reads_and_says_what_it_left_out() -> None:
    wide = {(1, number) for number in range(2, 102)}
    wide |= {(number, number * 1_000 + leaf) for number in range(2, 102) for leaf in range(100)}
    graph = Graph(wide)
    first = follow(starting(node(1), [Direction.UP]), graph, lambda _: True, 10)
    assert (len(first.nodes), len(first.waiting), graph.reads) == (100, 100, 1)
    second = follow(first.waiting, graph, lambda _: True, 10)
    assert len(second.nodes) == 100
    assert len(second.waiting) == MAX_WAITING
    assert len(second.truncated) == 99
    assert graph.reads <= 10
