"""What models answer, as JSON."""

import enum
import math
from datetime import UTC, datetime
from typing import Any

import numpy
import pandas
import pytest
from moorage.serving.plain_answers import plain


class Verdict(enum.StrEnum):
    FRAUD = "fraud"


class Tensor:
    """What PyTorch's tensors have."""

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def tolist(self) -> list[float]:
        return [0.5]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, None),
        (True, True),
        (Verdict.FRAUD, "fraud"),
        (math.nan, None),
        (-math.inf, None),
        (b"hi", "aGk="),
        (datetime(2026, 11, 23, tzinfo=UTC), "2026-11-23T00:00:00+00:00"),
        ((1, [2.5]), [1, [2.5]]),
        ({"a": numpy.float32(0.5)}, {"a": 0.5}),
        (numpy.array([[1, 2]]), [[1, 2]]),
        (numpy.array([numpy.nan, 1.0]), [None, 1.0]),
        (numpy.bool_(True), True),
        (numpy.str_("a"), "a"),
        (numpy.datetime64("2026-11-23T09:30"), "2026-11-23T09:30:00"),
        (pandas.Series([1, 2]), [1, 2]),
        (pandas.DataFrame({"a": [1], "b": ["x"]}), [{"a": 1, "b": "x"}]),
        (Tensor(), [0.5]),
    ],
)
def test_values_of_the_libraries_become_plain(value: Any, found: Any) -> None:
    assert plain(value) == found
    assert type(plain(value)) is type(found)


def test_an_object_that_json_cannot_hold_is_named() -> None:
    with pytest.raises(TypeError, match="the model answered with a object"):
        plain([object()])
