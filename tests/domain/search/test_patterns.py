"""LIKE patterns: as a regular expression would match, in steps that grow with the text alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.patterns import Pattern, plain_prefix


@given(st.text("ab%_", max_size=8), st.text("ab", max_size=12))
def test_a_pattern_matches_what_the_regular_expression_matches(pattern: str, text: str) -> None:
    regular = "".join({"%": ".*", "_": "."}.get(character, character) for character in pattern)
    assert Pattern(pattern).matches(text) == (re.fullmatch(regular, text) is not None)


class Counting(str):
    """A text that counts how often a character of it is looked at."""

    looks = 0

    def __getitem__(self, index: object) -> str:
        Counting.looks += 1
        return super().__getitem__(index)  # type: ignore[index]


@pytest.mark.parametrize("pattern", ["%" + "a_a" * 30 + "b%", "%a_%" * 50 + "b", "_%" * 100 + "b"])
def test_each_character_is_looked_at_a_bounded_number_of_times(pattern: str) -> None:
    text = Counting("a" * 5_000)
    Counting.looks = 0
    assert not Pattern(pattern).matches(text)
    assert Counting.looks <= 2 * len(text)


@pytest.mark.parametrize(("pattern", "prefix"), [("a_b%", "a"), ("ab%", "ab"), ("%a", ""), ("abc", "abc")])
def test_what_matches_begins_with_the_plain_prefix(pattern: str, prefix: str) -> None:
    assert plain_prefix(pattern) == prefix
