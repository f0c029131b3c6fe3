"""Webhooks of products' formats over HTTP: settings and secrets are checked, and no secret is ever shown."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib.api.webhooks.schemas import CreatedWebhookView, WebhookView
from chalicelib.aws.services import services
from chalicelib.registry.webhooks.sealing import opened
from chalicelib.registry.webhooks.webhooks import get_webhook
from tests.api.gateway import Caller

URL = "https://203.0.114.10/api/v3"
OTHER = "https://203.0.114.11/api/v3"
TOKEN = "ghp_a-token-that-nobody-sees"
ADDRESS = "https://203.0.114.10/services/T0/B0/secret-path"
DISPATCH = {"format": "github-dispatch", "url": URL, "settings": {"repository": "example/models"}, "secret": TOKEN}


def create(admin: Caller, **body: Any) -> dict[str, Any]:
    created = admin.post("/v1/webhooks", body)
    assert created.status == 201, created.text
    CreatedWebhookView.model_validate(created.document)
    document: dict[str, Any] = created.document
    return document


def private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def stored_secret(webhook: str) -> str:
    found = get_webhook(services(), webhook)
    return opened(services().signing_key(), found.id, found.sealed_secret)


def pointers(admin: Caller, body: dict[str, Any]) -> list[str]:
    refused = admin.post("/v1/webhooks", body)
    assert (refused.status, refused.code) == (400, "invalid_input"), refused.text
    assert TOKEN not in refused.text and "secret-path" not in refused.text
    return [problem["pointer"] for problem in refused.document["errors"]]


def test_a_webhook_of_a_format_shows_its_settings_and_that_it_has_a_secret(admin: Caller) -> None:
    created = create(admin, **DISPATCH)
    assert (created["format"], created["settings"]) == ("github-dispatch", {"repository": "example/models"})
    assert (created["secret_set"], created["secret"]) == (True, None)
    assert created["events"] == ["version.transitioned"]
    shown = admin.get(f"/v1/webhooks/{created['id']}")
    WebhookView.model_validate(shown.document)
    assert stored_secret(created["id"]) == TOKEN
    for answer in (shown, admin.get("/v1/webhooks"), admin.get("/v1/events")):
        assert TOKEN not in answer.text


def test_of_an_address_that_is_the_secret_only_the_host_is_shown(admin: Caller) -> None:
    created = create(admin, format="slack", secret=ADDRESS)
    assert (created["url"], created["secret_set"]) == ("https://203.0.114.10", True)
    path = f"/v1/webhooks/{created['id']}"
    moved = ADDRESS.replace("203.0.114.10", "203.0.114.11")
    changed = admin.patch(path, {"secret": moved})
    assert changed.status == 200, changed.text
    assert changed.document["url"] == "https://203.0.114.11"
    assert stored_secret(created["id"]) == moved
    assert admin.patch(path, {"url": "https://203.0.114.11", "description": "same"}).status == 200
    refused = admin.patch(path, {"url": ADDRESS})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/url")
    tested = admin.post(f"{path}/test").document["id"]
    for answer in (admin.get(path), admin.get("/v1/events"), admin.get(f"{path}/deliveries/{tested}")):
        assert "secret-path" not in answer.text


def test_a_format_with_an_address_of_its_own_needs_no_url(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    # The real check resolves the host's name, but tests must not use the network.
    monkeypatch.setattr("chalicelib.registry.webhooks.saving._check_reachable", lambda *_: None)
    body = {name: value for name, value in DISPATCH.items() if name != "url"}
    assert create(admin, **body)["url"] == "https://api.github.com"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"secret": ""}, "/secret"),
        ({"secret": "two words"}, "/secret"),
        ({"settings": {}}, "/settings/repository"),
        ({"settings": {"repository": "example/models", "branch": "main"}}, "/settings/branch"),
        ({"settings": {"repository": "example"}}, "/settings/repository"),
        ({"settings": {"repository": "example/models", "app_id": "1", "installation_id": 2}}, "/secret"),
        ({"format": "gitlab"}, "/settings/repository"),
        ({"format": "jenkins", "url": None, "settings": {"job": "a"}}, "/url"),
        ({"format": "slack"}, "/url"),
        ({"format": "slack", "url": None, "secret": "http://10.0.0.1/x", "settings": {}}, "/secret"),
        ({"format": "teams", "url": None, "secret": "https://a.webhook.office.com/x", "settings": {}}, "/secret"),
        ({"format": "standard"}, "/settings"),
        ({"format": "standard", "settings": {}}, "/secret"),
        ({"format": "mlflow"}, "/format"),
        ({"format": "fax"}, "/format"),
        ({"url": URL + "?token=x"}, "/url"),
        ({"url": "https://10.0.0.1/api/v3"}, "/url"),
        ({"events": ["nothing.happened"]}, "/events/0"),
    ],
)
def test_what_the_format_cannot_use_is_refused_with_its_place(
    admin: Caller, changes: dict[str, Any], pointer: str
) -> None:
    assert pointers(admin, {**DISPATCH, **changes}) == [pointer]
    assert admin.get("/v1/webhooks").document["items"] == []


def test_the_credential_does_not_follow_the_url_to_another_host(admin: Caller) -> None:
    path = f"/v1/webhooks/{create(admin, **DISPATCH)['id']}"
    refused = admin.patch(path, {"url": OTHER})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/secret")
    assert admin.patch(path, {"url": URL + "/below"}).status == 200
    moved = admin.patch(path, {"url": OTHER, "secret": TOKEN})
    assert (moved.status, moved.document["url"]) == (200, OTHER)


def test_a_key_is_never_sent_as_a_token_nor_a_token_taken_for_a_key(admin: Caller) -> None:
    app = {"repository": "example/models", "app_id": "Iv1", "installation_id": 42}
    created = create(admin, **DISPATCH)
    refused = admin.patch(f"/v1/webhooks/{created['id']}", {"settings": app})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/secret")
    with_key = create(admin, **{**DISPATCH, "settings": app, "secret": private_key()})
    path = f"/v1/webhooks/{with_key['id']}"
    refused = admin.patch(path, {"settings": DISPATCH["settings"]})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/secret")
    assert admin.patch(path, {"settings": {**app, "installation_id": 43}}).status == 200
    assert admin.patch(path, {"settings": DISPATCH["settings"], "secret": TOKEN}).status == 200


@pytest.mark.parametrize(
    "value", [r'"\ud800"', "NaN", "1e999", "[" * 500 + "]" * 500, '{"a":' * 300 + "1" + "}" * 300, r'{"\ud800": 1}']
)
def test_settings_that_are_no_plain_json_are_refused(admin: Caller, value: str) -> None:
    body = f'{{"format": "generic", "url": "{URL}", "settings": {{"template": {{"x": {value}}}}}}}'
    refused = admin.request("POST", "/v1/webhooks", raw=body.encode(), headers={"Content-Type": "application/json"})
    assert refused.status == 400, refused.text


def test_settings_and_secret_can_be_replaced(admin: Caller) -> None:
    webhook = create(admin, **DISPATCH)["id"]
    path = f"/v1/webhooks/{webhook}"
    changed = admin.patch(path, {"settings": {"repository": "example/other", "event_type": "promoted"}})
    assert changed.document["settings"] == {"repository": "example/other", "event_type": "promoted"}
    assert admin.patch(path, {"secret": "ghp_another-token"}).status == 200
    assert stored_secret(webhook) == "ghp_another-token"
    newest = admin.get("/v1/events").document["items"][0]
    assert newest["type"] == "webhook.updated" and "secret_generation" in newest["after"]
    assert admin.patch(path, {"secret": "ghp_another-token"}).status == 200
    assert admin.get("/v1/events").document["items"][0]["id"] == newest["id"], "nothing has changed"
    for body, pointer in (
        ({"settings": {}}, "/settings/repository"),
        ({"settings": None}, "/settings"),
        ({"secret": ""}, "/secret"),
        ({"secret": None}, "/secret"),
    ):
        assert admin.patch(path, body).document["errors"][0]["pointer"] == pointer
    assert admin.post(f"{path}/rotate").code == "invalid_input"


def test_an_apps_key_is_taken_with_its_settings(admin: Caller) -> None:
    key = private_key()
    settings = {"repository": "example/models", "app_id": "Iv1", "installation_id": "42"}
    created = create(admin, **{**DISPATCH, "settings": settings, "secret": key})
    assert created["settings"]["installation_id"] == 42
    assert stored_secret(created["id"]) == key


def test_what_a_delivery_sends_is_shown_without_the_secret(admin: Caller) -> None:
    settings = {"project": "team/models", "ref": "main"}
    webhook = create(admin, format="gitlab", url="https://203.0.114.10", settings=settings, secret=TOKEN)["id"]
    tested = admin.post(f"/v1/webhooks/{webhook}/test").document["id"]
    shown = admin.get(f"/v1/webhooks/{webhook}/deliveries/{tested}").document
    assert shown["payload"]["token"] == "[secret]"
    assert shown["payload"]["variables"]["MOORAGE_EVENT_TYPE"] == "webhook.test"


def test_the_served_description_names_every_format_that_can_be_created(admin: Caller) -> None:
    schemas = admin.get("/v1/openapi.json").document["components"]["schemas"]
    formats = schemas["CreateWebhook"]["properties"]["format"]["enum"]
    assert "github-workflow" in formats and "mlflow" not in formats
    assert "mlflow" in schemas["WebhookView"]["properties"]["format"]["enum"]
