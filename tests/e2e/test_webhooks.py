"""The outside is told: signed, again after a failure, and written down."""

import json
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.e2e.receiver import receiving
from tests.e2e.stack import Stack, eventually, release


def test_a_delivery_is_signed_tried_again_after_a_failure_and_logged(stack: Stack) -> None:
    model = stack.fresh_name("hook")
    with stack.http() as http, receiving(fails_first=True) as receiver:
        asked = {"url": receiver.url, "events": ["version.ready"], "models": [model]}
        created = http.post("/v1/webhooks", json=asked)
        assert created.status_code == 201, created.text
        hook = created.json()
        http.post("/v1/models", json={"name": model})
        release(http, model)

        eventually(lambda: len(receiver.received) >= 2 or None, "the second attempt", seconds=120)
        (first, body), (second, again) = receiver.received[:2]
        assert first["webhook-id"] == second["webhook-id"] and body == again
        verified: dict[str, Any] = Webhook(hook["secret"]).verify(again, second)
        assert verified["type"] == "version.ready"
        assert verified["data"]["model"] == model
        assert json.loads(again)["data"]["version"] == 1
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(hook["secret"]).verify(again.replace(b"READY", b"FAKED"), second)

        def logged() -> dict[str, Any] | None:
            (entry,) = http.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
            return dict(entry) if entry["state"] == "succeeded" else None

        entry = eventually(logged, "the entry of the delivery log")
        assert [attempt["status"] for attempt in entry["attempts"]] == [503, 204]
        assert http.delete(f"/v1/webhooks/{hook['id']}").status_code == 204


def test_a_promotion_reaches_a_product_with_its_credential_and_the_log_shows_neither_secret(stack: Stack) -> None:
    model = stack.fresh_name("trigger")
    with stack.http() as http, receiving() as receiver:
        asked = {
            "url": receiver.url,
            "format": "github-dispatch",
            "settings": {"repository": "example/models"},
            "secret": "ghp_end-to-end",
            "models": [model],
        }
        created = http.post("/v1/webhooks", json=asked)
        assert created.status_code == 201, created.text
        hook = f"/v1/webhooks/{created.json()['id']}"
        http.post("/v1/models", json={"name": model})
        number = release(http, model)
        moved = http.post(f"/v1/models/{model}/versions/{number}/transitions", json={"to_stage": "staging"})
        assert moved.is_success, moved.text

        def logged() -> dict[str, Any] | None:
            found = [one for one in http.get(f"{hook}/deliveries").json()["items"] if one["state"] == "succeeded"]
            return dict(found[0]) if found else None

        entry = eventually(logged, "the entry of the delivery log")
        ((headers, body),) = receiver.received
        assert headers["authorization"] == "Bearer ghp_end-to-end"
        payload = json.loads(body)["client_payload"]
        assert (payload["model"], payload["version"], payload["after"]["stage"]) == (model, number, "staging")
        assert headers["moorage-event-id"] == payload["event_id"]
        for shown in (http.get(hook), http.get(f"{hook}/deliveries/{entry['id']}"), http.get("/v1/events")):
            assert "ghp_end-to-end" not in shown.text
        assert http.delete(hook).status_code == 204


def test_a_webhook_to_the_machine_itself_is_refused_unless_the_stack_allows_it(stack: Stack) -> None:
    with stack.http() as http:
        refused = http.post("/v1/webhooks", json={"url": "https://169.254.169.254/latest/meta-data"})
        assert refused.status_code == 400
        assert "secret" not in refused.json()
