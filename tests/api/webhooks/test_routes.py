"""Webhooks over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from chalicelib.api.webhooks.schemas import (
    CreatedWebhookView,
    DeliveryView,
    RedeliveredView,
    WebhookHealthView,
    WebhookView,
)
from chalicelib.aws import keys
from chalicelib.aws.names import OUTBOUND_ALLOW_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.aws.webhooks.delivery_log import DeliveryLog
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from tests.api.gateway import Caller, Reply, granted
from tests.registry.build import request

URL = "https://203.0.114.10/hook"
PRIVATE = "https://127.0.0.1/hook"


def create(admin: Caller, **body: Any) -> dict[str, Any]:
    created = admin.post("/v1/webhooks", {"url": URL, **body})
    assert created.status == 201, created.text
    document: dict[str, Any] = created.document
    return document


def answers(caller: Caller, webhook: str) -> list[Reply]:
    """The answers of every call on one webhook."""
    path = f"/v1/webhooks/{webhook}"
    return [
        caller.get(path),
        caller.patch(path, {"enabled": False}),
        caller.delete(path),
        caller.post(f"{path}/test"),
        caller.post(f"{path}/rotate"),
        caller.get(f"{path}/health"),
        caller.post(f"{path}/redeliver", {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"}),
        caller.get(f"{path}/deliveries"),
        caller.get(f"{path}/deliveries", query={"state": "failed"}),
        caller.get(f"{path}/deliveries/0"),
        caller.post(f"{path}/deliveries/0/redeliver"),
    ]


def without_secret(created: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in created.items() if field != "secret"}


def queued() -> int:
    queue = services().settings.delivery_queue_url
    attributes = boto3.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def test_the_secret_is_shown_on_creation_and_never_again(admin: Caller) -> None:
    created = admin.post("/v1/webhooks", {"url": URL, "events": ["version.*"], "models": ["fraud*"]})
    assert created.status == 201, created.text
    CreatedWebhookView.model_validate(created.document)
    assert created.headers["Cache-Control"] == "no-store"
    secret = created.document["secret"]
    assert secret.startswith("whsec_")
    webhook = created.document["id"]
    shown = admin.get(f"/v1/webhooks/{webhook}")
    WebhookView.model_validate(shown.document)
    assert shown.document == without_secret(created.document)
    others = [
        shown,
        admin.get("/v1/webhooks"),
        admin.patch(f"/v1/webhooks/{webhook}", {"description": "CI"}),
        admin.get("/v1/events"),
    ]
    assert all(secret not in answer.text for answer in others)


def test_a_webhook_without_filters_gets_every_event(admin: Caller) -> None:
    created = create(admin)
    assert (created["events"], created["models"], created["enabled"]) == (["*"], ["*"], True)


def test_creating_again_with_the_same_key_answers_the_same_webhook_without_its_secret(admin: Caller) -> None:
    first = admin.post("/v1/webhooks", {"url": URL}, key="k1")
    again = admin.post("/v1/webhooks", {"url": URL}, key="k1")
    assert (again.status, again.document) == (201, {**first.document, "secret": None})
    CreatedWebhookView.model_validate(again.document)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(admin.get("/v1/webhooks").document["items"]) == 1
    assert admin.post("/v1/webhooks", {"url": URL + "2"}, key="k1").code == "idempotency_key_reused"


def test_webhooks_are_listed_newest_first_in_pages(admin: Caller) -> None:
    ids = [create(admin)["id"] for _ in range(3)]
    first = admin.get("/v1/webhooks", query={"limit": 2}).document
    rest = admin.get("/v1/webhooks", query={"limit": 2, "cursor": first["next_cursor"]}).document
    assert [item["id"] for item in first["items"] + rest["items"]] == sorted(ids, reverse=True)
    assert rest["next_cursor"] is None


def test_fields_can_be_changed_and_reset(admin: Caller) -> None:
    webhook = create(admin, events=["version.*"], description="CI")["id"]
    path = f"/v1/webhooks/{webhook}"
    changed = admin.patch(path, {"enabled": False, "events": None, "models": ["a", "b"]})
    assert changed.status == 200, changed.text
    document = changed.document
    assert (document["enabled"], document["events"], document["models"]) == (False, ["*"], ["a", "b"])
    assert document["description"] == "CI"
    assert admin.patch(path, {"description": None}).document["description"] == ""


def test_a_stale_change_or_deletion_is_refused(admin: Caller) -> None:
    created = admin.post("/v1/webhooks", {"url": URL})
    path = f"/v1/webhooks/{created.document['id']}"
    assert admin.get(path, headers={"If-None-Match": created.etag}).status == 304
    assert admin.patch(path, {"description": "new"}, headers={"If-Match": created.etag}).status == 200
    stale = {"If-Match": created.etag}
    assert admin.patch(path, {"description": "old"}, headers=stale).code == "precondition_failed"
    assert admin.delete(path, headers=stale).code == "precondition_failed"


def test_every_change_is_an_event_of_the_registrys_ledger(admin: Caller) -> None:
    webhook = create(admin)["id"]
    admin.patch(f"/v1/webhooks/{webhook}", {"enabled": False})
    admin.patch(f"/v1/webhooks/{webhook}", {"enabled": False})
    assert admin.delete(f"/v1/webhooks/{webhook}").status == 204
    events = admin.get("/v1/events", query={"order": "oldest"}).document["items"]
    assert [event["type"] for event in events] == ["webhook.created", "webhook.updated", "webhook.deleted"]
    assert {event["subject"] for event in events} == {webhook}
    assert admin.get("/v1/events/verify").document["intact"] is True


def test_a_deleted_webhook_is_gone(admin: Caller) -> None:
    webhook = create(admin)["id"]
    admin.delete(f"/v1/webhooks/{webhook}")
    assert {(answer.status, answer.code) for answer in answers(admin, webhook)} == {(404, "webhook_not_found")}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (PRIVATE, "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://[::ffff:10.0.0.1]/", "not public"),
        ("https://2130706433/", "not public"),
        ("http://203.0.114.10/", "https://"),
        ("https://203.0.114.10:8443/", "port must be 443"),
        ("https://user:pw@203.0.114.10/", "user name or password"),
        ("https://203.0.114.10/#a", "fragment"),
    ],
)
def test_a_url_that_may_not_be_called_is_refused_on_creation_and_change(admin: Caller, url: str, sentence: str) -> None:
    webhook = create(admin)["id"]
    for refused in (
        admin.post("/v1/webhooks", {"url": url}),
        admin.patch(f"/v1/webhooks/{webhook}", {"url": url}),
    ):
        assert (refused.status, refused.code) == (400, "invalid_input")
        (problem,) = refused.document["errors"]
        assert problem["pointer"] == "/url"
        assert sentence in problem["message"]
    assert admin.get(f"/v1/webhooks/{webhook}").document["url"] == URL


def test_allowed_networks_may_be_called(registry: Services, admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    assert create(admin, url="http://127.0.0.1:8080/")["url"] == "http://127.0.0.1:8080/"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": URL, "events": []}, "/events"),
        ({"url": URL, "events": ["version.*", "nothing.happened"]}, "/events/1"),
        ({"url": URL, "models": [""]}, "/models/0"),
        ({"url": URL, "models": ["m"] * 51}, "/models"),
        ({"url": URL, "enabled": "yes"}, "/enabled"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret"),
    ],
)
def test_an_invalid_body_is_refused_with_the_place_of_the_fault(
    admin: Caller, body: dict[str, Any], pointer: str
) -> None:
    refused = admin.post("/v1/webhooks", body)
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert [problem["pointer"] for problem in refused.document["errors"]] == [pointer]
    assert admin.get("/v1/webhooks").document["items"] == []


@pytest.mark.parametrize("field", ["url", "enabled"])
def test_a_field_that_has_no_default_cannot_be_null(admin: Caller, field: str) -> None:
    refused = admin.patch(f"/v1/webhooks/{create(admin)['id']}", {field: None})
    assert refused.status == 400
    assert refused.document["errors"][0]["pointer"] == f"/{field}"


def test_webhooks_are_for_administrators_only(admin: Caller) -> None:
    webhook = create(admin)["id"]
    maintainer = granted(admin, "maintainer")
    refused = [
        maintainer.post("/v1/webhooks", {"url": URL}),
        maintainer.get("/v1/webhooks"),
        *answers(maintainer, webhook),
    ]
    assert {answer.code for answer in refused} == {"permission_denied"}


def test_a_test_is_queued_and_in_the_log(admin: Caller) -> None:
    webhook = create(admin)["id"]
    tested = admin.post(f"/v1/webhooks/{webhook}/test")
    assert tested.status == 202, tested.text
    DeliveryView.model_validate(tested.document)
    assert (tested.document["event_type"], tested.document["state"]) == ("webhook.test", "pending")
    assert admin.get(f"/v1/webhooks/{webhook}/deliveries").document["items"] == [tested.document]
    assert queued() == 1


def test_a_test_with_the_same_key_is_one_delivery(admin: Caller) -> None:
    webhook = create(admin)["id"]
    first = admin.post(f"/v1/webhooks/{webhook}/test", key="k1")
    again = admin.post(f"/v1/webhooks/{webhook}/test", key="k1")
    assert (again.status, again.document) == (202, first.document)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(admin.get(f"/v1/webhooks/{webhook}/deliveries").document["items"]) == 1
    other = create(admin)["id"]
    assert admin.post(f"/v1/webhooks/{other}/test", key="k1").code == "idempotency_key_reused"


def test_a_redelivery_with_the_same_key_is_one_more_round(admin: Caller) -> None:
    webhook = create(admin)["id"]
    delivery = admin.post(f"/v1/webhooks/{webhook}/test").document["id"]
    path = f"/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver"
    rounds = [admin.post(path, key=key).document["round"] for key in ("k1", "k1", "k2")]
    assert rounds == [2, 2, 3]


def test_an_unknown_delivery_cannot_be_sent_again(admin: Caller) -> None:
    webhook = create(admin)["id"]
    assert admin.post(f"/v1/webhooks/{webhook}/deliveries/d1/redeliver").code == "delivery_not_found"


def test_deliveries_are_listed_newest_first_in_pages(admin: Caller) -> None:
    webhook = create(admin)["id"]
    ids = [admin.post(f"/v1/webhooks/{webhook}/test").document["id"] for _ in range(3)]
    path = f"/v1/webhooks/{webhook}/deliveries"
    first = admin.get(path, query={"limit": 2}).document
    rest = admin.get(path, query={"limit": 2, "cursor": first["next_cursor"]}).document
    assert [item["id"] for item in first["items"] + rest["items"]] == sorted(ids, reverse=True)


def test_deliveries_in_one_state_are_listed_in_pages(admin: Caller, registry: Services) -> None:
    webhook = create(admin)["id"]
    ids = [admin.post(f"/v1/webhooks/{webhook}/test").document["id"] for _ in range(7)]
    log = DeliveryLog(registry.table)
    failed = (ids[0], ids[5], ids[6])
    for delivery in failed:
        entry = log.get(webhook, delivery)
        assert entry is not None
        assert log.save(entry, replace(entry.delivery, state=State.FAILED), registry.clock())

    def found(state: str) -> list[str]:
        query: dict[str, Any] = {"state": state, "limit": 2}
        listed: list[str] = []
        while True:
            page = admin.get(f"/v1/webhooks/{webhook}/deliveries", query=query).document
            assert len(page["items"]) <= 2 and {item["state"] for item in page["items"]} <= {state}
            listed += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return listed
            query["cursor"] = page["next_cursor"]

    assert found("failed") == sorted(failed, reverse=True)
    assert found("pending") == sorted(set(ids) - set(failed), reverse=True)
    assert found("cancelled") == []
    assert admin.get(f"/v1/webhooks/{webhook}/deliveries", query={"state": "lost"}).code == "invalid_input"


def test_a_delivery_is_shown_with_what_it_sends(admin: Caller) -> None:
    webhook = create(admin)["id"]
    tested = admin.post(f"/v1/webhooks/{webhook}/test").document
    shown = admin.get(f"/v1/webhooks/{webhook}/deliveries/{tested['id']}").document
    payload = shown.pop("payload")
    assert shown == tested
    assert payload["type"] == "webhook.test" and payload["data"]["webhook"] == webhook
    assert admin.get(f"/v1/webhooks/{webhook}/deliveries/d1").code == "delivery_not_found"


def test_a_new_secret_is_shown_once_and_says_when_the_old_one_ends(admin: Caller) -> None:
    created = create(admin)
    path = f"/v1/webhooks/{created['id']}"
    etag = admin.get(path).etag
    rotated = admin.post(f"{path}/rotate", {"grace_seconds": 3600}, key="k1", headers={"If-Match": etag})
    assert rotated.status == 200, rotated.text
    assert rotated.headers["Cache-Control"] == "no-store"
    secret = rotated.document["secret"]
    assert secret.startswith("whsec_") and secret != created["secret"]
    assert rotated.document["old_secrets_end_at"] > rotated.document["updated_at"]
    again = admin.post(f"{path}/rotate", {"grace_seconds": 3600}, key="k1", headers={"If-Match": etag})
    assert (again.document["secret"], again.headers["Idempotent-Replayed"]) == (None, "true")
    assert all(secret not in answer.text for answer in (admin.get(path), admin.get("/v1/events")))
    assert admin.post(f"{path}/rotate", headers={"If-Match": etag}).code == "precondition_failed"
    at_once = admin.post(f"{path}/rotate").document
    assert at_once["old_secrets_end_at"] is None and at_once["secret"] != secret
    assert admin.post(f"{path}/rotate", {"grace_seconds": 86_401}).code == "invalid_input"
    assert admin.post(f"/v1/webhooks/{mlflow_webhook()}/rotate").code == "invalid_input"


def mlflow_webhook(secret: str = "the caller's own") -> str:
    given = WebhookChange(name="ci", events=["model_version.created"])
    return mlflow_webhooks.create_webhook(services(), request(), URL, given, secret).result.id


def test_a_webhook_of_an_mlflow_client_is_listed_and_shown_without_its_secret(admin: Caller) -> None:
    webhook, plain = mlflow_webhook(), create(admin)
    shown = admin.get(f"/v1/webhooks/{webhook}")
    WebhookView.model_validate(shown.document)
    assert (shown.document["format"], shown.document["name"]) == ("mlflow", "ci")
    assert shown.document["events"] == ["model_version.created"]
    assert (plain["format"], plain["name"]) == ("standard", "")
    listed = admin.get("/v1/webhooks")
    assert {item["id"] for item in listed.document["items"]} == {webhook, plain["id"]}
    events = admin.get("/v1/events")
    for answer in (shown, listed, events):
        assert "the caller's own" not in answer.text
    assert "sealed" not in shown.text + listed.text
    # What an event says of the encrypted secret is its digest, so that a change of it past the registry is found.
    (saved,) = (event["records"][f"webhook/{webhook}"]["new"] for event in events.document["items"][-1:])
    assert saved["sealed_secret"].keys() == {"$sha256", "$characters"}


def test_a_webhook_of_an_mlflow_client_can_be_changed_tested_and_deleted(admin: Caller) -> None:
    webhook = mlflow_webhook()
    path = f"/v1/webhooks/{webhook}"
    changed = admin.patch(path, {"enabled": False, "models": ["fraud*"], "events": ["model_version_tag.set"]})
    assert changed.status == 200, changed.text
    assert (changed.document["enabled"], changed.document["events"]) == (False, ["model_version_tag.set"])
    assert admin.patch(path, {"events": ["version.*"]}).status == 400
    queued_test = admin.post(f"{path}/test")
    assert queued_test.status == 202, queued_test.text
    again = admin.post(f"{path}/deliveries/{queued_test.document['id']}/redeliver")
    assert (again.status, again.document["round"]) == (202, 2)
    assert admin.delete(path).status == 204


def test_the_native_api_makes_webhooks_of_the_standard_format_only(admin: Caller) -> None:
    refused = admin.post("/v1/webhooks", {"url": URL, "format": "mlflow", "name": "ci"})
    assert refused.status == 400, refused.text


def test_filters_headers_and_limits_are_shown_and_can_be_changed_and_reset(admin: Caller) -> None:
    narrowed = {
        "only_stages": ["production"],
        "only_tags": {"team": "risk*"},
        "only_fields": ["description"],
        "custom_headers": {"X-Env": "prod"},
        "rate_limit": 60,
        "max_attempts": 3,
    }
    created = create(admin, **narrowed)
    path = f"/v1/webhooks/{created['id']}"
    shown = admin.get(path).document
    WebhookView.model_validate(shown)
    assert {field: shown[field] for field in narrowed} == narrowed
    assert admin.patch(path, {"description": "x"}).document["only_stages"] == ["production"]
    reset = admin.patch(path, dict.fromkeys(narrowed)).document
    assert {field: reset[field] for field in narrowed} == {
        "only_stages": [],
        "only_tags": {},
        "only_fields": [],
        "custom_headers": {},
        "rate_limit": None,
        "max_attempts": None,
    }


def test_the_values_of_secret_headers_are_never_shown(admin: Caller) -> None:
    created = admin.post("/v1/webhooks", {"url": URL, "secret_headers": {"Authorization": "Bearer hush"}})
    path = f"/v1/webhooks/{created.document['id']}"
    assert created.document["secret_headers"] == ["Authorization"]
    changed = admin.patch(path, {"secret_headers": {"X-Api-Key": "quiet"}})
    assert changed.document["secret_headers"] == ["X-Api-Key"]
    seen = [created, changed, admin.get(path), admin.get("/v1/webhooks"), admin.get("/v1/events")]
    assert not any(secret in answer.text for answer in seen for secret in ("hush", "quiet"))
    stored = str(services().table.get(keys.webhook(created.document["id"])))
    assert "hush" not in stored and "quiet" not in stored


def test_the_same_secret_headers_again_are_no_change(admin: Caller) -> None:
    webhook = create(admin, secret_headers={"X-Api-Key": "hush"})["id"]
    for headers in ({"X-Api-Key": "hush"}, {"X-Api-Key": "hush"}, {"X-Api-Key": "new"}, None, None):
        assert admin.patch(f"/v1/webhooks/{webhook}", {"secret_headers": headers}).status == 200
    events = admin.get("/v1/events", query={"order": "oldest"}).document["items"]
    assert [event["type"] for event in events] == ["webhook.created", "webhook.updated", "webhook.updated"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"custom_headers": {"X-Env": "a\r\nX-Other: b"}}, "/custom_headers/X-Env"),
        ({"custom_headers": {"Authorization": "Bearer hush"}}, "/custom_headers/Authorization"),
        ({"secret_headers": {"Transfer-Encoding": "chunked"}}, "/secret_headers/Transfer-Encoding"),
        ({"secret_headers": {"webhook-signature": "v1,x"}}, "/secret_headers/webhook-signature"),
        ({"rate_limit": 0}, "/rate_limit"),
        ({"max_attempts": 11}, "/max_attempts"),
        ({"only_stages": ["s"] * 21}, "/only_stages"),
    ],
)
def test_a_header_or_limit_that_cannot_be_is_refused(admin: Caller, body: dict[str, Any], pointer: str) -> None:
    webhook = create(admin)["id"]
    for refused in (
        admin.post("/v1/webhooks", {"url": URL, **body}),
        admin.patch(f"/v1/webhooks/{webhook}", body),
    ):
        assert (refused.status, refused.code) == (400, "invalid_input")
        assert [problem["pointer"] for problem in refused.document["errors"]] == [pointer]
        assert "hush" not in refused.text


def test_secret_headers_must_be_given_again_for_another_host(admin: Caller) -> None:
    webhook = create(admin, secret_headers={"X-Api-Key": "hush"})["id"]
    path = f"/v1/webhooks/{webhook}"
    refused = admin.patch(path, {"url": "https://203.0.114.11/hook"})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/secret_headers")
    given = {"url": "https://203.0.114.11/hook", "secret_headers": {"X-Api-Key": "hush"}}
    assert admin.patch(path, given).status == 200


def test_a_webhook_that_was_never_called_is_well(admin: Caller) -> None:
    webhook = create(admin)["id"]
    health = admin.get(f"/v1/webhooks/{webhook}/health")
    WebhookHealthView.model_validate(health.document)
    assert health.document == {
        "webhook": webhook,
        "enabled": True,
        "disabled_reason": "",
        "failing_since": None,
        "failures_in_a_row": 0,
    }


def test_a_range_is_delivered_again_in_parts_and_a_cursor_is_for_its_range_only(admin: Caller) -> None:
    webhook = create(admin)["id"]
    path = f"/v1/webhooks/{webhook}/redeliver"
    now = datetime.now(UTC)
    asked = {"since": (now - timedelta(days=1)).isoformat(), "until": now.isoformat(), "missed": True}
    first = admin.post(path, asked)
    RedeliveredView.model_validate(first.document)
    assert (first.status, first.document["queued"]) == (202, 0)
    cursor = first.document["next_cursor"]
    assert admin.post(path, {**asked, "cursor": cursor}).status == 202
    assert admin.post(path, {**asked, "missed": False, "cursor": cursor}).code == "invalid_cursor"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"until": "2026-11-01T00:00:00Z"}, "/until"),
        ({"since": "yesterday"}, "/since"),
        ({"since": "2020-01-01T00:00:00Z", "missed": True}, "/since"),
        ({"states": ["pending"]}, "/states/0"),
        ({"states": []}, "/states"),
    ],
)
def test_a_range_that_cannot_be_delivered_again_is_refused(admin: Caller, change: dict[str, Any], pointer: str) -> None:
    webhook = create(admin)["id"]
    asked = {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z", **change}
    refused = admin.post(f"/v1/webhooks/{webhook}/redeliver", asked)
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert refused.document["errors"][0]["pointer"] == pointer


def test_a_range_is_not_delivered_again_to_a_disabled_webhook(admin: Caller) -> None:
    webhook = create(admin, enabled=False)["id"]
    asked = {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"}
    refused = admin.post(f"/v1/webhooks/{webhook}/redeliver", asked)
    assert (refused.status, refused.code) == (409, "webhook_disabled")
