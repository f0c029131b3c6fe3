"""Every page, in both themes: it opens, breaks no rule of accessibility, and holds no more rows than are in sight."""

from collections.abc import Callable
from typing import Final, Literal

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.browser.person import WIDE, Person
from tests.e2e.browser.scene import Scene

MOST_ROWS = 60
NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
# Two before the content, and what cards below it read by themselves.
MOST_CALLS = 6


def test_every_page_opens_passes_axe_in_both_themes_and_fits_a_narrow_screen(scene: Scene, admin: Person) -> None:
    faults: dict[str, list[str]] = {}
    for path in scene.pages:
        admin.open(path)
        page = admin.page
        found = page.get_by_role("alert").all_inner_texts()
        found += page.get_by_role("heading", name="There is no such page").all_inner_texts()
        if page.locator("tbody tr:not([aria-hidden])").count() > MOST_ROWS:
            found.append("too many rows in the document")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            found += [f"{theme}: {violation}" for violation in admin.violations()]
        page.set_viewport_size(NARROW)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            found.append(f"{width} pixels wide")
        page.set_viewport_size(WIDE)
        if found:
            faults[path] = found
    assert faults == {}


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
