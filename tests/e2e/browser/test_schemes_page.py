"""Schemes as people write them: a copy, its next version, what it would have meant, and the one of new models."""

import json
from collections.abc import Callable, Iterator

import pytest
from moorage import Client, Grant
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack


@pytest.fixture
def standing(stack: Stack) -> Iterator[str]:
    """The scheme of new models, which it is again afterwards."""
    with Client(stack.url, stack.token) as client:
        name = client.schemes.default().name
        yield name
        client.schemes.set_default(name)


def test_a_scheme_is_copied_changed_tried_and_made_that_of_new_models(
    stack: Stack, scene: Scene, standing: str, admin: Person
) -> None:
    name = stack.fresh_name("copied")
    page = admin.page
    admin.open(f"/schemes/{standing}")
    page.get_by_role("button", name="Save a copy").click()
    page.get_by_label("Name").fill(name)
    document = page.get_by_label("Stages, transitions and gates, as JSON")
    before = json.loads(document.input_value())
    document.fill("{")
    expect(document).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name=f"Save as {name}")).to_have_attribute("aria-disabled", "true")
    document.fill(json.dumps({**before, "description": "A copy."}))
    copy = admin.press(f"Save as {name}", f"Save the scheme {name}")
    assert admin.violations() == []
    admin.confirm(copy, f"Save the scheme {name}", f"The scheme {name} is saved")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    with Client(stack.url, stack.token) as client:
        assert client.schemes.get(name).document["description"] == "A copy."

        page.get_by_role("button", name="Edit").click()
        document.fill(json.dumps({**before, "description": "Changed."}))
        save = admin.press(f"Save as {name}", f"Save version 2 of {name}")
        admin.confirm(save, f"Save version 2 of {name}", f"The scheme {name} is saved")
        page.get_by_label("Compare with").select_option("Version 1")
        expect(admin.card("Versions").locator("del").last).to_have_text("A copy")
        saved = client.schemes.get(name)
        assert (saved.version, saved.document["description"]) == (2, "Changed.")

        page.get_by_role("textbox", name="Model").fill(scene.model)
        page.get_by_role("button", name="Simulate").click()
        moves = client.schemes.simulate(scene.model, saved.document).moves
        expect(page.get_by_role("table", name="Past moves").locator("tbody tr")).to_have_count(len(moves))
        page.get_by_label("Show version").select_option("1")
        expect(page.get_by_text("The scheme was tried as it was before.")).to_be_visible()
        edit = page.get_by_role("button", name="Edit")
        expect(edit).to_have_accessible_description("Only the newest version can be edited.")
        page.get_by_label("Show version").select_option("2, the newest")

        use = admin.press("Use for new models", f"Use {name} for new models")
        admin.confirm(use, f"Use {name} for new models", f"New models follow {name}")
        expect(page.get_by_text("New models follow this scheme")).to_be_visible()
        assert client.schemes.default().name == name


def test_a_reader_is_told_that_schemes_are_not_theirs(scene: Scene, holder: Callable[[Grant], Person]) -> None:
    one = holder(Grant("viewer", "*"))
    one.open(f"/schemes/{scene.scheme}")
    use = one.page.get_by_role("button", name="Use for new models")
    expect(use).to_have_attribute("aria-disabled", "true")
    expect(use).to_have_accessible_description("It needs the action manage_schemes on all models.")
    one.open(f"/schemes/{scene.scheme}?edit=1")
    save = one.page.get_by_role("button", name=f"Save as {scene.scheme}")
    expect(save).to_have_attribute("aria-disabled", "true")
