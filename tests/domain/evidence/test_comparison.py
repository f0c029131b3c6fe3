"""Versions side by side."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.comparison import (
    MAX_METRICS,
    MAX_ROWS,
    Compared,
    Comparison,
    MetricRow,
    compare,
    difference,
)
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice
from chalicelib.domain.instants import later
from chalicelib.domain.models.model import Model
from tests.domain.build import NOW, file, ready

DIFFERING = ("parameters", "provenance", "datasets", "requirements", "framework", "signature", "files")

names = st.sampled_from(["auc", "loss", "p99_ms"])
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
metrics = st.dictionaries(names, numbers, max_size=3)
texts = st.text("ab-.=1", min_size=1, max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def evaluations(draw: st.DrawFn) -> Evaluation:
    slices = draw(st.dictionaries(texts, metrics.filter(bool), max_size=2))
    return Evaluation(
        draw(st.sampled_from(Kind)),
        draw(metrics.filter(bool)),
        tuple(Slice({"country": country}, measured) for country, measured in slices.items()),
        draw(st.none() | st.just({"name": "holdout"})),
        NOW,
        NOW,
        "token:ada",
    )


@st.composite
def compared(draw: st.DrawFn) -> Compared:
    _, version = ready(
        Model("fraud"),
        metrics=draw(metrics),
        parameters=draw(st.dictionaries(texts, st.booleans() | st.integers(0, 2) | texts, max_size=3)),
        provenance=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "author": texts,
                    "source": st.fixed_dictionaries({"repository": texts, "commit": texts}),
                    "datasets": st.lists(st.fixed_dictionaries({"name": texts}, optional={"digest": texts})),
                    "runtime": st.fixed_dictionaries({}, optional={"requirements": st.lists(texts, max_size=3)}),
                },
            )
        ),
        framework=draw(st.none() | st.fixed_dictionaries({"name": texts})),
        signature=draw(st.none() | st.dictionaries(st.sampled_from(["inputs", "outputs"]), json_values)),
    )
    paths = draw(st.sets(texts, max_size=3))
    files = tuple(file(path, sha256=draw(st.sampled_from("ab")) * 64) for path in sorted(paths))
    checks = draw(st.dictionaries(names, st.booleans(), max_size=2))
    return Compared(
        version,
        files,
        {name: Check(passed, None, None, NOW, "token:ci") for name, passed in checks.items()},
        draw(st.dictionaries(names, evaluations(), max_size=2)),
    )


def one(**description: Any) -> Compared:
    return Compared(ready(Model("fraud"), **description)[1], (file(),), {}, {})


def measured(made: Comparison) -> list[MetricRow]:
    measures = list(made.metrics)
    for row in made.evaluations:
        measures += row.metrics
        measures += [measure for part in row.slices for measure in part.metrics]
    return measures


@given(compared(), compared())
def test_the_other_way_round_every_difference_has_the_other_sign(first: Compared, second: Compared) -> None:
    forth, back = compare([first, second], NOW, {}), compare([second, first], NOW, {})
    for one_way, other_way in zip(measured(forth), measured(back), strict=True):
        assert one_way.name == other_way.name
        assert one_way.values == other_way.values[::-1]
        there, here = one_way.differences[1], other_way.differences[1]
        assert (there is None and here is None) or there == -here  # type: ignore[operator]
    for section in (*DIFFERING, "checks"):
        rows, reversed_rows = getattr(forth, section), getattr(back, section)
        assert [(row.name, row.values) for row in rows] == [(row.name, row.values[::-1]) for row in reversed_rows]


@given(compared())
def test_a_version_does_not_differ_from_itself(version: Compared) -> None:
    made = compare([version, version], NOW, {})
    assert all(getattr(made, section) == () for section in DIFFERING)
    assert all(measure.differences == (0, 0) for measure in measured(made))
    assert made.truncated == ()


@given(st.lists(compared(), min_size=2, max_size=5))
def test_every_row_has_a_value_for_each_version(versions: list[Compared]) -> None:
    made = compare(versions, NOW, {})
    for section in (*DIFFERING, "checks", "metrics"):
        assert all(len(row.values) == len(versions) for row in getattr(made, section))
    for column, version in enumerate(versions):
        assert {m.name: m.values[column] for m in made.metrics if m.values[column] is not None} == (
            version.version.description.metrics
        )


@given(numbers, numbers)
def test_a_difference_is_a_number_that_json_can_carry(value: float, base: float) -> None:
    result = difference(value, base)
    assert result is None or abs(result) < float("inf")


def test_a_difference_is_that_of_the_decimals_as_they_were_written() -> None:
    assert difference(0.97, 0.95) == 0.02
    assert difference(3, 5) == -2
    assert difference(1.7e308, -1.7e308) is None
    assert difference(None, 1) is None


def rows(first: Mapping[str, Any], second: Mapping[str, Any], section: str) -> dict[str, tuple[Any, ...]]:
    return {row.name: row.values for row in getattr(compare([one(**first), one(**second)], NOW, {}), section)}


def test_requirements_are_compared_by_the_package_that_they_pin() -> None:
    first = {"provenance": {"runtime": {"requirements": ["Scikit_Learn==1.4.0", "numpy==2.0", "scipy==1.13"]}}}
    second = {"provenance": {"runtime": {"requirements": ["scikit-learn==1.5.0", "numpy==2.0", "xgboost>=2"]}}}
    assert rows(first, second, "requirements") == {
        "scikit-learn": ("Scikit_Learn==1.4.0", "scikit-learn==1.5.0"),
        "scipy": ("scipy==1.13", None),
        "xgboost": (None, "xgboost>=2"),
    }
    assert rows(first, second, "provenance") == {}


def test_where_versions_come_from_is_compared_field_by_field() -> None:
    first = {"provenance": {"run": {"id": "a"}, "source": {"repository": "r", "commit": "1"}, "author": None}}
    second = {"provenance": {"run": {"id": "b"}, "source": {"repository": "r", "commit": "2"}}}
    assert rows(first, second, "provenance") == {"run.id": ("a", "b"), "source.commit": ("1", "2")}
    data = {"provenance": {"datasets": [{"name": "d", "version": "2"}]}}
    assert rows(first, data, "datasets") == {"d": (None, [{"version": "2"}])}


def test_signatures_are_compared_column_by_column_where_columns_have_names() -> None:
    first = {"signature": {"inputs": [{"name": "amount", "type": "double"}, {"name": "age", "type": "long"}]}}
    second = {"signature": {"inputs": [{"name": "amount", "type": "float"}, {"name": "age", "type": "long"}]}}
    assert rows(first, second, "signature") == {
        "inputs.amount": ({"name": "amount", "type": "double"}, {"name": "amount", "type": "float"})
    }
    unnamed = {"signature": {"inputs": [{"name": ["a"]}, 1]}}
    assert rows(unnamed, {}, "signature") == {"inputs": ([{"name": ["a"]}, 1], None)}


def test_true_is_not_one() -> None:
    assert rows({"parameters": {"a": True}}, {"parameters": {"a": 1}}, "parameters") == {"a": (True, 1)}


def test_files_are_compared_by_path_and_content() -> None:
    first, second = one(), one()
    first = replace(first, files=(file("kept"), file("changed"), file("removed")))
    second = replace(second, files=(file("kept"), file("changed", sha256="b" * 64), file("added")))
    made = compare([first, second], NOW, {})
    assert {row.name: row.values for row in made.files} == {
        "added": (None, "a" * 64),
        "changed": ("a" * 64, "b" * 64),
        "removed": ("a" * 64, None),
    }


def test_a_check_is_passed_failed_or_expired_as_of_now() -> None:
    lasting = Check(True, None, None, NOW, "token:ci")
    short = replace(lasting, expires_at=later(NOW, timedelta(days=1)))
    version = replace(one(), checks={"ci": lasting, "scan": short, "bias": replace(short, passed=False)})
    before = {row.name: row.values[0] for row in compare([version, one()], NOW, {}).checks}
    after = {row.name: row.values[0] for row in compare([version, one()], later(NOW, timedelta(days=1)), {}).checks}
    assert before == {"ci": "passed", "scan": "passed", "bias": "failed"}
    assert after == {"ci": "passed", "scan": "expired", "bias": "expired"}


def test_a_section_that_is_too_long_is_cut_and_says_so() -> None:
    files = tuple(file(f"f{index:04d}") for index in range(MAX_ROWS))
    exact = compare([replace(one(), files=files), replace(one(), files=())], NOW, {})
    assert (len(exact.files), exact.truncated) == (MAX_ROWS, ())
    more = compare([replace(one(), files=files), replace(one(), files=(file("other"),))], NOW, {})
    assert (len(more.files), more.truncated) == (MAX_ROWS, ("files",))


def test_evaluations_that_are_too_large_to_show_are_left_out_and_the_others_shown() -> None:
    many = {f"m{index}": 1 for index in range(MAX_METRICS + 1)}
    huge, small = (Evaluation(Kind.OFFLINE, metrics, (), None, NOW, NOW, "token:ada") for metrics in (many, {"auc": 1}))
    made = compare([replace(one(), evaluations={"a": huge, "b": small}), one()], NOW, {})
    assert ([row.name for row in made.evaluations], made.truncated) == (["b"], ("evaluations",))
