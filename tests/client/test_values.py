"""The format of values in tables."""

from datetime import UTC, datetime

import pytest
from moorage.cli.values import flat


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (True, "true"),
        (0.5, "0.5"),
        (datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "2026-11-23T09:30:00.000Z"),
        (["a", "b"], "a, b"),
        ({"auc": 0.9, "flag": False, "none": None}, "auc=0.9, flag=false, none=-"),
        (
            {"run": {"id": "42"}, "source": {"commit": "9f2c", "tags": ["x"]}},
            "run.id=42, source.commit=9f2c, source.tags=x",
        ),
        ({"sub": ("a", "b"), "aud": ()}, "sub=[a, b]"),
        ([{"name": "d", "version": 2}, {"name": "e"}], "(name=d, version=2), (name=e)"),
    ],
)
def test_nested_values_are_one_readable_line(value: object, shown: str) -> None:
    assert flat(value) == shown
