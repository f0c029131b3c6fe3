"""A placeholder is a whole text, and becomes the value itself."""

import json
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.errors import InvalidInputError
from tests.domain.triggers.build import HOSTILE, event, sent, webhook


def filled(template: dict[str, Any], told: dict[str, Any]) -> Any:
    return json.loads(sent(webhook("generic", template=template), told).body)


def test_placeholders_become_values_of_their_own_type_at_any_depth() -> None:
    template = {
        "model": "$.detail.model",
        "deep": [{"version": "$.detail.version"}, "$.detail.after", True, 1.5],
        "delivery": "$.delivery",
        "webhook": "$.webhook",
        "absent": "$.detail.after.nothing.at.all",
        "plain": "model: $.detail.model",
    }
    assert filled(template, event()) == {
        "model": "fraud",
        "deep": [{"version": 3}, {"stage": "production"}, True, 1.5],
        "delivery": "d" * 32,
        "webhook": "w1",
        "absent": None,
        "plain": "model: $.detail.model",
    }


@given(HOSTILE)
def test_nothing_that_an_event_says_leaves_its_place(text: str) -> None:
    template = {"a": "$.detail.reason", "b": {"c": ["$.detail.reason"]}, "d": "kept"}
    assert filled(template, event(reason=text)) == {"a": text, "b": {"c": [text]}, "d": "kept"}


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ({"a": "$.model"}, "/a"),
        ({"a": "$."}, "/a"),
        ({"a": {"b": ["x", "$.detail..model"]}}, "/a/b/1"),
        ({"a": "$.detail.model and more"}, "/a"),
        ({"a": "$.detail" + ".x" * 10}, "/a"),
    ],
)
def test_a_placeholder_that_leads_nowhere_is_refused_with_its_place(template: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        webhook("generic", template=template)
    assert refusal.value.problems[0].pointer == f"/settings/template{place}"


def test_a_template_is_an_object_that_is_not_nested_without_end() -> None:
    nested: Any = "x"
    for _ in range(12):
        nested = [nested]
    for template in (nested, {"a": nested}, "text", None):
        with pytest.raises(InvalidInputError):
            webhook("generic", template=template)
