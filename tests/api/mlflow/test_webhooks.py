"""Webhooks that MLflow's clients manage. The registry shows them beside its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.aws.names import OUTBOUND_ALLOW_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.instants import moment
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.registry.webhooks import saving, webhooks
from tests.api.gateway import Caller, Function
from tests.mlflow_signature import verified
from tests.reactions.webhooks.receiving import Answer, Receiver, receiver
from tests.registry.build import request

BASE = "/api/2.0/mlflow/webhooks"
URL = "https://203.0.114.10/hook"
CREATED = {"entity": "MODEL_VERSION", "action": "CREATED"}
TAG_SET = {"entity": "MODEL_VERSION_TAG", "action": "SET"}
SECRET = "the caller's own secret"


@pytest.fixture
def mlflow(registry: Services) -> Function:
    return Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))


@pytest.fixture
def outside(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on loopback, which the registry may call."""
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    with receiver() as kept:
        yield kept


def create(mlflow: Caller, **given: Any) -> dict[str, Any]:
    created = mlflow.post(BASE, {"name": "ci", "url": URL, "events": [CREATED], **given})
    assert created.status == 200, created.text
    document: dict[str, Any] = created.document["webhook"]
    return document


def error(reply: Any) -> tuple[int, str]:
    return reply.status, reply.document["error_code"]


def test_a_webhook_is_created_and_shown_without_its_secret(mlflow: Function) -> None:
    created = create(mlflow, description="CI", secret=SECRET, events=[CREATED, TAG_SET])
    at = created["creation_timestamp"]
    assert created == {
        "webhook_id": created["webhook_id"],
        "name": "ci",
        "url": URL,
        "events": [CREATED, TAG_SET],
        "description": "CI",
        "status": "ACTIVE",
        "creation_timestamp": at,
        "last_updated_timestamp": at,
    }
    assert at == round(moment(webhooks.get_webhook(services(), created["webhook_id"]).created_at).timestamp() * 1000)
    shown = mlflow.get(f"{BASE}/{created['webhook_id']}")
    assert shown.document == {"webhook": created}
    assert SECRET not in shown.text + mlflow.get(BASE).text


def test_the_paths_of_mlflows_web_interface_are_the_same_webhooks(mlflow: Function) -> None:
    created = create(mlflow)
    assert mlflow.get(f"/ajax-api/2.0/mlflow/webhooks/{created['webhook_id']}").document == {"webhook": created}


def test_fields_absent_from_a_change_stay(mlflow: Function) -> None:
    webhook = create(mlflow, description="CI")
    path = f"{BASE}/{webhook['webhook_id']}"
    changed = mlflow.patch(path, {"status": "DISABLED"}).document["webhook"]
    assert changed["status"] == "DISABLED"
    kept = ("name", "url", "events", "description", "creation_timestamp")
    assert {field: changed[field] for field in kept} == {field: webhook[field] for field in kept}
    changed = mlflow.patch(path, {"name": "cd", "events": [TAG_SET], "description": ""}).document["webhook"]
    assert (changed["name"], changed["events"], "description" in changed) == ("cd", [TAG_SET], False)
    again = mlflow.patch(path, {"name": "", "url": "", "events": []}).document["webhook"]
    assert (again["name"], again["url"], again["events"]) == ("cd", URL, [TAG_SET])


def test_a_deleted_webhook_is_gone(mlflow: Function) -> None:
    webhook = create(mlflow)["webhook_id"]
    assert mlflow.delete(f"{BASE}/{webhook}").document == {}
    for reply in (mlflow.get(f"{BASE}/{webhook}"), mlflow.delete(f"{BASE}/{webhook}")):
        assert error(reply) == (404, "RESOURCE_DOES_NOT_EXIST")
        assert reply.document["message"] == f"Webhook with ID {webhook} not found."


def test_webhooks_are_listed_newest_first_in_pages(mlflow: Function) -> None:
    assert mlflow.get(BASE).document == {}
    ids = [create(mlflow)["webhook_id"] for _ in range(3)]
    first = mlflow.get(BASE, query={"max_results": 2}).document
    rest = mlflow.get(BASE, query={"max_results": 2, "page_token": first["next_page_token"]}).document
    assert [one["webhook_id"] for one in first["webhooks"] + rest["webhooks"]] == ids[::-1]
    assert "next_page_token" not in rest
    assert len(mlflow.get(BASE, query={"max_results": 0}).document["webhooks"]) == 3


@pytest.mark.parametrize(
    "query", [{"max_results": 1001}, {"max_results": -1}, {"max_results": "x"}, {"page_token": "%"}]
)
def test_an_invalid_page_is_refused(mlflow: Function, query: dict[str, Any]) -> None:
    assert error(mlflow.get(BASE, query=query)) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": None},
        {"name": "-ci"},
        {"name": 7},
        {"url": ""},
        {"url": "ftp://example.com"},
        {"url": "https://127.0.0.1/hook"},
        {"events": []},
        {"events": None},
        {"events": [{"entity": "MODEL_VERSION", "action": "DELETED"}]},
        {"events": [{"entity": "model_version", "action": "created"}]},
        {"events": [{}]},
        {"events": ["MODEL_VERSION.CREATED"]},
        {"events": [{"entity": 1, "action": "CREATED"}]},
        {"status": "PAUSED"},
        {"description": "x" * 1001},
        {"secret": "x" * 1001},
    ],
)
def test_a_value_that_mlflow_or_the_registry_rejects_is_an_invalid_parameter(
    mlflow: Function, wrong: dict[str, Any]
) -> None:
    body = {"name": "ci", "url": URL, "events": [CREATED], **wrong}
    assert error(mlflow.post(BASE, body)) == (400, "INVALID_PARAMETER_VALUE")
    assert mlflow.get(BASE).document == {}


def test_a_disabled_webhook_can_be_created(mlflow: Function) -> None:
    assert create(mlflow, status="DISABLED")["status"] == "DISABLED"


def test_webhooks_of_the_standard_format_are_hidden_from_mlflow(mlflow: Function) -> None:
    standard = saving.create_webhook(services(), request(), URL, WebhookChange()).result.webhook.id
    assert mlflow.get(BASE).document == {}
    replies = [
        mlflow.get(f"{BASE}/{standard}"),
        mlflow.patch(f"{BASE}/{standard}", {"name": "ci"}),
        mlflow.delete(f"{BASE}/{standard}"),
        mlflow.post(f"{BASE}/{standard}/test", {}),
    ]
    assert {error(reply) for reply in replies} == {(404, "RESOURCE_DOES_NOT_EXIST")}
    assert webhooks.get_webhook(services(), standard).enabled


def test_a_test_shows_the_receivers_answer(mlflow: Function, outside: Receiver) -> None:
    webhook = create(mlflow, url=outside.url, secret=SECRET)["webhook_id"]
    outside.answers = [Answer(200, body=b"thanks"), Answer(500, body=b"broken"), Answer(302)]
    results = [mlflow.post(f"{BASE}/{webhook}/test", body).document["result"] for body in ({}, {"event": TAG_SET}, {})]
    assert results[0] == {"success": True, "response_status": 200, "response_body": "thanks"}
    assert results[1] == {"success": False, "response_status": 500, "response_body": "broken"}
    assert (results[2]["success"], "redirects are not followed" in results[2]["error_message"]) == (False, True)
    bodies = [verified(SECRET, received.headers, received.body) for received in outside.received]
    assert [body["entity"] for body in bodies] == ["model_version", "model_version_tag", "model_version"]
    assert bodies[0]["data"]["name"] == "example_model"
    refused = mlflow.post(f"{BASE}/{webhook}/test", {"event": {"entity": "MODEL_VERSION", "action": "SET"}})
    assert error(refused) == (400, "INVALID_PARAMETER_VALUE")


def test_a_test_of_a_receiver_that_does_not_answer_says_so(
    mlflow: Function, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = create(mlflow, url="http://127.0.0.1:9/")["webhook_id"]
    result = mlflow.post(f"{BASE}/{webhook}/test", {}).document["result"]
    assert (result["success"], "connection failed" in result["error_message"]) == (False, True)
    moved = create(mlflow, url=outside.url)["webhook_id"]
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "")
    reset_services()
    result = mlflow.post(f"{BASE}/{moved}/test", {}).document["result"]
    assert "not public" in result["error_message"]
    assert outside.received == []


def test_webhooks_need_the_right_to_manage_them_on_the_registry(mlflow: Function) -> None:
    webhook = create(mlflow)["webhook_id"]
    for grants in ((), (Grant(Role.ADMIN, "fraud*"),), (Grant(Role.MAINTAINER, "*"),)):
        other = Function(Principal("token:eve", grants))
        replies = [
            other.get(BASE),
            other.post(BASE, {"name": "ci", "url": URL, "events": [CREATED]}),
            other.get(f"{BASE}/{webhook}"),
            other.patch(f"{BASE}/{webhook}", {"name": "cd"}),
            other.delete(f"{BASE}/{webhook}"),
            other.post(f"{BASE}/{webhook}/test", {}),
        ]
        assert {error(reply) for reply in replies} == {(403, "PERMISSION_DENIED")}
    assert mlflow.get(f"{BASE}/{webhook}").document["webhook"]["name"] == "ci"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "-ci"}, "Webhook name '-ci' is invalid. It must start and end with a letter or digit, "),
        ({"name": "x" * 64}, "be less than 63 characters long, and contain only letters, digits, dots (.), "),
        ({"url": " "}, "Webhook URL cannot be empty or just whitespace: ' '"),
        ({"url": "ftp://example.com"}, "Invalid webhook URL scheme: 'ftp'. Allowed schemes are: https."),
        ({"url": "http://93.184.216.34/hook"}, "Invalid webhook URL scheme: 'http'. Allowed schemes are: https."),
        ({"url": "https://"}, "Webhook URL must include a hostname: 'https://'"),
        ({"url": "https://["}, "Invalid webhook URL 'https://[': "),
        ({"url": "https://10.0.0.1"}, "must not resolve to a non-public IP address. '10.0.0.1' resolves to 10.0.0.1."),
        ({"events": []}, "Webhook events must be a non-empty list of WebhookEvent objects: []."),
    ],
)
def test_a_refused_webhook_is_refused_in_mlflows_words(mlflow: Function, wrong: dict[str, Any], message: str) -> None:
    reply = mlflow.post(BASE, {"name": "ci", "url": URL, "events": [CREATED], **wrong})
    assert error(reply) == (400, "INVALID_PARAMETER_VALUE")
    assert message in reply.document["message"]


def test_a_changed_webhook_is_refused_in_mlflows_words_too(mlflow: Function) -> None:
    path = f"{BASE}/{create(mlflow)['webhook_id']}"
    refused = mlflow.patch(path, {"url": "ftp://example.com"})
    assert refused.document["message"].startswith("Invalid webhook URL scheme: 'ftp'.")
    assert mlflow.patch(path, {"name": "-ci"}).document["message"].startswith("Webhook name '-ci' is invalid.")
