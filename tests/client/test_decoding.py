"""Answers as dataclasses."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from moorage import MoorageError
from moorage.decoding import decode, encode


@dataclass(frozen=True)
class Part:
    number: int


@dataclass(frozen=True)
class Whole:
    name: str
    at: datetime
    parts: tuple[Part, ...] = ()
    metrics: dict[str, int | float] = field(default_factory=dict)
    note: str | None = None
    anything: Any = None


DOCUMENT = {
    "name": "a",
    "at": "2026-11-23T09:30:00.123Z",
    "parts": [{"number": 1}],
    "metrics": {"rows": 3, "auc": 0.5},
    "note": None,
    "anything": [1, {"x": None}],
}


def test_a_document_is_decoded_and_encoded_without_loss() -> None:
    whole = decode(Whole, DOCUMENT)
    assert whole.at == datetime(2026, 11, 23, 9, 30, 0, 123000, tzinfo=UTC)
    assert whole.parts == (Part(1),)
    assert type(whole.metrics["rows"]) is int
    assert encode(whole) == DOCUMENT


def test_fields_that_a_newer_registry_adds_are_ignored() -> None:
    assert decode(Part, {"number": 1, "colour": "red"}) == Part(1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": 3}, "Whole.name"),
        ({"at": "yesterday"}, "Whole.at"),
        ({"parts": [{}]}, r"Whole.parts\[0\].number"),
        ({"metrics": {"auc": "high"}}, "Whole.metrics.auc"),
        ({"metrics": {"auc": True}}, "Whole.metrics.auc"),
        ({"name": None}, "Whole.name"),
    ],
)
def test_an_answer_of_another_form_is_an_error_that_names_the_field(change: Any, named: str) -> None:
    with pytest.raises(MoorageError, match=named):
        decode(Whole, DOCUMENT | change)
