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
    one.page.get_by_label("Token").wait_for()
    keyboard.press("Tab")
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


def test_the_first_key_leads_past_the_menu(admin: Person) -> None:
    admin.open("/models")
    admin.page.locator("body").press("Tab")
    admin.page.keyboard.press("Tab")
    skip = admin.page.get_by_role("link", name="Skip to the content")
    skip.focus()
    skip.press("Enter")
    assert admin.page.evaluate("document.activeElement.id") == "main"
