"""The source of a function, with what it needs and nothing else."""

import functools
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FunctionType
from typing import Any, cast

import pytest
from moorage import UnsupportedModelError
from moorage.capture.signature import declared
from moorage.frameworks.function_source import standalone_source

RATES = {"de": 0.19, "fr": 0.2}
BEGUN = datetime.now(UTC)
UNBOUNDED = math.inf
# The function below has an attribute of this name, which is not this variable.
real = object()


def rate(country: str) -> float:
    return RATES[country]


def gross(net: float, country: str = "de") -> float:
    """The price with tax."""
    total = [part * (1 + rate(country)) for part in (net,)]
    return math.floor(sum(total) * 100) / 100


def even(number: int) -> bool:
    return number == 0 or odd(number - 1)


def odd(number: int) -> bool:
    return number != 0 and even(number - 1)


def parsed(text: str, zone: Any = UTC) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def year(text: str) -> int:
    return datetime.fromisoformat(text).year


def following(day: datetime, by: timedelta | None = None) -> datetime:
    return day if by is None else day + by


def real_part(number: complex) -> float:
    return number.real


def since() -> float:
    return BEGUN.timestamp()


def bounded(value: float) -> bool:
    return value < UNBOUNDED


@functools.cache
def cached(number: int) -> int:
    return number


def enclosing(base: int) -> Callable[[int], int]:
    def add(number: int) -> int:
        return number + base

    return add


def made_again(function: Callable[..., Any]) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(standalone_source(cast("FunctionType", function)), names)
    return cast("Callable[..., Any]", names[function.__name__])


def test_a_function_brings_its_imports_constants_and_functions() -> None:
    assert made_again(gross)(1.0, country="fr") == gross(1.0, country="fr") == 1.2


def test_nothing_else_of_the_file_comes_along() -> None:
    source = standalone_source(cast("FunctionType", gross))
    assert "RATES" in source and "BEGUN" not in source and "parsed" not in source


def test_functions_may_call_each_other() -> None:
    assert made_again(even)(4)


def test_classes_of_other_modules_are_imported_again() -> None:
    again = made_again(year)
    assert again("2026-03-01") == 2026


def test_the_annotations_can_be_read_again() -> None:
    assert declared(made_again(following)) == declared(following)


def test_an_attribute_is_not_taken_for_a_variable_of_its_name() -> None:
    assert made_again(real_part)(3 + 4j) == 3.0


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (since, "'since' uses BEGUN, a datetime"),
        (bounded, "'bounded' uses UNBOUNDED, a float"),
        (parsed, "'parsed' uses UTC, a timezone"),
        (enclosing(1), "is defined inside of something else"),
        (lambda number: number, "is defined inside of something else"),
        (cached.__wrapped__, "is no plain function"),
    ],
)
def test_what_source_cannot_tell_is_refused_with_what_to_do(function: Any, why: str) -> None:
    with pytest.raises(UnsupportedModelError, match=why) as refused:
        standalone_source(function)
    assert "cloudpickle" in str(refused.value)


def test_a_function_that_is_in_no_file_is_refused() -> None:
    names: dict[str, Any] = {}
    exec("def scored(amount): return amount", names)
    with pytest.raises(UnsupportedModelError, match="'scored' is not in a file"):
        standalone_source(names["scored"])
