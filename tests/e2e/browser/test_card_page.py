"""A model's card as people write it: its sections with a preview, its fields, and what each revision changed."""

from collections.abc import Callable

from moorage import Client, Grant
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack


def test_a_card_is_written_section_by_section_and_its_fields_are_changed(
    stack: Stack, holder: Callable[[Grant], Person]
) -> None:
    model = stack.fresh_name("card")
    with Client(stack.url, stack.token) as client:
        client.models.create(model)
        ada = holder(Grant("contributor", model))
        page = ada.page
        ada.open(f"/models/{model}/card")
        page.get_by_role("button", name="Write the card").click()
        page.get_by_label("Text of Intended use").fill("For *small* loans.")
        page.get_by_role("button", name="Preview").click()
        expect(ada.card("Intended use").locator("em")).to_have_text("small")
        page.get_by_role("button", name="Save the card").click()
        expect(page.get_by_role("button", name="Edit the card")).to_be_visible()
        assert client.cards.get(model).sections == {"intended_use": "For *small* loans."}

        page.get_by_role("button", name="Edit Intended use").click()
        page.get_by_label("Text of Intended use").fill("For large loans.")
        page.get_by_role("button", name="Save Intended use").click()
        expect(page.get_by_role("button", name="Edit the card")).to_be_visible()
        expect(ada.card("Intended use")).to_contain_text("For large loans.")

        fields = ada.press("Edit fields", f"Change the fields of {model}'s card")
        fields.get_by_label("License").fill("apache-2.0")
        fields.get_by_label("Languages").fill("en, de")
        assert ada.violations() == []
        ada.confirm(fields, "Save the fields", "The card's fields are saved")
        expect(ada.card("Fields")).to_contain_text("apache-2.0")
        saved = client.cards.get(model)
        assert (saved.revision, saved.fields["license"], saved.fields["language"]) == (3, "apache-2.0", ["en", "de"])

        page.get_by_role("link", name="Changes of revision 2").click()
        expect(page.locator("del").last).to_have_text("*small*")
        expect(page.locator("ins").last).to_have_text("large")


def test_a_reader_is_told_that_the_card_is_not_theirs(stack: Stack, holder: Callable[[Grant], Person]) -> None:
    model = stack.fresh_name("card")
    with Client(stack.url, stack.token) as client:
        client.models.create(model)
    one = holder(Grant("viewer", model))
    one.open(f"/models/{model}/card")
    for name in ("Edit the card", "Write the card"):
        button = one.page.get_by_role("button", name=name)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description("It needs the action annotate.")
    expect(one.page.get_by_role("button", name="Edit fields")).to_have_count(0)
