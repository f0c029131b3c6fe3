"""Every page, in both themes: it opens, breaks no rule of accessibility, and holds no more rows than are in sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack

MOST_ROWS = 60
# Two before the content, and what cards below it read by themselves.
MOST_CALLS = 5
PHONE = {"width": 320, "height": 640}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_opens_and_passes_axe(stack: Stack, scene: Scene, person: Callable[..., Person], theme: str) -> None:
    one = person(color_scheme=theme)
    one.sign_in(stack.token)
    faults = {}
    for path in scene.pages:
        one.open(path)
        found = one.violations()
        found += one.page.get_by_role("alert").all_inner_texts()
        found += one.page.get_by_role("heading", name="There is no such page").all_inner_texts()
        if one.page.locator("tbody tr:not([aria-hidden])").count() > MOST_ROWS:
            found.append("too many rows in the document")
        if found:
            faults[path] = found
    assert faults == {}


def test_no_page_is_wider_than_a_narrow_screen(stack: Stack, scene: Scene, person: Callable[..., Person]) -> None:
    one = person(viewport=PHONE)
    one.sign_in(stack.token)
    wide = {}
    for path in scene.pages:
        one.open(path)
        width = one.page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[path] = width
    assert wide == {}


@pytest.mark.parametrize("page", ["", "/versions/3", "/board", "/requests/1"])
def test_a_page_has_its_content_after_few_calls(scene: Scene, admin: Person, page: str) -> None:
    """Counted from another page, where it is known already who is signed in."""
    admin.open("/me")
    calls: list[str] = []
    admin.page.on("request", lambda request: calls.append(request.url) if "/v1/" in request.url else None)
    admin.go(f"/models/{scene.model}{page}")
    assert len(calls) <= MOST_CALLS, calls


def test_a_reader_is_shown_why_they_cannot_act(scene: Scene, person: Callable[..., Person]) -> None:
    one = person()
    one.sign_in(scene.tokens["viewer"])
    one.open(f"/models/{scene.model}/versions/3")
    move = one.page.get_by_role("button", name="Move to staging")
    expect(move).to_have_attribute("aria-disabled", "true")
    expect(one.page.get_by_text("Your grants allow neither this move nor a request for it.").first).to_be_visible()
