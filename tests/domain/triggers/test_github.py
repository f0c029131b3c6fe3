"""Requests to GitHub, checked against its published OpenAPI description."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from jsonschema import ValidationError

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.triggers.cutting import MARK
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.formats import Message
from tests.domain.triggers.build import EVENTS, SECRET, event, sent, webhook
from tests.products.descriptions import check_github

API = "https://api.github.com"
KINDS = ("github-dispatch", "github-workflow", "github-deployment")
KEY = "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n"


def checked(message: Message) -> dict[str, Any]:
    """The body of a request that GitHub's own description accepts."""
    document: dict[str, Any] = json.loads(message.body)
    check_github(urlsplit(message.url).path, document)
    assert len(message.body) < 64 * 1024
    return document


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(told=EVENTS)
def test_whatever_an_event_says_github_takes_the_request(kind: str, told: dict[str, Any]) -> None:
    checked(sent(webhook(kind, API), told))


@pytest.mark.parametrize("kind", KINDS)
def test_a_test_is_a_request_that_github_takes(kind: str) -> None:
    checked(sent(webhook(kind, API), None))


def test_the_check_refuses_what_github_does_not_describe() -> None:
    message = sent(webhook("github-dispatch", API), event())
    with pytest.raises(ValidationError):
        check_github(urlsplit(message.url).path, {**json.loads(message.body), "unknown": 1})
    with pytest.raises(AssertionError):
        check_github("/repos/example/models/dispatch", {})


def test_a_request_carries_the_token_and_the_version_of_the_api() -> None:
    message = sent(webhook("github-dispatch", API), event())
    assert message.url == f"{API}/repos/example/models/dispatches"
    assert message.headers["Authorization"] == f"Bearer {SECRET}"
    assert message.headers["Accept"] == "application/vnd.github+json"
    assert message.headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert SECRET not in repr(message)


def test_a_dispatch_has_the_type_of_the_event_and_what_a_workflow_needs_of_it() -> None:
    document = checked(sent(webhook("github-dispatch", API), event()))
    assert document["event_type"] == "version.transitioned"
    payload = document["client_payload"]
    assert (payload["event_id"], payload["model"], payload["version"]) == ("e" * 32, "fraud", 3)
    assert payload["after"] == {"stage": "production"}
    own = webhook("github-dispatch", API, event_type="promoted", client_payload={"m": "$.detail.model", "fixed": [1]})
    assert checked(sent(own, event())) == {
        "event_type": "promoted",
        "client_payload": {"m": "fraud", "fixed": [1]},
    }


def test_a_payload_that_is_too_large_is_cut_with_a_mark_and_keeps_its_ids() -> None:
    document = checked(sent(webhook("github-dispatch", API), event(after={"description": "x" * 100_000})))
    payload = document["client_payload"]
    assert payload["event_id"] == "e" * 32
    assert payload["after"]["description"].startswith("x") and payload["after"]["description"].endswith(MARK)


def test_the_inputs_of_a_workflow_are_texts_and_it_is_asked_for_its_run() -> None:
    document = checked(sent(webhook("github-workflow", API), event()))
    assert document == {
        "ref": "main",
        "inputs": {"event_id": "e" * 32, "model": "fraud", "version": "3"},
        "return_run_details": True,
    }
    own = webhook("github-workflow", API, inputs={"stage": "$.detail.after.stage", "after": "$.detail.after"})
    assert checked(sent(own, event()))["inputs"] == {"stage": "production", "after": '{"stage":"production"}'}


def test_github_enterprise_server_is_reached_below_its_base_and_not_asked_for_what_it_does_not_know() -> None:
    message = sent(webhook("github-workflow", "https://git.example.com/api/v3/"), event())
    assert message.url == "https://git.example.com/api/v3/repos/example/models/actions/workflows/deploy.yml/dispatches"
    assert "return_run_details" not in json.loads(message.body)
    asked = webhook("github-workflow", "https://git.example.com/api/v3/", return_run_details=True)
    assert json.loads(sent(asked, event()).body)["return_run_details"] is True


def test_a_deployment_does_not_wait_for_githubs_checks_and_merges_nothing() -> None:
    document = checked(sent(webhook("github-deployment", API), event()))
    assert (document["required_contexts"], document["auto_merge"]) == ([], False)
    assert (document["environment"], document["production_environment"]) == ("production", True)
    assert document["description"] == "version.transitioned fraud 3"
    staging = checked(sent(webhook("github-deployment", API, environment="staging"), event()))
    assert staging["production_environment"] is False


@pytest.mark.parametrize(
    ("kind", "settings", "pointer"),
    [
        ("github-dispatch", {"repository": "models"}, "/settings/repository"),
        ("github-dispatch", {"repository": "../models"}, "/settings/repository"),
        ("github-dispatch", {"repository": "example/.."}, "/settings/repository"),
        ("github-dispatch", {"repository": "example/models/x"}, "/settings/repository"),
        ("github-dispatch", {"event_type": "x" * 101}, "/settings/event_type"),
        ("github-dispatch", {"client_payload": {str(n): n for n in range(11)}}, "/settings/client_payload"),
        ("github-dispatch", {"client_payload": {"a": ["$.model"]}}, "/settings/client_payload/a/0"),
        ("github-dispatch", {"workflow": "deploy.yml"}, "/settings/workflow"),
        ("github-dispatch", {"app_id": "Iv1"}, "/settings/installation_id"),
        ("github-workflow", {"inputs": {f"i{n}": "x" for n in range(26)}}, "/settings/inputs"),
        ("github-workflow", {"inputs": {"1st": "x"}}, "/settings/inputs/1st"),
        ("github-workflow", {"workflow": "../x.yml"}, "/settings/workflow"),
        ("github-workflow", {"return_run_details": "yes"}, "/settings/return_run_details"),
        ("github-deployment", {"environment": ""}, "/settings/environment"),
        ("github-deployment", {"payload": {"x": "y" * 9_000}}, "/settings"),
    ],
)
def test_settings_that_github_would_refuse_are_refused(kind: str, settings: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        webhook(kind, API, **settings)
    assert refusal.value.problems[0].pointer == pointer


def test_the_key_of_an_app_is_exchanged_for_a_token_of_the_repository_alone() -> None:
    exchange = FORMATS.named("github-dispatch").exchange(
        API, {"repository": "example/models", "app_id": "Iv1", "installation_id": 42}
    )
    assert exchange is not None
    assert (exchange.issuer, exchange.url) == ("Iv1", f"{API}/app/installations/42/access_tokens")
    check_github(urlsplit(exchange.url).path, json.loads(exchange.body))
    assert json.loads(exchange.body) == {"repositories": ["models"]}
    assert FORMATS.named("github-dispatch").exchange(API, {"repository": "example/models"}) is None


@pytest.mark.parametrize(
    ("settings", "secret", "fits"),
    [
        ({}, "ghp_token", True),
        ({}, "", False),
        ({}, "two words", False),
        ({}, "line\r\nX-Injected: 1", False),
        ({}, "t" * 1_001, False),
        ({"app_id": "1", "installation_id": 2}, KEY, True),
        ({"app_id": "1", "installation_id": 2}, "ghp_token", False),
        ({"app_id": "1", "installation_id": 2}, KEY + "x" * 8_000, False),
    ],
)
def test_a_secret_is_a_token_or_with_an_app_a_private_key(settings: dict[str, Any], secret: str, fits: bool) -> None:
    check = FORMATS.named("github-dispatch").check_secret
    if fits:
        check(settings, secret)
        return
    with pytest.raises(InvalidInputError) as refusal:
        check(settings, secret)
    assert refusal.value.problems[0].pointer == "/secret"
    assert not secret or secret not in str(refusal.value)


def test_the_answer_leads_to_the_run() -> None:
    verdict = FORMATS.named("github-workflow").verdict
    body = {
        "workflow_run_id": 1,
        "run_url": "https://api.github.com/repos/o/r/actions/runs/1",
        "html_url": "https://github.com/o/r/actions/runs/1",
    }
    found = verdict(Answer(200, excerpt=json.dumps(body)))
    assert (found.error, found.links) == (None, {"run": body["html_url"], "api": body["run_url"]})
    assert verdict(Answer(204)).links == {}
    assert verdict(Answer(200, excerpt='{"html_url": "javascript:alert(1)"}')).links == {}
    assert verdict(Answer(200, excerpt="[" * 5_000)).error is None


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        (Answer(401), True),
        (Answer(403), True),
        (Answer(404), True),
        (Answer(422), True),
        (Answer(403, "60"), False),
        (Answer(403, excerpt='{"message": "You have exceeded a secondary rate limit."}'), False),
        (Answer(429), False),
        (Answer(408), False),
        (Answer(500), False),
        (Answer(503), False),
        (Answer(200), False),
        (Answer(301), True),
    ],
)
def test_a_refusal_is_final_unless_it_may_pass(answer: Answer, final: bool) -> None:
    verdict = FORMATS.named("github-dispatch").verdict(answer)
    assert verdict.error is not None
    assert verdict.final is final
    assert FORMATS.named("github-dispatch").verdict(Answer(204)).error is None
