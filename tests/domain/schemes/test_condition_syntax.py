"""The tree of a condition."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.schemes.condition_syntax import MAX_DEPTH, Kind, Node, NotUnderstoodError, parsed


def shape(node: Node) -> object:
    """A tree as nested lists: the kind of each node, its text and its operands."""
    return [node.kind.name + (f" {node.text}" if node.text else ""), *map(shape, node.operands)]


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("a.b", ["FIELD b", ["NAME a"]]),
        ("a['b'] // why", ["INDEX", ["NAME a"], ["LITERAL 'b'"]]),
        ("-a + 1 - 2", ["ADD", ["NAME a"], ["LITERAL 1"], ["LITERAL 2"]]),
        ("a + b * c", ["ADD", ["NAME a"], ["OTHER", ["NAME b"], ["NAME c"]]]),
        ("!a && b || c", ["OTHER", ["OTHER", ["NAME a"], ["NAME b"]], ["NAME c"]]),
        ("a <= b", ["COMPARE", ["NAME a"], ["NAME b"]]),
        ("a in [1, 2,]", ["COMPARE", ["NAME a"], ["LIST", ["LITERAL 1"], ["LITERAL 2"]]]),
        ("{'a': 1}", ["MAP", ["LITERAL 'a'"], ["LITERAL 1"]]),
        ("a ? b : c ? d : e", ["OTHER", ["NAME a"], ["NAME b"], ["OTHER", ["NAME c"], ["NAME d"], ["NAME e"]]]),
        ("size(a)", ["CALL size", ["NAME a"]]),
        ("a.size()", ["CALL size", ["NAME a"]]),
        ("a.all(k, k)", ["MACRO k", ["NAME a"], ["NAME k"]]),
        ("(a).map(k, true, k).b", ["FIELD b", ["MACRO k", ["NAME a"], ["LITERAL true"], ["NAME k"]]]),
    ],
)
def test_a_condition_becomes_a_tree(expression: str, tree: object) -> None:
    assert shape(parsed(expression)) == tree


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "a +",
        "(a",
        "a)",
        "a b",
        "a.",
        "a.1",
        "[1",
        "a[1",
        "a ? b",
        "a.all(k)",
        "a.all(1, k)",
        "a{b: 1}",
        "size(a,,b)",
    ],
)
def test_what_is_not_well_formed_is_not_understood(expression: str) -> None:
    with pytest.raises(NotUnderstoodError):
        parsed(expression)


@pytest.mark.parametrize("opened", ["(", "[", "a ? b : ", "size("])
def test_expressions_that_are_nested_too_deeply_are_not_understood(opened: str) -> None:
    with pytest.raises(NotUnderstoodError):
        parsed(opened * (MAX_DEPTH + 1))
    with pytest.raises(NotUnderstoodError):
        parsed("a" + ".a" * MAX_DEPTH)


@given(st.text(max_size=1_000))
def test_no_text_makes_the_parser_fail_otherwise(text: str) -> None:
    with contextlib.suppress(NotUnderstoodError):
        assert isinstance(parsed(text).kind, Kind)
