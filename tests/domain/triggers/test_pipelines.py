"""Requests that start pipelines of GitLab, Jenkins, Azure DevOps and Argo, and what their answers mean."""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.triggers.requests import DELIVERY_HEADER, EVENT_HEADER, MAX_VALUE
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.formats import Secret
from tests.domain.triggers.build import ADDRESSES, EVENTS, NEEDED, SECRET, event, sent, webhook

ADDRESS = "https://hooks.example.com/services/T0/B0/xyz"
VARIABLES = {
    "MOORAGE_EVENT_ID": "e" * 32,
    "MOORAGE_EVENT_TYPE": "version.transitioned",
    "MOORAGE_MODEL": "fraud",
    "MOORAGE_VERSION": "3",
    "MOORAGE_ALIAS": "",
    "MOORAGE_STAGE": "production",
}


@pytest.mark.parametrize("name", NEEDED)
@settings(max_examples=10)
@given(told=EVENTS)
def test_headers_are_plain_and_the_body_is_the_same_at_each_attempt(name: str, told: dict[str, Any]) -> None:
    if name == "pagerduty":
        told = {**told, "type": "model.state_differs"}
    secret = ADDRESS if name in ADDRESSES else SECRET
    first, second = (sent(webhook(name), told, secret) for _ in range(2))
    assert first == second
    assert isinstance(first.payload, dict)
    for header, value in first.headers.items():
        assert header.isascii() and value.isascii() and value.isprintable()


@pytest.mark.parametrize("name", NEEDED)
def test_the_ids_of_event_and_delivery_are_the_same_for_every_attempt(name: str) -> None:
    told = event("model.state_differs")
    message = sent(webhook(name), told, ADDRESS if name in ADDRESSES else SECRET)
    assert (message.headers[EVENT_HEADER], message.headers[DELIVERY_HEADER]) == ("e" * 32, "d" * 32)


@pytest.mark.parametrize("name", NEEDED)
def test_a_setting_that_the_format_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        webhook(name, surprise=1)
    assert refusal.value.problems[0].pointer == "/settings/surprise"


@pytest.mark.parametrize(("name", "setting"), [(name, setting) for name in NEEDED for setting in NEEDED[name]])
def test_a_setting_of_another_type_is_refused(name: str, setting: str) -> None:
    for wrong in (None, [], 1.5, "", "a\nb", {"$": "$.x"}):
        with pytest.raises(InvalidInputError) as refusal:
            webhook(name, **{setting: wrong})
        assert refusal.value.problems[0].pointer.startswith(f"/settings/{setting}")


@pytest.mark.parametrize("name", [name for name in NEEDED if FORMATS.named(name).base_url])
def test_a_url_that_others_are_made_from_has_no_query(name: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        webhook(name, "https://ci.example.com/?x=1")
    assert refusal.value.problems[0].pointer == "/url"


def test_gitlab_gets_the_token_and_variables_and_inputs_in_json() -> None:
    message = sent(webhook("gitlab", "https://gitlab.com", inputs={"version": "$.detail.version"}), event())
    assert message.url == "https://gitlab.com/api/v4/projects/team%2Fmodels/trigger/pipeline"
    assert json.loads(message.body) == {
        "token": SECRET,
        "ref": "main",
        "variables": VARIABLES,
        "inputs": {"version": 3},
    }
    plain = sent(webhook("gitlab", variables={}, project="17"), event())
    assert plain.url.endswith("/projects/17/trigger/pipeline")
    assert json.loads(plain.body) == {"token": SECRET, "ref": "main", "variables": {}}


def test_jenkins_gets_parameters_in_a_form_by_the_users_api_token() -> None:
    message = sent(webhook("jenkins", "https://ci.example.com/jenkins/"), event())
    assert message.url == "https://ci.example.com/jenkins/job/models/job/deploy/buildWithParameters"
    assert message.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert message.headers["Authorization"] == "Basic " + base64.b64encode(f"moorage:{SECRET}".encode()).decode()
    assert message.payload == VARIABLES
    fields = parse_qs(message.body.decode(), keep_blank_values=True)
    assert {name: value for name, (value,) in fields.items()} == VARIABLES


def test_a_job_without_parameters_is_built_without_and_its_own_token_is_in_the_form() -> None:
    without_user = replace(webhook("jenkins"), settings={"job": "deploy", "parameters": {}})
    message = sent(without_user, event())
    assert message.url.endswith("/job/deploy/build")
    assert "Authorization" not in message.headers
    assert message.payload == {"token": SECRET, "cause": f"Moorage event {'e' * 32}"}


def test_azure_devops_gets_variables_and_a_branch_by_a_personal_token() -> None:
    own = webhook("azure-devops", "https://dev.azure.com", template_parameters={"version": "$.detail.version"})
    message = sent(own, event())
    assert message.url == "https://dev.azure.com/contoso/models/_apis/pipelines/7/runs?api-version=7.1"
    assert message.headers["Authorization"] == "Basic " + base64.b64encode(f":{SECRET}".encode()).decode()
    assert json.loads(message.body) == {
        "resources": {"repositories": {"self": {"refName": "refs/heads/main"}}},
        "variables": {name: {"value": value} for name, value in VARIABLES.items()},
        "templateParameters": {"version": 3},
    }
    tag = webhook("azure-devops", ref="refs/tags/v1")
    assert json.loads(sent(tag, event()).body)["resources"]["repositories"]["self"]["refName"] == "refs/tags/v1"


def test_argo_gets_the_event_at_its_api_or_at_the_address_of_an_event_source() -> None:
    at_api = sent(webhook("argo-events", namespace="models", discriminator="promoted"), event())
    assert at_api.url == "https://ci.example.com/base/api/v1/events/models/promoted"
    assert at_api.headers["Authorization"] == f"Bearer {SECRET}"
    assert json.loads(at_api.body) == {"delivery": "d" * 32, "event": event()}
    assert sent(webhook("argo-events", namespace="models"), event()).url.endswith("/events/models/")
    at_source = sent(webhook("argo-events"), event(), secret="")
    assert at_source.url == "" and "Authorization" not in at_source.headers


def test_a_generic_webhook_sends_its_secret_in_the_header_that_it_names() -> None:
    assert sent(webhook("generic"), event()).headers["Authorization"] == f"Bearer {SECRET}"
    own = sent(webhook("generic", secret_header="X-Api-Key"), event())
    assert own.headers["X-Api-Key"] == SECRET and "Authorization" not in own.headers
    assert "Authorization" not in sent(webhook("generic"), event(), secret="").headers
    for taken in ("Host", "content-length", "Moorage-Event-Id", "webhook-signature", "Via", "X: y"):
        with pytest.raises(InvalidInputError):
            webhook("generic", secret_header=taken)


@given(st.sampled_from(["gitlab", "jenkins", "azure-devops"]), st.text(min_size=MAX_VALUE + 1, max_size=MAX_VALUE + 50))
def test_a_variable_is_cut_where_products_have_limits(name: str, text: str) -> None:
    field = "parameters" if name == "jenkins" else "variables"
    own = webhook(name, **{field: {"reason": "$.detail.reason"}})
    payload = sent(own, event(reason=text)).payload
    value = payload["reason"] if name == "jenkins" else payload["variables"]["reason"]
    assert len(value["value"] if name == "azure-devops" else value) == MAX_VALUE


@pytest.mark.parametrize(
    ("name", "answer", "links"),
    [
        ("gitlab", Answer(201, excerpt='{"id": 1, "web_url": "https://gitlab.com/p/1"}'), "https://gitlab.com/p/1"),
        (
            "jenkins",
            Answer(201, location="https://ci.example.com/queue/item/9/"),
            "https://ci.example.com/queue/item/9/",
        ),
        ("azure-devops", Answer(200, excerpt='{"_links": {"web": {"href": "https://a/1"}}}'), "https://a/1"),
        ("azure-devops", Answer(200, excerpt='{"_links": {"web": 1}}'), None),
        ("jenkins", Answer(201), None),
        ("argo-events", Answer(200), None),
        ("generic", Answer(204), None),
    ],
)
def test_the_answer_leads_to_what_was_started(name: str, answer: Answer, links: str | None) -> None:
    verdict = FORMATS.named(name).verdict(answer)
    assert verdict.error is None
    assert list(verdict.links.values()) == ([] if links is None else [links])


@pytest.mark.parametrize(
    ("name", "status", "final"),
    [
        ("gitlab", 200, False),
        ("gitlab", 404, True),
        ("jenkins", 200, False),
        ("jenkins", 302, True),
        ("azure-devops", 203, True),
        ("azure-devops", 401, True),
        ("argo-events", 500, False),
        ("generic", 429, False),
        ("generic", 400, True),
    ],
)
def test_an_answer_that_is_not_the_products_success_is_a_failure(name: str, status: int, final: bool) -> None:
    verdict = FORMATS.named(name).verdict(Answer(status, excerpt="<html>"))
    assert verdict.error is not None and verdict.final is final


@pytest.mark.parametrize("name", ["gitlab", "jenkins", "azure-devops", "pagerduty"])
def test_a_credential_that_the_product_needs_must_be_given(name: str) -> None:
    with pytest.raises(InvalidInputError):
        FORMATS.named(name).check_secret({}, "")
    assert FORMATS.named(name).secret is Secret.CREDENTIAL
