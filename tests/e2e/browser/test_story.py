"""A promotion as people see it: one asks, one approves, one rolls back; an auditor finds all of it afterwards."""

from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client, Grant
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import REVIEWED
from tests.e2e.stack import Stack, eventually


@pytest.fixture
def model(stack: Stack, tmp_path: Path) -> str:
    """A model of which version 1 is in production, and version 2 is better."""
    name = stack.fresh_name("story")
    scheme = stack.fresh_name("reviewed")
    with Client(stack.url, stack.token) as client:
        client.schemes.save(scheme, {"name": scheme, **REVIEWED})
        client.models.create(name)
        client.schemes.assign(name, scheme)
        for number, auc in ((1, 0.91), (2, 0.95)):
            Path(tmp_path, "weights.bin").write_bytes(bytes([number]) * 512)
            client.register(name, tmp_path, metrics={"auc": auc})
        client.versions.override(name, 1, "production", "The first one.")
    return name


def test_people_promote_a_version_and_take_it_back(stack: Stack, model: str, person: Callable[..., Person]) -> None:
    with Client(stack.url, stack.token) as client:

        def somebody(role: str) -> Person:
            token = client.tokens.create(stack.fresh_name(role), [Grant(role, model)], person=f"oidc:test:{role}")
            one = person()
            one.sign_in(token.token or "")
            return one

        ada, ben, cleo, dan = map(somebody, ("contributor", "reviewer", "maintainer", "auditor"))

        ada.open(f"/models/{model}/versions/2")
        # The gate is not met yet, and the page says which and why.
        expect(ada.page.get_by_text("1 of 2 gates met · 1 approval missing").first).to_be_visible()
        ada.page.get_by_role("button", name="Ask to move to production").click()
        ada.page.get_by_label("Reason").fill("Better on every metric.")
        ada.page.get_by_role("button", name="Ask to move version 2 to production").click()
        expect(ada.page.get_by_text("Asked to move version 2 to production").first).to_be_visible()

        cleo.open(f"/models/{model}/requests/1")
        move = cleo.page.get_by_role("button", name="Move version 2 to production")
        expect(move).to_have_attribute("aria-disabled", "true")
        # A vote counts for the evidence that it saw, so the check comes before it.
        client.checks.report(model, 2, "unit-tests", True)

        ben.open("/inbox")
        ben.page.get_by_role("link", name="Request 1").click()
        expect(ben.page.get_by_text("Better on every metric.")).to_be_visible()
        ben.page.get_by_role("button", name="Approve").click()
        ben.page.get_by_label("Reason").fill("I checked the data.")
        ben.page.get_by_role("button", name="Approve request 1").click()
        expect(ben.page.get_by_text("Approved request 1")).to_be_visible()

        # The last approval was all that was missing, so the registry makes the move by itself.
        eventually(lambda: client.aliases.get(model, "champion").version == 2 or None, "the move")
        cleo.open(f"/models/{model}/versions/2")
        cleo.page.get_by_role("button", name="More").click()
        cleo.page.get_by_role("menuitem", name="Roll back production").click()
        cleo.page.get_by_label("Reason").fill("Complaints.")
        cleo.page.get_by_role("dialog").get_by_role("button", name="Roll back production").click()
        expect(cleo.page.get_by_role("dialog")).to_have_count(0)

        dan.open(f"/models/{model}/history")
        expect(dan.page.get_by_text("Complaints.").first).to_be_visible()
        dan.open(f"/audit/model:{model}")
        dan.page.get_by_role("button", name="Verify this ledger").click()
        expect(dan.page.get_by_text("chain intact")).to_be_visible()
    with Client(stack.url, stack.token) as client:
        assert client.stages.list(model)[2].version == 1
