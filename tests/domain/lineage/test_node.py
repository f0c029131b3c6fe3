"""Nodes have one identity each, and a dataset's states are found by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.lineage.node import DatasetAsked, Kind, Node, dataset_node, place_node, version_node

_TEXT = st.text(min_size=1, max_size=20)
_NODES = st.builds(
    Node, st.sampled_from([kind for kind in Kind if kind not in (Kind.VERSION, Kind.DATASET)]), _TEXT, st.text()
) | st.builds(dataset_node, _TEXT, st.none() | _TEXT, st.none() | _TEXT)


@given(_NODES, _NODES)
def test_two_nodes_have_the_same_id_only_if_they_are_the_same(one: Node, other: Node) -> None:
    assert (one.id == other.id) == (one == other)


@given(_NODES)
def test_a_node_is_read_back_as_it_was_kept(node: Node) -> None:
    assert Node.from_stored(node.stored()) == node


@given(_TEXT, _TEXT, _TEXT)
def test_all_states_of_a_dataset_begin_with_the_id_of_its_name(name: str, digest: str, version: str) -> None:
    bare = dataset_node(name).id
    states = {dataset_node(name, digest).id, dataset_node(name, version=version).id}
    assert len(states) == 2
    assert {one.partition(".")[0] for one in states} == {bare}


@pytest.mark.parametrize(
    ("node", "document"),
    [
        (version_node("fraud", 3), {"kind": "version", "model": "fraud", "version": 3}),
        (place_node("fraud", "eu"), {"kind": "place", "model": "fraud", "target": "eu"}),
        (dataset_node("clicks", "d1", "7"), {"kind": "dataset", "name": "clicks", "digest": "d1"}),
        (dataset_node("clicks", version="7"), {"kind": "dataset", "name": "clicks", "version": "7"}),
        (dataset_node("clicks"), {"kind": "dataset", "name": "clicks"}),
        (Node(Kind.COMMIT, "git", "abc"), {"kind": "commit", "repository": "git", "commit": "abc"}),
        (Node(Kind.BASE_MODEL, "bert"), {"kind": "base_model", "name": "bert"}),
        (Node(Kind.ENVIRONMENT, "e3b0"), {"kind": "environment", "digest": "e3b0"}),
    ],
)
def test_a_node_is_shown_by_what_its_kind_calls_its_texts(node: Node, document: dict[str, object]) -> None:
    assert node.document() == document


def test_a_dataset_is_asked_for_by_its_name_its_digest_or_both() -> None:
    node = dataset_node("clicks", "d1")
    assert DatasetAsked("clicks").is_at(node)
    assert DatasetAsked(digest="d1").is_at(node)
    assert DatasetAsked("clicks", "d1").is_at(node)
    assert not DatasetAsked("clicks", "d2").is_at(node)
    assert not DatasetAsked("taps", "d1").is_at(node)
    assert not DatasetAsked(digest="d1").is_at(dataset_node("clicks", version="d1"))
    assert not DatasetAsked("clicks").is_at(Node(Kind.RUN, "clicks"))
    with pytest.raises(InvalidInputError, match="Name a dataset"):
        DatasetAsked()
