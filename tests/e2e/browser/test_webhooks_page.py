"""Webhooks as people set them up: a secret that is shown once, deliveries that a receiver verifies, and their log."""

import re
from collections.abc import Callable

import pytest
from moorage import Client, Delivery, Grant, NotFoundError
from playwright.sync_api import expect
from standardwebhooks import Webhook

from tests.e2e.browser.person import Person
from tests.e2e.receiver import Receiver, receiving
from tests.e2e.stack import Stack, eventually


def test_a_webhook_is_made_tried_changed_and_deleted(stack: Stack, admin: Person) -> None:
    with Client(stack.url, stack.token) as client, receiving() as receiver:
        secret = _created(admin, receiver)
        (made,) = [hook for hook in client.webhooks.list() if hook.url == receiver.url]
        assert (made.events, made.models, made.enabled) == (("version.ready",), ("*",), True)
        admin.page.get_by_role("link", name=receiver.url).click()
        admin.settle()

        change = admin.press("Edit", f"Change the webhook for {receiver.url}")
        change.get_by_label("Events").fill("alias.*\nversion.ready")
        change.get_by_label("Models").fill("risk-*")
        change.get_by_label("Description").fill("Tells the serving team.")
        admin.confirm(change, "Save the webhook", "The webhook")
        expect(admin.card("What it is sent")).to_contain_text("Tells the serving team.")
        changed = client.webhooks.get(made.id)
        assert (changed.events, changed.models) == (("alias.*", "version.ready"), ("risk-*",))

        off = admin.press("Turn off", f"Turn off the webhook for {receiver.url}")
        admin.confirm(off, "Turn it off", "The webhook is off")
        expect(admin.page.get_by_text("This webhook is off")).to_be_visible()
        assert not client.webhooks.get(made.id).enabled
        on = admin.press("Turn on", f"Turn on the webhook for {receiver.url}")
        admin.confirm(on, "Turn it on", "The webhook is on")
        assert client.webhooks.get(made.id).enabled

        rotate = admin.press("Rotate the secret", f"Rotate the secret of the webhook for {receiver.url}")
        rotate.get_by_label("The old secret signs too for").select_option("An hour")
        rotate.get_by_role("button", name="Rotate the secret").click()
        newer = admin.take_secret("The webhook has a new secret", "signing secret")
        assert newer != secret
        expect(admin.card("What it is sent")).to_contain_text("signs too, until")

        trial = admin.press("Send a test", f"Send a test to {receiver.url}")
        admin.confirm(trial, "Send a test", "A test is on its way")
        headers, body = eventually(lambda: next(iter(receiver.received), None), "the test delivery")
        for key in (secret, newer):
            assert Webhook(key).verify(body, headers)["type"] == "webhook.test"

        delete = admin.press("Delete", f"Delete the webhook for {receiver.url}")
        admin.confirm(delete, "Delete the webhook", "The webhook is deleted")
        expect(admin.page.get_by_role("heading", name="Webhooks", level=1)).to_be_visible()
        with pytest.raises(NotFoundError):
            client.webhooks.get(made.id)


def test_a_delivery_is_looked_into_and_sent_again(stack: Stack, admin: Person) -> None:
    with Client(stack.url, stack.token) as client, receiving() as receiver:
        webhook = client.webhooks.create(url=receiver.url, models=[stack.fresh_name("none")]).id
        delivery = client.webhooks.test(webhook).id
        eventually(lambda: _succeeded(client.webhooks.delivery(webhook, delivery)), "the delivery")
        admin.open(f"/webhooks/{webhook}")
        row = admin.row("webhook.test")
        expect(row).to_contain_text("succeeded")
        details = admin.press("Details", "Delivery", row)
        expect(details).to_contain_text(delivery)
        expect(details.get_by_role("listitem")).to_contain_text("204")
        expect(details).to_contain_text('"type": "webhook.test"')
        assert admin.violations() == []
        details.get_by_role("button", name="Close").click()

        again = admin.press("Send again", "Send webhook.test again", row)
        admin.confirm(again, "Send webhook.test again", "It is queued again")
        eventually(lambda: len(receiver.received) == 2, "the second delivery")
        assert {headers["webhook-id"] for headers, _ in receiver.received} == {delivery}
        sent = eventually(lambda: _succeeded(client.webhooks.delivery(webhook, delivery)), "its entry in the log")
        assert sent.round == 2
        with admin.page.expect_response("**/deliveries?*"):
            admin.page.get_by_role("button", name="Refresh").click()
        expect(row).to_contain_text("succeeded")
        admin.page.get_by_label("State").select_option("failed")
        expect(admin.page.get_by_text("No delivery is failed")).to_be_visible()
        client.webhooks.delete(webhook)


def test_a_reader_is_told_that_webhooks_are_not_theirs(holder: Callable[[Grant], Person]) -> None:
    one = holder(Grant("viewer", "*"))
    one.open("/webhooks")
    create = one.page.get_by_role("button", name="Create a webhook")
    expect(create).to_have_attribute("aria-disabled", "true")
    expect(create).to_have_accessible_description("It needs the action manage_webhooks on all models.")
    create.press("Enter")
    expect(one.page.get_by_role("dialog")).to_have_count(0)


def test_a_webhook_that_the_registry_turned_off_says_why_and_since_when_it_failed(stack: Stack, admin: Person) -> None:
    with Client(stack.url, stack.token) as client, receiving() as receiver:
        receiver.status = 500
        webhook = client.webhooks.create(
            url=receiver.url,
            models=[stack.fresh_name("none")],
            only_tags={"team": "risk"},
            secret_headers={"Authorization": "hush"},
            max_attempts=1,
        ).id
        client.webhooks.test(webhook)
        eventually(lambda: client.webhooks.health(webhook).failures_in_a_row or None, "the failure")
        admin.open(f"/webhooks/{webhook}")
        expect(admin.page.get_by_text("Its receiver fails")).to_be_visible()
        expect(admin.card("What it is sent")).to_contain_text("tagged team=risk")
        expect(admin.card("What it is sent")).to_contain_text("Authorization (secret)")

        receiver.status = 410
        client.webhooks.test(webhook)
        eventually(lambda: client.webhooks.get(webhook).disabled_reason or None, "the end of the webhook")
        admin.open(f"/webhooks/{webhook}")
        expect(admin.page.get_by_text("The registry turned it off: the receiver answered 410 Gone.")).to_be_visible()
        admin.open("/webhooks")
        expect(admin.row(receiver.url)).to_contain_text("the receiver answered 410 Gone")
        client.webhooks.delete(webhook)


def _succeeded(delivery: Delivery) -> Delivery | None:
    return delivery if delivery.state == "succeeded" else None


def _created(admin: Person, receiver: Receiver) -> str:
    """Create a webhook, at first for an address that the registry must not call, and return its secret."""
    admin.open("/webhooks")
    create = admin.press("Create a webhook", "Create a webhook")
    create.get_by_label("URL").fill("https://169.254.169.254/latest/meta-data")
    create.get_by_role("button", name="Create the webhook").click()
    expect(create.get_by_label("URL")).to_have_accessible_description(re.compile("not public"))
    expect(create.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    assert admin.violations() == []
    create.get_by_label("URL").fill(receiver.url)
    create.get_by_label("Events").fill("version.ready\nversion.nothing")
    create.get_by_role("button", name="Create the webhook").click()
    expect(create.get_by_label("Events")).to_have_accessible_description(re.compile("'version.nothing' is neither"))
    create.get_by_label("Events").fill("version.ready")
    create.get_by_role("button", name="Create the webhook").click()
    return admin.take_secret("The webhook is created", "signing secret")
