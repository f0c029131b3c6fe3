"""Every operation of the API has an example, and both of its halves are what the served OpenAPI document says."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.openapi import openapi
from tools.reference.http.examples import examples
from tools.reference.http.exchange import Exchange
from tools.reference.http.pages import answer, request

DOCUMENT = openapi()
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def validator(schema: Any) -> Draft202012Validator:
    """References in the schema are into the document."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def example(operation: tuple[str, str]) -> Exchange:
    return examples()[operation]


def test_every_operation_has_an_example_and_every_example_an_operation() -> None:
    assert examples().keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_an_example_sends_what_its_operation_takes(operation: tuple[str, str]) -> None:
    shown, declared = example(operation), OPERATIONS[operation]
    body = declared.get("requestBody")
    if body is None:
        assert shown.body is None
    elif body["required"] or shown.body is not None:
        validator(body["content"]["application/json"]["schema"]).validate(shown.body)
    taken = {one["name"] for one in declared["parameters"] if one["in"] == "query"}
    assert shown.query.keys() <= taken


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_an_example_is_answered_as_its_operation_says(operation: tuple[str, str]) -> None:
    shown, declared = example(operation), OPERATIONS[operation]
    response = declared["responses"][str(shown.status)]
    content = response.get("content", {}).get("application/json")
    if content is not None:
        validator(content["schema"]).validate(json.loads(shown.text))
    elif "text/html" not in response.get("content", {}):
        assert shown.text == ""


def test_examples_show_their_calls_and_cut_what_is_long() -> None:
    registered = example(("POST", "/v1/models/{model}/versions"))
    assert request(registered).startswith("POST /v1/models/fraud/versions HTTP/1.1\nContent-Type: application/json\n")
    shown = answer(registered)
    assert shown.startswith("HTTP/1.1 201\n")
    assert "X-Amz-Signature" in registered.text and "X-Amz-Signature" not in shown
    assert "…" in shown


def test_examples_name_no_address_of_a_receiver() -> None:
    assert not [where for where, one in examples().items() if "93.184.216.34" in one.text + json.dumps(one.body)]
