"""Places sort as what they are of, bounds leave out nothing, and all fit the key of an index."""

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
def test_numbers_sort_as_they_do(one: float, other: float) -> None:
    a, b = float(one), float(other)
    assert (sort_keys.number_part(one) < sort_keys.number_part(other)) == (a < b)
    assert (sort_keys.number_part(one) == sort_keys.number_part(other)) == (a == b)


def test_zero_has_one_place() -> None:
    assert sort_keys.number_part(-0.0) == sort_keys.number_part(0)
    assert sort_keys.number_part(-5e-324) < sort_keys.number_part(0) < sort_keys.number_part(math.ulp(0.0))


@given(TEXTS, TEXTS)
def test_short_texts_sort_as_they_do_with_whatever_follows(one: str, other: str) -> None:
    a, b = sort_keys.text_part(one), sort_keys.text_part(other)
    assert (a == b) == (one == other)
    if len(a.encode()) < 200 and len(b.encode()) < 200:
        followed = sort_keys.joined(a, sort_keys.LAST), sort_keys.joined(b, "")
        assert one == other or (followed[0] < followed[1]) == (one < other)


@given(TEXTS, TEXTS)
def test_bounds_leave_out_nothing(asked: str, value: str) -> None:
    place = sort_keys.joined(sort_keys.text_part(value), "fraud")
    low, whole = sort_keys.bound(asked)
    high = low + (sort_keys.AFTER_PART if whole else sort_keys.LAST)
    if value >= asked:
        assert place >= low
    if value <= asked:
        assert place <= high
    if value.startswith(asked):
        assert place.startswith(low)
    if whole and low == asked and len(value) < 200:
        assert (low <= place <= high) == (value == asked or low <= value < asked)


@given(TEXTS)
def test_every_place_fits_the_key_of_an_index(value: str) -> None:
    longest = sort_keys.joined(
        sort_keys.text_part(value), sort_keys.name_part("\U0001f600" * 240), sort_keys.version_part(1)
    )
    assert len(longest.encode()) <= 1_024


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), st.text(st.characters(codec="utf-8"), max_size=4))
def test_nothing_lies_between_a_place_and_the_bounds_beside_it(place: str, other: str) -> None:
    if place[-1] != "\x00":
        assert (other <= sort_keys.just_before(place)) == (other < place)
    assert (other >= sort_keys.just_after(place)) == (other > place)


@given(st.integers(1, 999_999_999), st.integers(1, 999_999_999))
def test_newer_versions_come_first(one: int, other: int) -> None:
    assert (sort_keys.version_part(one) < sort_keys.version_part(other)) == (one > other)
