"""The signature that an example or a function's annotations give."""

from datetime import UTC, datetime
from typing import Any

import pytest
from moorage.capture.signature import declared, specification


class Array:
    """An array as every library has them: with a shape and a type."""

    def __init__(self, dtype: str, *shape: int) -> None:
        self.dtype, self.shape = dtype, shape


class Column(Array):
    """A column of a table."""

    def __init__(self, dtype: str, *values: Any) -> None:
        super().__init__(dtype, len(values))
        self.values = values

    def isna(self) -> "Column":
        return Column("bool", *[value is None for value in self.values])

    def any(self) -> bool:
        return any(self.values)

    def dropna(self) -> list[Any]:
        return [value for value in self.values if value is not None]


class Table(dict[str, Column]):
    @property
    def columns(self) -> list[str]:
        return list(self)

    dtypes = ()


def tensor(dtype: str, *shape: int) -> dict[str, Any]:
    return {"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (Array("float64", 5, 4), [tensor("float64", -1, 4)]),
        (Array("torch.float32", 5, 3, 8, 8), [tensor("float32", -1, 3, 8, 8)]),
        ([[1.0, 2], [3.0, 4]], [tensor("double", -1, 2)]),
        ([1, 2, 3], [{"type": "long"}]),
        (["a", None], [{"type": "string"}]),
        ("a prompt", [{"type": "string"}]),
        (True, [{"type": "boolean"}]),
        (Array("int64"), [{"type": "long"}]),
        ({"ids": Array("int64", 2, 7)}, [{"name": "ids", **tensor("int64", -1, 7)}]),
        ((Array("float32", 2, 7), 0.5), [tensor("float32", -1, 7), {"type": "double"}]),
        (
            {"amount": [1.5, 2], "country": ["de", None]},
            [
                {"name": "amount", "type": "double", "required": True},
                {"name": "country", "type": "string", "required": False},
            ],
        ),
        (
            [{"amount": 1}, {"amount": 2, "at": datetime(2026, 1, 1, tzinfo=UTC)}],
            [
                {"name": "amount", "type": "long", "required": True},
                {"name": "at", "type": "datetime", "required": False},
            ],
        ),
        (
            Table(
                a=Column("float64", 1.0, None),
                b=Column("int32", 1),
                c=Column("object", None, "x"),
                d=Column("datetime64[ns]", 1),
                e=Column("bool", True),
            ),
            [
                {"name": "a", "type": "double", "required": False},
                {"name": "b", "type": "integer", "required": True},
                {"name": "c", "type": "string", "required": False},
                {"name": "d", "type": "datetime", "required": True},
                {"name": "e", "type": "boolean", "required": True},
            ],
        ),
    ],
)
def test_an_example_tells_names_types_and_shapes(example: Any, expected: list[dict[str, Any]]) -> None:
    assert specification(example) == expected


@pytest.mark.parametrize(
    ("example", "why"),
    [
        ([], "empty list"),
        ([None], "no values"),
        ([1, "a"], "mixes long and string"),
        ([[1, 2], [3]], "differ in length"),
        ([[1, 2], 3], "differ in length"),
        (object(), "values of type object"),
    ],
)
def test_an_example_that_tells_nothing_is_refused_with_the_reason(example: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        specification(example)


def scored(amount: float, tags: list[str], country: str | None = None, *, at: "datetime | None" = None) -> bool:
    return bool(amount)


def undefined(at: "Instant") -> bool:  # noqa: F821 - that is what the test is about
    return bool(at)


def noted(text: str) -> None:
    print(text)


def test_annotations_declare_inputs_and_outputs() -> None:
    assert declared(scored) == {
        "inputs": [
            {"name": "amount", "type": "double", "required": True},
            {"name": "tags", "type": "list[str]", "required": True},
            {"name": "country", "type": "string", "required": False},
            {"name": "at", "type": "datetime", "required": False},
        ],
        "outputs": [{"type": "boolean"}],
    }
    assert declared(noted)["outputs"] == []


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (undefined, "'Instant' is not defined"),
        (lambda amount: amount, "'amount' has no type"),
        (lambda *rest: rest, r"\*rest stands for any number"),
    ],
)
def test_a_signature_that_is_not_declared_is_refused(function: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        declared(function)
