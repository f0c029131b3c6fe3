"""Everything without a mouse: from signing in to a move."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack


def test_a_version_is_found_and_moved_by_keys_alone(stack: Stack, scene: Scene, person: Callable[..., Person]) -> None:
    one = person()
    keyboard = one.page.keyboard
    one.page.goto(f"{one.url}/")
    token = one.page.get_by_label("Token")
    token.wait_for()
    # Other tests may have added issuers, whose links come first.
    for _ in range(30):
        keyboard.press("Tab")
        if token.evaluate("field => field === document.activeElement"):
            break
    expect(token).to_be_focused()
    keyboard.insert_text(stack.token)
    keyboard.press("Enter")
    expect(one.page.locator("#main h1")).to_be_visible()

    keyboard.press("Control+k")
    expect(one.page.get_by_role("combobox", name="Name of a model or page")).to_be_focused()
    keyboard.insert_text(scene.model)
    expect(one.page.get_by_role("option", name=scene.model)).to_be_visible()
    keyboard.press("Enter")
    expect(one.page.get_by_role("heading", name=scene.model, level=1)).to_be_focused()

    one.open(f"/models/{scene.model}/versions/3")
    keyboard.press("]")
    expect(one.page.get_by_role("heading", name="Version 4", level=1)).to_be_visible()
    keyboard.press("[")
    expect(one.page.get_by_role("heading", name="Version 3", level=1)).to_be_visible()
    move = one.page.get_by_role("button", name="Move to archived")
    move.focus()
    keyboard.press("Enter")
    expect(one.page.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(one.page.get_by_role("dialog")).to_have_count(0)
    expect(move).to_be_focused()

    keyboard.press("?")
    expect(one.page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert one.violations() == []
    keyboard.press("Escape")
    keyboard.press("g")
    keyboard.press("m")
    expect(one.page.get_by_role("heading", name="Models", level=1)).to_be_visible()


def test_single_keys_promote_copy_and_edit(scene: Scene, admin: Person) -> None:
    keyboard = admin.page.keyboard
    admin.context.grant_permissions(["clipboard-write"])
    admin.open(f"/models/{scene.model}/versions/2")
    keyboard.press("y")
    expect(admin.page.get_by_text("Copied the version's name")).to_be_attached()
    keyboard.press("p")
    expect(admin.page.get_by_role("dialog", name="Move version 2 to staging")).to_be_visible()
    keyboard.press("Escape")
    expect(admin.page.get_by_role("button", name="Move to staging")).to_be_focused()

    admin.open(f"/models/{scene.model}/card")
    keyboard.press("e")
    expect(admin.page.get_by_role("textbox").first).to_be_visible()


def test_the_first_key_leads_past_the_menu(admin: Person) -> None:
    admin.open("/models")
    admin.page.locator("body").press("Tab")
    admin.page.keyboard.press("Tab")
    skip = admin.page.get_by_role("link", name="Skip to the content")
    skip.focus()
    skip.press("Enter")
    assert admin.page.evaluate("document.activeElement.id") == "main"
