"""Baselines and windows of data of any kind; and the registry's own reading of them."""

import json
import subprocess
import sys
from decimal import Decimal
from math import inf, isclose, nan
from statistics import fmean, pvariance

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.monitoring import FeatureSummary, Profile, baseline, merge, window

from chalicelib.domain.statistics.drift import Verdict, judge
from chalicelib.domain.statistics.histogram import checked, from_document
from chalicelib.domain.statistics.histogram import merge as registry_merge
from chalicelib.domain.statistics.statistic import Statistic

AGES = [20.0, 30.0, 30.0, 40.0, None, 70.0]
COUNTRIES = ["FR", "DE", "FR", None, "IT", "FR"]

numbers = st.lists(st.none() | st.floats(-1e6, 1e6) | st.integers(-5, 5), min_size=1, max_size=60)
texts = st.lists(st.none() | st.text("abc", max_size=2), min_size=1, max_size=60)


@st.composite
def data(draw: st.DrawFn) -> dict[str, list[object]]:
    size = draw(st.integers(1, 40))
    ages = draw(st.lists(st.none() | st.floats(-1e6, 1e6) | st.integers(-5, 5), min_size=size, max_size=size))
    places = draw(st.lists(st.none() | st.text("abc", max_size=2), min_size=size, max_size=size))
    return {"age": [0.5, *ages], "place": ["a", *places]}


def same(one: Profile, other: Profile) -> bool:
    """Counts exactly, moments up to rounding."""
    for a, b in zip(one.features, other.features, strict=True):
        mine, others = a.document(), b.document()
        for moment in ("mean", "m2"):
            pair = mine.pop(moment, None), others.pop(moment, None)
            if pair[0] != pair[1] and pair[0] != pytest.approx(pair[1], rel=1e-9, abs=1e-3):
                return False
        if mine != others:
            return False
    return True


def test_numbers_are_counted_up_to_each_edge_and_categories_by_name() -> None:
    profile = baseline({"age": AGES, "country": COUNTRIES})
    age, country = profile["age"], profile["country"]
    assert age.edges[1:] == (20.0, 30.0, 40.0, 70.0) and age.edges[0] < 20
    assert (age.counts, age.missing, age.n) == ((0, 1, 2, 1, 1, 0), 1, 5)
    assert (age.mean, age.min, age.max) == (38.0, 20.0, 70.0)
    assert isclose(age.m2, 5 * pvariance([20, 30, 30, 40, 70]))
    assert (country.values, country.counts, country.missing) == (("FR", "DE", "IT"), (3, 1, 1, 0), 1)
    with pytest.raises(KeyError):
        profile["height"]


def test_bins_of_many_values_hold_about_the_same_number_of_them() -> None:
    summary = baseline({"x": [float(number) for number in range(1000)]}, bins=10)["x"]
    assert summary.counts == (100,) * 10


def test_a_window_is_counted_in_the_bins_of_its_baseline() -> None:
    before = baseline({"age": AGES, "country": COUNTRIES})
    later = window(
        {"age": [10, 20, 25, 71, nan, inf], "country": ["FR", "ES", "XX", None, "IT", "DE"], "new": [1] * 6}, before
    )
    assert [feature.name for feature in later.features] == ["age", "country"]
    assert (later["age"].edges, later["age"].counts) == (before["age"].edges, (1, 1, 1, 0, 0, 1))
    assert later["age"].missing == 2
    assert later["country"].counts == (1, 1, 1, 2)


@given(data(), data(), data())
def test_windows_merge_to_the_window_of_all_data_in_any_order(before, one, other) -> None:
    like = baseline(before)
    together = window({name: one[name] + other[name] for name in one}, like)
    parts = [window(one, like), window(other, like)]
    assert same(merge(parts), together) and merge(parts) == merge(parts[::-1])
    assert merge([parts[0]]) == parts[0]


@given(data(), data())
def test_the_registry_reads_every_profile_finds_no_fault_and_merges_alike(before, later) -> None:
    like = baseline(before)
    for profile in (like, window(later, like), merge([like, window(later, like)])):
        sent = json.loads(json.dumps(profile.document(), allow_nan=False))
        assert Profile.from_document(sent) == profile
        assert [checked(from_document(one)).document() for one in sent] == sent
    pair = [like, window(later, like)]
    for name in ("age", "place"):
        kept = registry_merge(from_document(one[name].document()) for one in pair)
        assert kept.document() == merge(pair)[name].document()


def test_the_registry_finds_drift_between_a_baseline_and_a_shifted_window() -> None:
    random = np.random.default_rng(1)
    before = baseline({"x": random.normal(0, 1, 5_000)})
    for shift, verdict in ((0, Verdict.STABLE), (1, Verdict.DRIFT)):
        later = window({"x": random.normal(shift, 1, 1_000)}, before)
        pair = [from_document(profile["x"].document()) for profile in (before, later)]
        assert {judge(*pair, statistic).verdict for statistic in Statistic} == {verdict}


def test_lists_rows_arrays_series_and_frames_give_the_same_profile() -> None:
    columns = {"age": [1.5, 2.5, 3.5, 2.5], "country": ["FR", "DE", "FR", "FR"]}
    expected = baseline(columns)
    frame = pd.DataFrame(columns)
    assert baseline(frame) == expected
    assert baseline(frame.astype({"country": "category"})) == expected
    assert baseline(frame.convert_dtypes()) == expected
    assert baseline(frame.to_dict("records")) == expected
    assert baseline({name: np.array(column) for name, column in columns.items()}) == expected
    assert baseline({name: frame[name] for name in columns}) == expected
    ages = Profile((expected["age"],))
    assert baseline(frame["age"]) == ages
    assert baseline(np.array(columns["age"]), names=["age"]) == ages
    assert baseline(np.array([columns["age"]]).T, names=["age"]) == ages
    assert baseline({"age": [Decimal(str(age)) for age in columns["age"]]}) == ages
    assert baseline({"age": [np.float32(age) for age in columns["age"]]}) == ages


def test_what_stands_for_no_value_in_each_library_is_missing() -> None:
    frame = pd.DataFrame({"x": [1.0, np.nan, np.inf], "y": ["a", None, "b"]})
    frame["z"] = pd.array([1, None, 2], dtype="Int64")
    profile = baseline(frame)
    assert [feature.missing for feature in profile.features] == [2, 1, 1]
    assert [feature.missing for feature in window([{"x": 1.0}, {"y": "a"}, {"z": 1}], profile).features] == [2, 2, 2]


def test_truth_values_and_chosen_numbers_are_categories() -> None:
    profile = baseline({"flag": [True, False, True], "code": [404, 200, 200]}, categorical=["code"])
    assert profile["flag"].values == ("true", "false")
    assert profile["code"].values == ("200", "404")
    assert window({"flag": [False], "code": [404]}, profile)["code"].counts == (0, 1, 0)


def test_only_the_most_frequent_categories_are_counted_by_themselves() -> None:
    given_ = [f"c{number:02}" for number in range(60) for _ in range(60 - number)] + ["x" * 251] * 100
    summary = baseline({"c": given_})["c"]
    assert summary.values == tuple(f"c{number:02}" for number in range(50))
    assert summary.counts[-1] == sum(range(1, 11)) + 100


def test_a_constant_has_bins_on_both_sides() -> None:
    like = baseline({"x": [7.0] * 10})
    assert window({"x": [6.9, 7.0, 7.1]}, like)["x"].counts == (1, 1, 1)


def test_numbers_that_cannot_be_squared_are_missing() -> None:
    like = baseline({"x": [1.0, 2.0]})
    assert window({"x": [1e200, -1e200, 1.0]}, like)["x"].missing == 2


def test_an_empty_window_counts_nothing() -> None:
    like = baseline({"age": AGES, "country": COUNTRIES})
    empty = window([], like)
    assert [feature.n for feature in empty.features] == [0, 0]
    assert merge([empty, window({"age": AGES, "country": COUNTRIES}, like)]) == like


@pytest.mark.parametrize(
    ("given_", "options", "message"),
    [
        ({"x": [1, "a"]}, {}, "has numbers and 'a'"),
        ({"x": [None, nan]}, {}, "has no values"),
        ({"x": [1e200]}, {}, "has no number of at most"),
        ({"x": [1, 2], "y": [1]}, {}, "different numbers of values: 'x' 2, 'y' 1"),
        ({"x": [1, 2]}, {"bins": 1}, "bins is 1"),
        ({"x": [1, 2]}, {"bins": 101}, "bins is 101"),
        ({"x": [1, 2]}, {"categorical": ["y"]}, "no column 'y'"),
        ([1, 2], {}, "give columns by name"),
        (np.array([1, 2]), {}, "an array has no names"),
        (np.array([1, 2]), {"names": ["x", "y"]}, "not one column for each of 2 names"),
        (np.zeros((2, 2, 2)), {"names": ["x", "y"]}, "not one column for each of 2 names"),
        ({"x": np.array(["2026-01-01"], dtype="datetime64[D]")}, {}, "has times"),
    ],
)
def test_data_without_a_baseline_is_refused_with_what_to_do(given_, options, message) -> None:
    with pytest.raises(ValueError, match=message):
        baseline(given_, **options)


@pytest.mark.parametrize(
    ("given_", "message"), [({"y": [1]}, "no column 'x', which the baseline has"), ({"x": ["a"]}, "has a str, but its")]
)
def test_a_window_that_does_not_fit_its_baseline_is_refused(given_, message) -> None:
    with pytest.raises(ValueError, match=message):
        window(given_, baseline({"x": [1, 2]}))


def test_windows_of_different_baselines_do_not_merge() -> None:
    one, other = baseline({"x": [1, 2]}), baseline({"x": [1, 3]})
    with pytest.raises(ValueError, match="the edges of 'x' and 'x' differ"):
        merge([one, other])
    with pytest.raises(ValueError, match="different features"):
        merge([one, baseline({"x": [1, 2], "y": [1, 2]})])
    with pytest.raises(ValueError, match="nothing to merge"):
        merge([])


@given(numbers.filter(lambda given_: any(number is not None for number in given_)))
def test_moments_are_those_of_the_values(given_) -> None:
    summary = baseline({"x": given_})["x"]
    present = [float(number) for number in given_ if number is not None]
    assert summary.mean == pytest.approx(fmean(present), rel=1e-12, abs=1e-9)
    assert summary.m2 == pytest.approx(len(present) * pvariance(present), rel=1e-6, abs=1e-3)
    assert (summary.sd is None) == (len(present) < 2)


def test_a_moment_that_one_part_does_not_know_is_not_known_of_the_whole() -> None:
    known = baseline({"x": [1, 2]})["x"]
    bare = FeatureSummary("x", "numeric", known.counts, 0, known.edges)
    merged = known.merged(bare)
    assert (merged.mean, merged.m2, merged.min, merged.max) == (None,) * 4 and merged.n == 4


def test_neither_the_package_nor_monitoring_imports_numpy_pandas_or_an_http_client() -> None:
    program = (
        "import sys, moorage, moorage.monitoring as m; m.window({'x': [1]}, m.baseline({'x': [1, 2]}));"
        "print(*sorted({'numpy', 'pandas', 'httpx'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["a", "a"]), None),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), ["a", "a"]),
        ({"1": [1.0], 1: [2.0]}, None),
        ([{"1": 1.0, 1: 2.0}], None),
    ],
)
def test_no_column_stands_for_another_of_the_same_name(data: object, names: list[str] | None) -> None:
    with pytest.raises(ValueError, match="2 columns are named"):
        baseline(data, names=names)


def test_an_array_without_a_dimension_has_no_columns() -> None:
    with pytest.raises(ValueError, match="has not one column for each of 1 names"):
        baseline(np.array(1.0), names=["a"])


def test_an_integer_too_large_for_a_float_is_missing_like_an_infinite_number() -> None:
    like = baseline({"a": [1.0, 2.0, 10**400]})
    assert like["a"].missing == 1
    assert window([{"a": 10**400}, {"a": 1}], like)["a"].missing == 1
