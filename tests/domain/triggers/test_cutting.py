"""What is too large is cut as far as needed, with a mark, and keeps its names."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.triggers.cutting import MARK, cut, fitted
from tests.domain.triggers.build import EVENTS


@given(st.text(max_size=100), st.integers(1, 50))
def test_a_cut_text_has_its_beginning_and_the_mark(text: str, most: int) -> None:
    shorter = cut(text, most)
    assert len(shorter) <= most
    assert shorter == text if len(text) <= most else (shorter == text[: most - 1] + MARK)


@settings(max_examples=25)
@given(EVENTS, st.sampled_from([2_000, 5_000, 60_000]))
def test_a_document_is_cut_to_its_size_and_keeps_its_names(document: dict[str, Any], most: int) -> None:
    smaller = fitted(document, most)
    assert len(canonical_json(smaller).encode()) <= most
    assert smaller.keys() == document.keys()
    if len(canonical_json(document).encode()) <= most:
        assert smaller == document


def test_long_lists_and_objects_say_that_there_was_more() -> None:
    smaller = fitted({"list": list(range(5_000)), "object": {f"n{n:04}": n for n in range(5_000)}}, 20_000)
    assert smaller["list"][:2] == [0, 1] and smaller["list"][-1] == MARK
    assert smaller["object"]["n0000"] == 0 and MARK in smaller["object"]


def test_what_is_nested_too_richly_becomes_the_mark() -> None:
    nested: Any = "x" * 40
    for _ in range(4):
        nested = {str(n): nested for n in range(9)}
    assert fitted({"id": "e1", "deep": nested}, 5_000) == {"id": "e1", "deep": MARK}
    assert json.loads(canonical_json(fitted({"deep": [nested]}, 100)))["deep"] == MARK
