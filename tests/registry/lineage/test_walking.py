"""Walks over what is stored: in pages, within bounds, without what the caller may not read."""

from typing import Any

import pytest

from chalicelib.api import cursors
from chalicelib.aws.services import Services
from chalicelib.domain.errors import VersionNotFoundError
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import Stated
from chalicelib.domain.lineage.walk import Direction
from chalicelib.registry.lineage import stating, walking
from tests.registry.build import model, registered, request
from tests.registry.lineage.build import CLICKS, based_on, shown


def a_family(registry: Services) -> Node:
    """c is based on a and b, which share an image; b is trained on clicks."""
    image = {"runtime": {"image": "train@sha256:7"}}
    based_on(registry, "a", **image)
    based_on(registry, "b", ("a", 1), datasets=[CLICKS], **image)
    return based_on(registry, "c", ("a", 1), ("b", 1))


def test_pages_of_any_size_show_the_same(registry: Services) -> None:
    child = a_family(registry)
    everything = {("a", "1"), ("b", "1"), ("sha256:7", ""), ("clicks", "digest:d1")}
    for limit in (1, 2, 100):
        assert set(shown(registry, child, Direction.UP, limit=limit)) == everything
    assert set(shown(registry, child, Direction.UP, depth=1)) == {("a", "1"), ("b", "1")}


def test_what_lies_behind_a_hidden_version_is_not_shown(registry: Services) -> None:
    child = a_family(registry)
    assert set(shown(registry, child, Direction.UP, hidden="b")) == {("a", "1"), ("b", "1"), ("sha256:7", "")}


def test_a_walk_down_and_up_does_not_go_through_what_is_shared(registry: Services) -> None:
    a_family(registry)
    found = walking.version_lineage(registry, "a", "1", list(Direction), 10, lambda _: True, 100, None)
    up = [one.node for one in found.page.nodes if one.direction is Direction.UP]
    assert up == [Node(Kind.IMAGE, "sha256:7")]


def test_edges_lead_on_from_a_dataset_that_is_known_by_its_name_alone(registry: Services) -> None:
    version = based_on(registry, "fraud", datasets=[{"name": "clicks"}])
    run, clicks = Node(Kind.RUN, "daily"), dataset_node("clicks")
    for state in ("d1", "d2"):
        stated = Stated(dataset_node("clicks", state), ((LinkType.MADE_BY, run),))
        stating.state(registry, request(), [stated])
    page = walking.whole_lineage(registry, version, lambda _: True)
    assert [(edge.node, edge.link.origin) for edge in page.edges] == [(version, clicks), (clicks, run)]


def test_a_cycle_is_walked_once(registry: Services) -> None:
    based_on(registry, "a", ("b", 1))
    based_on(registry, "b", ("a", 1))
    assert shown(registry, version_node("a", 1), Direction.UP) == [("b", "1")]


def test_the_neighbours_of_a_popular_dataset_are_bounded_and_fit_a_cursor(registry: Services) -> None:
    model(registry)
    datasets = [{"name": f"by-{number}", "digest": "d"} for number in range(100)]
    registered(registry, provenance={"datasets": datasets, "run": {"id": "r"}})
    found = walking.version_lineage(registry, "fraud", "1", [Direction.UP], 10, lambda _: True, 100, None)
    assert len(found.page.nodes) == 100
    assert found.page.truncated == [version_node("fraud", 1).id]
    start: Any = found.next_start
    assert start is not None
    assert len(cursors.seal(start, {}, b"key", registry.clock())) <= cursors.MAX_LENGTH


def test_a_version_that_is_not_there_has_no_lineage(registry: Services) -> None:
    model(registry)
    with pytest.raises(VersionNotFoundError):
        walking.version_lineage(registry, "fraud", "1", [Direction.UP], 10, lambda _: True, 100, None)
    assert shown(registry, dataset_node("nobody's"), Direction.DOWN) == []
