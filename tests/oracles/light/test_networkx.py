"""Walks find what networkx finds, on random graphs with cycles, at every depth and in both directions."""

import random
from collections.abc import Sequence

import networkx
import pytest

from chalicelib.domain.instants import Instant
from chalicelib.domain.lineage.link import Link, LinkType, Source
from chalicelib.domain.lineage.node import Node, version_node
from chalicelib.domain.lineage.walk import MAX_DEPTH, PAGE, Direction, Edge, Neighbours, Waiting, follow, starting

NODES = 300
VERSIONS = 100_000
WIDEST = 100
SINCE = Instant("2026-11-23T09:30:00.000Z")


class Graph:
    """A graph of versions as the table would give it: what each comes from, and what came of it."""

    def __init__(self, drawn: networkx.DiGraph) -> None:
        self.drawn = drawn
        self.number = {node(number).id: number for number in drawn}

    def __call__(self, waiting: Sequence[Waiting]) -> list[Neighbours]:
        return [Neighbours(tuple(self._edges(one))) for one in waiting]

    def _edges(self, one: Waiting) -> list[Edge]:
        at = self.number[one.id]
        if one.direction is Direction.UP:
            return [edge(at, origin) for origin in self.drawn.successors(at)]
        return [edge(came, at) for came in self.drawn.predecessors(at)]


def whole_walk(graph: Graph, start: int, direction: Direction, depth: int, size: int) -> dict[int, int]:
    """The distance of every node that the pages of a walk show."""
    waiting, found = starting(node(start), [direction]), {start: 0}
    while waiting:
        page = follow(waiting, graph, lambda _: True, depth, size)
        # None of these graphs is so wide that something is left out.
        assert not page.truncated
        for reached in page.nodes:
            number = reached.node.number
            found[number] = min(reached.depth, found.get(number, reached.depth))
        waiting = page.waiting
    return found


def node(number: int) -> Node:
    return version_node("fraud", number)


def edge(came: int, origin: int) -> Edge:
    return Edge(node(came), Link(LinkType.BASED_ON, node(origin), SINCE), Source.REGISTERED)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("direction", Direction)
def test_a_walk_finds_the_nodes_of_a_breadth_first_search_at_their_distances(seed: int, direction: Direction) -> None:
    chosen = random.Random(seed)
    drawn = networkx.gnm_random_graph(NODES, chosen.randrange(NODES, NODES * 3 // 2), seed=seed, directed=True)
    depth, size = chosen.randrange(1, 11), chosen.choice((1, 10, 100))
    way = drawn if direction is Direction.UP else drawn.reverse()
    start = max(way, key=way.out_degree)
    expected = networkx.single_source_shortest_path_length(way, start, cutoff=depth)
    assert whole_walk(Graph(drawn), start, direction, depth, size) == expected


@pytest.mark.parametrize("direction", Direction)
def test_so_does_a_walk_of_ten_steps_among_a_hundred_thousand_versions(direction: Direction) -> None:
    drawn = networkx.gnm_random_graph(VERSIONS, VERSIONS * 5 // 4, seed=1, directed=True)
    way = drawn if direction is Direction.UP else drawn.reverse()
    graph, compared = Graph(drawn), 0
    for start in random.Random(2).sample(range(VERSIONS), 200):
        expected = networkx.single_source_shortest_path_length(way, start, cutoff=MAX_DEPTH)
        # What is wider than a cursor is left out, and a walk says so.
        if len(expected) <= WIDEST:
            assert whole_walk(graph, start, direction, MAX_DEPTH, PAGE) == expected
            compared += len(expected) > PAGE // 4
    assert compared > 20
