"""Signing in with a token, and what happens when a session ends."""

from collections.abc import Callable

from moorage import Client, Grant
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.offered import offered
from tests.e2e.stack import Stack, eventually
from tests.registry.access.issuer import issuing


def test_a_wrong_token_is_refused_at_its_field(person: Callable[..., Person]) -> None:
    one = person()
    one.page.goto(f"{one.url}/")
    one.page.get_by_label("Token").fill("moor_nobody_" + "x" * 43)
    one.page.get_by_role("button", name="Sign in").click()
    expect(one.page.get_by_label("Token")).to_have_attribute("aria-invalid", "true")


def test_a_session_outlives_a_reload_and_no_script_can_read_it(stack: Stack, admin: Person) -> None:
    admin.page.reload()
    admin.settle()
    assert "moorage" not in admin.page.evaluate("document.cookie")
    assert stack.token not in admin.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "moos_" not in admin.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_person_signs_in_at_an_issuer_and_comes_back_and_a_stranger_is_refused(
    stack: Stack, scene: Scene, person: Callable[..., Person]
) -> None:
    with issuing() as issuer, offered(stack, issuer) as trust:
        one = person()
        _begin(one, f"/models/{scene.model}", trust)
        expect(one.page.get_by_role("heading", name=scene.model, level=1)).to_be_visible()
        assert one.page.url == f"{one.url}/models/{scene.model}"
        one.page.get_by_role("button", name="Sign out").click()
        expect(one.page.get_by_label("Token")).to_be_visible()
        # Somebody whom the trust does not admit comes back too, and is told so.
        issuer.person = {"sub": "mallory"}
        one.page.get_by_role("link", name=f"Sign in with {trust}").click()
        expect(one.page.get_by_role("alert")).to_contain_text("The registry does not accept this identity.")


def _begin(one: Person, path: str, trust: str) -> None:
    """Open a page and follow its link to the issuer, once the process that answers has heard of the trust."""
    link = one.page.get_by_role("link", name=f"Sign in with {trust}")

    def offered_there() -> bool:
        one.page.goto(f"{one.url}{path}")
        one.page.get_by_label("Token").wait_for()
        one.page.wait_for_load_state("networkidle")
        return link.count() > 0

    eventually(offered_there, "the link to the issuer")
    link.click()


def test_signing_out_ends_the_session(admin: Person) -> None:
    admin.page.get_by_role("button", name="Sign out").click()
    expect(admin.page.get_by_label("Token")).to_be_visible()
    admin.page.reload()
    expect(admin.page.get_by_label("Token")).to_be_visible()


def test_a_session_that_ends_while_a_reason_is_typed_keeps_it(
    stack: Stack, scene: Scene, person: Callable[..., Person]
) -> None:
    with Client(stack.url, stack.token) as client:
        token = client.tokens.create(stack.fresh_name("leaving"), [Grant("maintainer", scene.model)])
        one = person()
        one.sign_in(token.token or "")
        one.open(f"/models/{scene.model}/versions/2")
        one.page.get_by_role("button", name="Move to staging").click()
        one.page.get_by_label("Reason").fill("Half a thought")
        client.tokens.revoke(token.id)
    # The authorizer's answers are kept for up to a minute; without the page's token it has to ask for another now.
    one.page.evaluate("performance.now = () => 1e9")
    one.page.get_by_role("button", name="Move version 2 to staging").click()
    again = one.page.get_by_role("dialog", name="Your session has ended")
    again.get_by_label("Token").fill(scene.tokens["maintainer"])
    again.get_by_role("button", name="Sign in").click()
    expect(again).to_have_count(0)
    expect(one.page.get_by_label("Reason")).to_have_value("Half a thought")
