"""Filters by stage, tag and changed field, on events as the registry makes them."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.narrowing import passes
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import Webhook
from tests.domain.build import stamp


def event(
    event_type: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, **about: Any
) -> dict[str, Any]:
    place = {"model": "fraud", "version": None, "alias": None, "subject": None, **about}
    return {"type": event_type, "before": before, "after": after, **place}


def webhook(**given: object) -> Webhook:
    change = WebhookChange(**given)  # type: ignore[arg-type]
    return decisions.create(RegistryState(), "w1", "https://a.example/", change, stamp(), STANDARD_FORMAT).result


MOVED = event(
    "version.transitioned",
    {"stage": "staging"},
    {"stage": "production", "displaced": 2, "displaced_to": "archived"},
    version=3,
)
DESCRIBED = event(
    "model.updated",
    {"description": "old", "tags": {"team": "risk", "tier": "1"}},
    {"description": "new", "tags": {"team": "fraud", "tier": "1"}},
)


@pytest.mark.parametrize(
    ("stages", "passed"),
    [(["production"], True), (["archived"], True), (["qa", "production"], True), (["staging"], False)],
)
def test_a_filter_by_stage_takes_the_events_by_which_a_version_enters_one(stages: list[str], passed: bool) -> None:
    assert passes(webhook(only_stages=stages), MOVED, []) is passed


def test_a_version_that_is_registered_enters_its_first_stage() -> None:
    created = event("version.created", None, {"stage": "development", "tags": {}}, version=1)
    assert passes(webhook(only_stages=["development"]), created, [])
    assert not passes(webhook(only_stages=["development"]), DESCRIBED, [])


@pytest.mark.parametrize(
    ("fields", "passed"),
    [
        (["description"], True),
        (["tags"], True),
        (["tags/team"], True),
        (["tags/tier"], False),
        (["owner"], False),
        (["owner", "tags/team"], True),
        (["tag"], False),
    ],
)
def test_a_filter_by_field_takes_the_events_that_change_it_or_something_in_it(fields: list[str], passed: bool) -> None:
    assert passes(webhook(only_fields=fields), DESCRIBED, []) is passed


@pytest.mark.parametrize(
    ("wanted", "passed"),
    [
        ({"team": "risk"}, True),
        ({"team": "ri*"}, True),
        ({"team": "*"}, True),
        ({"team": "credit"}, False),
        ({"team": "risk", "gpu": "yes"}, True),
        ({"team": "risk", "gpu": "no"}, False),
        ({"absent": "*"}, False),
    ],
)
def test_a_filter_by_tag_takes_what_the_model_or_the_version_has(wanted: dict[str, str], passed: bool) -> None:
    assert passes(webhook(only_tags=wanted), MOVED, [{"team": "risk"}, {"gpu": "yes"}]) is passed


@pytest.mark.parametrize("team", ["risk", "fraud"])
def test_an_event_that_gives_or_takes_a_tag_has_it(team: str) -> None:
    assert passes(webhook(only_tags={"team": team}), DESCRIBED, [])


def test_an_event_must_pass_every_filter() -> None:
    both = webhook(only_stages=["production"], only_tags={"team": "risk"})
    assert passes(both, MOVED, [{"team": "risk"}])
    assert not passes(both, MOVED, [{"team": "credit"}])
    assert not passes(both, DESCRIBED, [{"team": "risk"}])


def test_tags_are_not_looked_at_without_a_filter_by_tag() -> None:
    def unread() -> Any:
        raise AssertionError("the tags were read")
        yield {}

    assert passes(webhook(), MOVED, unread())
    assert passes(webhook(only_stages=["production"]), MOVED, unread())
