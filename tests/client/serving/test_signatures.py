"""Reading a version's signature."""

from typing import Any

import pytest
from moorage.serving.signatures import Entry, Signature

from tests.client.serving.build import COLUMNS, TENSOR


def test_columns_and_tensors_are_read() -> None:
    assert Signature.parse(COLUMNS).inputs == (
        Entry("amount", "double"),
        Entry("age", "long"),
        Entry("note", "string", required=False),
    )
    assert Signature.parse(TENSOR).inputs == (Entry(None, "tensor", "float32", (-1, 2)),)


def test_several_inputs_without_names_are_named_by_their_place() -> None:
    two = {"inputs": [{"type": "long"}, {"name": "rate", "type": "double"}, {"type": "long"}]}
    assert [entry.name for entry in Signature.parse(two).inputs] == ["0", "rate", "2"]


@pytest.mark.parametrize("document", [None, {}, {"inputs": "[]"}, {"inputs": ["amount"]}, {"inputs": None}])
def test_what_is_no_signature_declares_nothing(document: dict[str, Any] | None) -> None:
    assert Signature.parse(document) == Signature()
