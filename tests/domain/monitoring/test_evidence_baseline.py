"""What a file must hold to be a baseline: exactly what the SDK writes, and every fault is named with its place."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.monitoring import baseline

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.monitoring.evidence_baseline import histograms_in
from tests.domain.monitoring.build import categorical, numeric

AMOUNT = numeric(n=10, mean=12.0, m2=30.0).document()


def test_what_the_sdk_writes_is_read_as_it_is() -> None:
    training = baseline({"amount": [1.0, 2.5, 9.0, None], "country": ["FR", "DE", "FR", "IT"]})
    read = histograms_in(json.dumps(training.document()).encode())
    assert [one.document() for one in read] == training.document()


def test_histograms_come_back_from_their_documents() -> None:
    both = (numeric(n=10), categorical(fr=3, de=2))
    documents = [one.document() for one in both]
    assert histograms_in(json.dumps(documents).encode()) == both
    for document in documents:
        del document["n"]
    assert histograms_in(json.dumps(documents).encode()) == both


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": 1}, "/0/name must be a text"),
        ({"kind": "ordinal"}, "/0/kind must be numeric or categorical"),
        ({"kind": ["numeric"]}, "/0/kind must be numeric or categorical"),
        ({"counts": [2, 5, "3"]}, "/0/counts must be a list of integers"),
        ({"counts": [2, 5, True]}, "/0/counts must be a list of integers"),
        ({"counts": 10}, "/0/counts must be a list of integers"),
        # The sum would have more digits than Python writes.
        ({"counts": [9 * 10**4299] * 3}, "/0/counts must be a list of integers of at most"),
        ({"missing": None}, "/0/missing must be an integer"),
        ({"edges": [10, "20"]}, "/0/edges must be a list of numbers"),
        ({"values": [1]}, "/0/values must be a list of texts"),
        ({"values": ["\ud800"]}, "/0/values must be a list of texts in Unicode"),
        ({"mean": "12"}, "/0/mean must be a number or null"),
        ({"n": 11}, "/0/n must be the sum of the counts"),
        ({"rows": []}, "/0 has 'rows', which is no field of a histogram"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidInputError, match=fault):
        histograms_in(json.dumps([{**AMOUNT, **changed}]).encode())


@pytest.mark.parametrize("field", ["name", "kind", "counts", "missing"])
def test_a_field_that_is_needed_is_named(field: str) -> None:
    with pytest.raises(InvalidInputError, match=f"/0/{field} must be"):
        histograms_in(json.dumps([{name: value for name, value in AMOUNT.items() if name != field}]).encode())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\x89PNG", "it is not JSON"),
        (b"[" * 60_000, "it is not JSON"),
        (b"{}", "it is not a list of histograms"),
        (b"[]", "it is not a list of histograms"),
        (b"[7]", "/0 is not an object"),
    ],
)
def test_a_file_that_is_something_else_says_what_to_attach(content: bytes, fault: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{fault}; attach what"):
        histograms_in(content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(AMOUNT)), inner, max_size=6),
    max_leaves=12,
)


@given(_JSON)
def test_json_of_any_form_is_read_or_refused(document: object) -> None:
    with suppress(InvalidInputError):
        histograms_in(json.dumps(document).encode())
