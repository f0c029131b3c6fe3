"""Summaries of features: merging them is like summing up all of the data, and what contradicts itself is refused."""

import json
from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.statistics import histogram
from chalicelib.domain.statistics.histogram import Histogram, Kind, checked, from_document, merge, over, suppressed
from tests.domain.statistics.build import categorical, numeric, pointers

EDGES = (-10.0, 0.0, 0.5, 100.0)
COUNTRIES = ("FR", "DE", "")
numbers = st.lists(st.floats(-1e6, 1e6) | st.sampled_from(EDGES), max_size=20)
words = st.lists(st.sampled_from((*COUNTRIES, "IT", "other")), max_size=20)

AGES = numeric([1.0, 2.0, 200.0], EDGES, missing=1)
PLACES = categorical(["FR", "IT"], COUNTRIES)


@st.composite
def numeric_summaries(draw: st.DrawFn) -> tuple[list[float], Histogram]:
    data = draw(numbers)
    return data, numeric(data, EDGES, draw(st.integers(0, 5)))


def same(one: Histogram, other: Histogram) -> bool:
    """Counts exactly, moments up to rounding."""
    bare = [replace(each, mean=None, m2=None) for each in (one, other)]
    pairs = ((one.mean, other.mean), (one.m2, other.m2))
    return bare[0] == bare[1] and all(a == b or a == pytest.approx(b, rel=1e-9, abs=1e-3) for a, b in pairs)


@given(st.lists(numeric_summaries(), min_size=1, max_size=4))
def test_merging_is_summing_up_all_of_the_data(parts) -> None:
    everything = [number for data, _ in parts for number in data]
    missing = sum(summary.missing for _, summary in parts)
    merged = merge(summary for _, summary in parts)
    assert same(merged, numeric(everything, EDGES, missing))
    assert checked(merged) is merged


@given(numeric_summaries(), numeric_summaries(), numeric_summaries())
def test_merging_does_not_depend_on_order_or_grouping(first, second, third) -> None:
    a, b, c = first[1], second[1], third[1]
    assert merge([a, b]) == merge([b, a])
    assert same(merge([merge([a, b]), c]), merge([a, merge([b, c])]))


@given(words, words)
def test_merged_categories_are_those_of_all_of_the_data(one: list[str], other: list[str]) -> None:
    merged = merge([categorical(one, COUNTRIES, 1), categorical(other, COUNTRIES, 2)])
    assert merged == categorical(one + other, COUNTRIES, 3)


def test_a_moment_that_one_part_does_not_know_is_not_known_of_the_whole() -> None:
    partial = replace(AGES, m2=None, min=None)
    merged = merge([AGES, partial])
    assert merged.mean == AGES.mean and merged.max == 200 and merged.m2 is merged.min is merged.sd is None
    nothing = numeric([], EDGES)
    assert merge([AGES, nothing]) == AGES == merge([nothing, AGES])


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        (replace(AGES, name="height"), "/name"),
        (replace(PLACES, name="age"), "/kind"),
        (replace(AGES, edges=(1.0, 2.0, 3.0, 4.0)), "/edges"),
    ],
)
def test_summaries_of_different_features_do_not_merge(other: Histogram, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        merge([AGES, other])
    assert pointers(refusal) == [pointer]


def test_merging_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        merge([])


@given(numeric_summaries(), words)
def test_a_document_gives_back_its_summary(summary, given_words) -> None:
    for one in (summary[1], categorical(given_words, COUNTRIES)):
        assert from_document(json.loads(json.dumps(one.document(), allow_nan=False))) == one


def test_a_document_has_the_agreed_fields() -> None:
    assert PLACES.document() == {
        "name": "country",
        "kind": "categorical",
        "values": ["FR", "DE", ""],
        "counts": [1, 0, 0, 1],
        "missing": 0,
        "n": 2,
    }
    assert list(AGES.document()) == ["name", "kind", "edges", "counts", "missing", "n", "mean", "m2", "min", "max"]


def test_a_document_whose_n_is_not_the_sum_of_its_counts_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        from_document(PLACES.document() | {"n": 3})
    assert pointers(refusal) == ["/n"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"values": ("x",)}, "/values"),
        ({"edges": ()}, "/edges"),
        ({"edges": tuple(map(float, range(101)))}, "/edges"),
        ({"edges": (0.0, 0.0, 1.0, 2.0)}, "/edges/1"),
        ({"edges": (0.0, nan, 1.0, 2.0)}, "/edges/1"),
        ({"edges": (0.0, 1.0, 2.0, inf)}, "/edges/3"),
        ({"counts": (1, 2)}, "/counts"),
        ({"counts": (-1, 0, 0, 2, 1)}, "/counts/0"),
        ({"counts": (2**53, 0, 0, 2, 1)}, "/counts"),
        ({"missing": -1}, "/missing"),
        ({"mean": nan}, "/mean"),
        ({"mean": 0.5}, "/mean"),
        ({"mean": 201.0}, "/mean"),
        ({"mean": None}, "/m2"),
        ({"m2": -1.0}, "/m2"),
        ({"m2": nan}, "/m2"),
        ({"m2": 3 * 199.0**2 / 4 + 1}, "/m2"),
        ({"min": 0.2}, "/min"),
        ({"min": -inf}, "/min"),
        ({"max": 99.0, "m2": None}, "/max"),
        ({"max": 1e141}, "/max"),
    ],
)
def test_a_numeric_summary_that_cannot_be_true_is_refused_by_place(change, pointer: str) -> None:
    assert checked(AGES) is AGES
    with pytest.raises(InvalidInputError) as refusal:
        checked(replace(AGES, **change), "/features/3")
    assert pointers(refusal) == [f"/features/3{pointer}"]


def test_least_and_largest_value_are_in_their_order() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        checked(replace(numeric([1.0, 2.0], EDGES), min=3.0))
    assert pointers(refusal) == ["/min"]


def test_a_summary_without_values_has_no_moments() -> None:
    empty = numeric([], EDGES, missing=3)
    assert checked(empty) is empty
    for field in ("mean", "min", "max"):
        with pytest.raises(InvalidInputError) as refusal:
            checked(replace(empty, **{field: 1.0}))
        assert pointers(refusal) == [f"/{field}"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"edges": (1.0,)}, "/edges"),
        ({"mean": 1.0}, "/mean"),
        ({"values": tuple(map(str, range(51)))}, "/values"),
        ({"values": ("FR", "DE", "FR")}, "/values/2"),
        ({"values": ("FR", "DE", "x" * 251)}, "/values/2"),
        ({"counts": (1, 0, 1)}, "/counts"),
    ],
)
def test_a_categorical_summary_that_cannot_be_true_is_refused_by_place(change, pointer: str) -> None:
    assert checked(PLACES) is PLACES
    with pytest.raises(InvalidInputError) as refusal:
        checked(replace(PLACES, **change))
    assert pointers(refusal) == [pointer]


@given(words, st.permutations(COUNTRIES), st.integers(0, 3))
def test_counting_fewer_values_moves_the_rest_to_the_others(given_words, order, kept: int) -> None:
    fewer = tuple(order[:kept])
    assert over(categorical(given_words, COUNTRIES, 1), fewer) == categorical(given_words, fewer, 1)


def test_a_value_that_was_not_counted_by_itself_cannot_be_separated() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        over(PLACES, ("FR", "IT"))
    assert pointers(refusal) == ["/values"]


@given(words)
def test_suppressed_categories_are_those_that_few_rows_have(given_words: list[str]) -> None:
    summary = categorical(given_words, COUNTRIES)
    result = suppressed(summary)
    assert result.n == summary.n
    assert set(result.values) == {value for value in COUNTRIES if given_words.count(value) >= 5}


def test_a_suppressed_numeric_summary_names_no_single_value() -> None:
    ages = numeric([1.0, 2.0, 3.0, 4.0, 200.0], EDGES, missing=1)
    result = suppressed(ages)
    assert result == replace(ages, min=None, max=None)
    assert checked(result) is result


def test_the_moments_of_few_values_are_suppressed_because_they_tell_them() -> None:
    result = suppressed(AGES)
    assert result == replace(AGES, mean=None, m2=None, min=None, max=None)
    assert checked(result) is result


def test_moments_of_the_largest_numbers_stay_finite() -> None:
    edges = (0.0,)
    half = histogram.MAX_COUNT // 2
    one = Histogram("x", Kind.NUMERIC, (half, 0), 0, edges, (), -1e140, 0.0, -1e140, -1e140)
    other = Histogram("x", Kind.NUMERIC, (0, half), 0, edges, (), 1e140, 0.0, 1e140, 1e140)
    assert checked(merge([one, other])).m2 < inf
