"""Values of NumPy, pandas and ``decimal`` wherever numbers, texts and parameters go."""

import json
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from moorage import Beats, Client, PromotionRule, Slice
from moorage.cli import exits
from moorage.cli.main import main
from moorage.plain_values import plain_json, plain_number, plain_parameters

from tests.client.conftest import Connect
from tests.client.lines import Line

NUMBERS = [
    (numpy.float64(0.5), 0.5),
    (numpy.float32(0.5), 0.5),
    (numpy.longdouble(0.5), 0.5),
    (numpy.int64(7), 7),
    (numpy.uint8(7), 7),
    (numpy.array(0.5), 0.5),
    (pandas.Series([0.25, 0.5]).mean(), 0.375),
    (pandas.Series([3, 4]).max(), 4),
    (Decimal("0.5"), 0.5),
    (Decimal("12345678901234567890"), 12345678901234567890),
    (Fraction(1, 4), 0.25),
    (2**70, 2**70),
]


class Tensor:
    """A tensor without dimensions, as PyTorch's behave."""

    dtype = "torch.float32"
    ndim = 0

    def item(self) -> float:
        return 0.5


@pytest.mark.parametrize(("given", "plain"), [*NUMBERS, (Tensor(), 0.5)], ids=lambda value: type(value).__name__)
def test_a_number_of_another_library_becomes_a_plain_one(given: Any, plain: float) -> None:
    number = plain_number(given, "the metric 'auc'")
    assert number == plain
    assert type(number) is type(plain)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_float_is_lost(value: float) -> None:
    assert plain_number(numpy.float64(value), "x") == value
    assert plain_number(Decimal(value), "x") == value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (float("nan"), "the metric 'auc' is nan"),
        (-math.inf, "the metric 'auc' is -inf"),
        (numpy.float32("nan"), "the metric 'auc' is nan"),
        (numpy.array(numpy.inf), "the metric 'auc' is inf"),
        (Decimal("NaN"), "the metric 'auc' is NaN"),
        (Decimal("sNaN"), "the metric 'auc' is sNaN"),
        (Decimal("1e400"), "the metric 'auc' is 1E\\+400"),
        (Fraction(10**400), "of type Fraction: give a number that a float can hold"),
        (pandas.NA, "the metric 'auc' is <NA>"),
        (None, "the metric 'auc' is None"),
        (True, "the metric 'auc' is True .bool.: give a number"),
        (numpy.bool_(True), "the metric 'auc' is True"),
        ("0.9", "the metric 'auc' is 0.9 .str.: give a number"),
        (1j, "the metric 'auc' is 1j"),
        (numpy.array([0.5]), r"the metric 'auc' is an array of shape \(1,\): give a single value"),
        (pandas.Series([0.5, 0.6]), r"the metric 'auc' is an array of shape \(2,\)"),
        (numpy.timedelta64(5, "ns"), "the metric 'auc' is 5 nanoseconds"),
        (numpy.datetime64("2026-11-23", "ns"), "the metric 'auc' is 2026-11-23"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else None,
)
def test_what_is_no_finite_number_is_refused_by_the_metrics_name(given: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plain_number(given, "the metric 'auc'")


def test_parameters_are_texts_numbers_and_booleans() -> None:
    given = {
        numpy.str_("loss"): numpy.str_("logistic"),
        "depth": numpy.int32(4),
        "rate": Decimal("0.5"),
        "early": numpy.bool_(True),
    }
    plain = plain_parameters(given)
    assert plain == {"loss": "logistic", "depth": 4, "rate": 0.5, "early": True}
    assert [type(value) for value in (*plain, *plain.values())] == [str, str, str, str, str, int, float, bool]


@pytest.mark.parametrize("value", [math.nan, numpy.array([1, 2]), None, [1], {"a": 1}])
def test_other_parameters_are_refused_by_name(value: Any) -> None:
    with pytest.raises(ValueError, match="the parameter 'depth' is"):
        plain_parameters({"depth": value})


def test_a_refusal_names_the_place_in_a_document() -> None:
    assert plain_json({"a": [numpy.int64(1), (numpy.float32(0.5), None)]}) == {"a": [1, [0.5, None]]}
    with pytest.raises(ValueError, match=r"^signature\.inputs\[1\]\.size is nan"):
        plain_json({"signature": {"inputs": [{}, {"size": math.nan}]}})
    with pytest.raises(ValueError, match="the name of a field is 1"):
        plain_json({1: "one"})


def test_a_version_keeps_numbers_of_other_libraries(client: Client) -> None:
    scores = pandas.Series({"auc": 0.97, "loss": 0.25})
    version = client.register(
        "fraud",
        metrics={**scores, "rows": numpy.int64(2**53 + 1)},
        parameters={"depth": numpy.int64(4)},
        metadata={"folds": [numpy.int8(5)]},
    )
    assert version.metrics == {"auc": 0.97, "loss": 0.25, "rows": 2**53 + 1}
    assert (version.parameters, version.metadata) == ({"depth": 4}, {"folds": [5]})
    number = numpy.int64(version.number)
    assert client.aliases.set("fraud", "champion", number).version == 1
    rule = PromotionRule("auc", "production", beats=Beats("production", by=numpy.float64(0.5)))
    assert client.models.set_promotion_rule("fraud", rule).beats == Beats("production", by=0.5)
    recorded = client.evaluations.record(
        "fraud",
        number,
        "holdout",
        {"auc": numpy.float64(0.96)},
        slices=[Slice({"year": numpy.int64(2026)}, {"auc": numpy.float64(0.5)})],
    )
    assert (recorded.metrics, recorded.slices) == ({"auc": 0.96}, (Slice({"year": 2026}, {"auc": 0.5}),))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda client, build: client.register("fraud", build, metrics={"auc": math.nan}),
            "the metric 'auc' is nan",
        ),
        (
            lambda client, build: client.versions.create("fraud", [], parameters={"rate": math.inf}),
            "the parameter 'rate' is inf",
        ),
        (
            lambda client, _: client.evaluations.record("fraud", 1, "holdout", {"auc": numpy.float64("nan")}),
            "the metric 'auc' is nan",
        ),
        (
            lambda client, _: client.evaluations.record(
                "fraud", 1, "holdout", {"auc": 1}, slices=[Slice({"country": "FR"}, {"f1": math.nan})]
            ),
            "the metric 'f1' of the slice country=FR is nan",
        ),
        (
            lambda client, _: client.models.set_promotion_rule("fraud", PromotionRule("auc", "x", at_least=math.nan)),
            "at_least is nan",
        ),
        (
            lambda client, _: client.models.create("fraud", metadata={"share": math.nan}),
            "metadata.share is nan",
        ),
    ],
)
def test_nothing_is_sent_that_has_no_finite_number(
    client: Client, api: Line, build: Path, call: Callable[[Client, Path], object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        call(client, build)
    assert api.requests == []


def test_the_command_line_calls_it_a_wrong_use(connect: Connect, build: Path) -> None:
    arguments = ("--json", "register", "fraud", str(build), "--metric", "auc=1e999")
    refused = CliRunner().invoke(main, arguments, obj=connect)
    assert refused.exit_code == exits.USAGE
    assert "the metric 'auc' is inf" in json.loads(refused.stderr.splitlines()[-1])["message"]
