"""What is wrong with a body or a query is said in plain words, at the place where it is."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, StringConstraints, ValidationError, model_validator

from chalicelib.api.document import Body, GivenTime, Query
from chalicelib.api.faults import in_words
from chalicelib.domain.errors import Problem
from tests.api.gateway import Caller


class _Point(Body):
    kind: Literal["point"]
    x: int = Field(ge=0, le=9)


class _Line(Body):
    kind: Literal["line"]
    length: float = Field(gt=0)


class _Drawing(Body):
    title: Annotated[str, StringConstraints(min_length=1, max_length=5)] = "one"
    code: Annotated[str, StringConstraints(min_length=2, pattern=r"^[a-z]+$")] = "ab"
    colour: Literal["red", "blue"] = "red"
    visible: bool = True
    scale: float = 1.0
    layers: list[str] = Field(["one"], min_length=1, max_length=2)
    shapes: list[Annotated[_Point | _Line, Field(discriminator="kind")]] = Field(default_factory=list)
    metrics: dict[str, int | float] = Field(default_factory=dict)
    parameters: dict[str, bool | int | float | str] = Field(default_factory=dict)
    tags: dict[str, str] = Field(default_factory=dict)
    at: GivenTime = "2026-11-23T09:30:00Z"

    @model_validator(mode="after")
    def _has_layers(self) -> "_Drawing":
        if self.title == "none":
            raise ValueError("a drawing has a title")
        return self


class _Page(Query):
    limit: int = 10
    all: bool = False


def faults(model: type[Body | Query], given: object, root: str = "/") -> list[Problem]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)
    return in_words(refused.value.errors(), root)


@pytest.mark.parametrize(
    ("given", "pointer", "message"),
    [
        ({"shapes": [{"kind": "point"}]}, "/shapes/0/point/x", "is missing"),
        ({"colour_": "red"}, "/colour_", "is not known here"),
        ({"title": 1}, "/title", "must be a text"),
        ({"title": ""}, "/title", "must not be empty"),
        ({"title": "a drawing"}, "/title", "must have at most 5 characters"),
        ({"code": "a"}, "/code", "must have at least 2 characters"),
        ({"code": "A1"}, "/code", "must match ^[a-z]+$"),
        ({"colour": "green"}, "/colour", "must be 'red' or 'blue'"),
        ({"visible": "yes"}, "/visible", "must be true or false"),
        ({"scale": "large"}, "/scale", "must be a number"),
        ({"scale": float("nan")}, "/scale", "must be a finite number"),
        ({"layers": "one"}, "/layers", "must be a list"),
        ({"layers": []}, "/layers", "must not be empty"),
        ({"layers": ["a", "b", "c"]}, "/layers", "must have at most 2 entries"),
        ({"tags": []}, "/tags", "must be an object"),
        ({"shapes": [{"kind": "point", "x": 1.5}]}, "/shapes/0/point/x", "must be a whole number"),
        ({"shapes": [{"kind": "point", "x": -1}]}, "/shapes/0/point/x", "must be at least 0"),
        ({"shapes": [{"kind": "point", "x": 10}]}, "/shapes/0/point/x", "must be at most 9"),
        ({"shapes": [{"kind": "line", "length": 0}]}, "/shapes/0/line/length", "must be more than 0"),
        ({"shapes": [{"x": 1}]}, "/shapes/0", "'kind' is missing"),
        ({"shapes": [{"kind": "arc"}]}, "/shapes/0", "'kind' must be one of 'point', 'line'"),
        ({"at": "yesterday"}, "/at", "must be an RFC 3339 time with a zone"),
        ({"title": "none"}, "/", "a drawing has a title"),
    ],
)
def test_a_fault_of_a_body_is_said_in_plain_words(given: Any, pointer: str, message: str) -> None:
    assert faults(_Drawing, given) == [Problem(pointer, message)]


def test_a_number_in_a_query_is_asked_for_in_the_same_words() -> None:
    assert faults(_Page, {"limit": "ten", "all": "maybe"}, "?") == [
        Problem("?limit", "must be a whole number"),
        Problem("?all", "must be true or false"),
    ]


def test_a_value_that_may_be_of_several_types_has_one_fault() -> None:
    given = {"metrics": {"auc": "high", "f1": True, "loss": float("nan")}, "parameters": {"depth": []}}
    assert faults(_Drawing, given) == [
        Problem("/metrics/auc", "must be a number"),
        Problem("/metrics/f1", "must be a number"),
        Problem("/metrics/loss", "must be a finite number"),
        Problem("/parameters/depth", "must be a text, a number, true or false"),
    ]


def test_a_value_whose_name_is_that_of_a_type_keeps_its_place() -> None:
    given = {"tags": {"int": 1, "float": 2}, "metrics": {"int": "high"}}
    assert faults(_Drawing, given) == [
        Problem("/metrics/int", "must be a number"),
        Problem("/tags/int", "must be a text"),
        Problem("/tags/float", "must be a text"),
    ]


def test_a_field_with_a_slash_is_escaped_in_its_pointer() -> None:
    assert faults(_Drawing, {"tags": {"a/b~c": 1}}) == [Problem("/tags/a~1b~0c", "must be a text")]


def test_a_problem_document_says_it_in_the_detail_and_for_each_field(admin: Caller) -> None:
    one = admin.post("/v1/models", {}).document
    assert one["detail"] == "The body is not valid: /name: is missing."
    several = admin.post("/v1/models", {"name": "fraud", "tags": [], "surprise": 1}).document
    assert several["detail"] == "The body is not valid in 2 places."
    assert several["errors"] == [
        {"pointer": "/tags", "message": "must be an object"},
        {"pointer": "/surprise", "message": "is not known here"},
    ]
