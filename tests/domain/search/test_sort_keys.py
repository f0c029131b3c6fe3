"""Sort keys sort as their values do, bounds exclude no match, and every key fits an index."""

import math

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search import sort_keys

NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
# Around the cut, where a character is one to four bytes, and one of two that are escaped.
EDGES = st.builds(
    lambda length, tail: "x" * length + tail,
    st.sampled_from([0, 250, 255, 256, 260, 266, 290, 300]),
    st.text("a\x00\x01é\u20ac\U0001f600", max_size=40),
)
TEXTS = st.one_of(st.text(st.characters(codec="utf-8"), max_size=5), EDGES)


@given(NUMBERS, NUMBERS)
def test_numbers_sort_as_their_values_do(one: float, other: float) -> None:
    a, b = float(one), float(other)
    assert (sort_keys.number_part(one) < sort_keys.number_part(other)) == (a < b)
    assert (sort_keys.number_part(one) == sort_keys.number_part(other)) == (a == b)


def test_zero_has_one_sort_key() -> None:
    assert sort_keys.number_part(-0.0) == sort_keys.number_part(0)
    assert sort_keys.number_part(-5e-324) < sort_keys.number_part(0) < sort_keys.number_part(math.ulp(0.0))


@given(TEXTS, TEXTS)
def test_short_texts_sort_as_they_do_whatever_part_follows(one: str, other: str) -> None:
    a, b = sort_keys.text_part(one), sort_keys.text_part(other)
    assert (a == b) == (one == other)
    if len(a.encode()) < 200 and len(b.encode()) < 200:
        followed = sort_keys.joined(a, sort_keys.LAST), sort_keys.joined(b, "")
        assert one == other or (followed[0] < followed[1]) == (one < other)


@given(TEXTS, TEXTS)
def test_bounds_exclude_no_match(expected: str, value: str) -> None:
    key = sort_keys.joined(sort_keys.text_part(value), "fraud")
    low, whole = sort_keys.bound(expected)
    high = low + (sort_keys.AFTER_PART if whole else sort_keys.LAST)
    if value >= expected:
        assert key >= low
    if value <= expected:
        assert key <= high
    if value.startswith(expected):
        assert key.startswith(low)
    if whole and low == expected and len(value) < 200:
        assert (low <= key <= high) == (value == expected or low <= value < expected)


@given(TEXTS)
def test_every_sort_key_fits_an_index(value: str) -> None:
    longest = sort_keys.joined(
        sort_keys.text_part(value), sort_keys.name_part("\U0001f600" * 240), sort_keys.version_part(1)
    )
    assert len(longest.encode()) <= 1_024


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), st.text(st.characters(codec="utf-8"), max_size=4))
def test_nothing_is_between_a_sort_key_and_the_bounds_beside_it(key: str, other: str) -> None:
    if key[-1] != "\x00":
        assert (other <= sort_keys.just_before(key)) == (other < key)
    assert (other >= sort_keys.just_after(key)) == (other > key)


@given(st.integers(1, 999_999_999), st.integers(1, 999_999_999))
def test_newer_versions_come_first(one: int, other: int) -> None:
    assert (sort_keys.version_part(one) < sort_keys.version_part(other)) == (one > other)
