"""The settings of a model: each of their dialogs changes what it says, in the page and in the registry."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Beats, Client, Grant, NotFoundError, PromotionRule, RetentionRule
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack


@pytest.fixture
def model(stack: Stack) -> str:
    """A model without versions, with a tag that no line can hold."""
    name = stack.fresh_name("settings")
    with Client(stack.url, stack.token) as client:
        client.models.create(name, tags={"note": "Two\nlines"})
    return name


@pytest.fixture
def owner(model: str, holder: Callable[[Grant], Person]) -> Person:
    """Somebody who may do everything with the model, and nothing else."""
    return holder(Grant("admin", model))


def test_an_owner_describes_freezes_and_frees_a_model(stack: Stack, model: str, owner: Person) -> None:
    owner.open(f"/models/{model}/settings")
    profile = owner.press("Change", f"Change {model}")
    profile.get_by_label("Owner").fill("risk")
    profile.get_by_label("Description").fill("Scores *loans*.")
    tags = profile.get_by_label("Tags")
    expect(tags).to_have_accessible_description(re.compile("1 other tag that no line can hold will stay"))
    tags.fill("team = risk\nteam = fraud")
    expect(profile.get_by_text("The tag team is there twice.")).to_be_visible()
    tags.fill("team = risk\nformula = a = b")
    metadata = profile.get_by_label("Metadata")
    metadata.fill("{latency: down")
    expect(metadata).to_have_attribute("aria-invalid", "true")
    expect(profile.get_by_text("It must be a JSON object.")).to_be_visible()
    expect(profile.get_by_role("button", name="Save")).to_have_attribute("aria-disabled", "true")
    assert owner.violations() == []
    metadata.fill('{"metric_directions": {"latency_ms": "down"}}')
    owner.confirm(profile, "Save", f"{model} is saved")
    expect(owner.card("Owner, description and tags")).to_contain_text("Scores loans.")

    freeze = owner.press("Freeze the model", f"Freeze {model}")
    freeze.get_by_label("Reason").fill("An audit is going on.")
    owner.confirm(freeze, f"Freeze {model}", f"{model} is frozen")
    expect(owner.card("Freeze")).to_contain_text("An audit is going on.")
    with Client(stack.url, stack.token) as client:
        saved = client.models.get(model)
        assert (saved.owner, saved.description) == ("risk", "Scores *loans*.")
        assert saved.tags == {"note": "Two\nlines", "team": "risk", "formula": "a = b"}
        assert saved.metadata == {"metric_directions": {"latency_ms": "down"}}
        assert saved.frozen is not None and saved.frozen.reason == "An audit is going on."

        lift = owner.press("Lift the freeze", f"Lift the freeze of {model}")
        owner.confirm(lift, f"Lift the freeze of {model}", f"The freeze of {model} is lifted")
        expect(owner.card("Freeze")).to_contain_text("Not frozen.")
        assert client.models.get(model).frozen is None


def test_an_owner_classifies_the_data_of_a_model(stack: Stack, model: str, owner: Person) -> None:
    card, title = owner.card("Classification of the data"), f"Classify the data of {model}"
    owner.open(f"/models/{model}/settings")
    expect(card).to_contain_text("unclassified: nobody has said how far the data may be known")
    dialog = owner.press("Classify", title)
    expect(dialog.get_by_label("It is about people")).to_have_count(0)
    dialog.get_by_label("Level").select_option("restricted")
    dialog.get_by_label("It is about people").check()
    dialog.get_by_label("Reason").fill("It has names.")
    assert owner.violations() == []
    owner.confirm(dialog, "Save", f"The data of {model} is restricted")
    expect(card).to_contain_text("restricted: few may know it, each by name; it is about people")
    with Client(stack.url, stack.token) as client:
        classified = client.models.get(model)
        assert (classified.classification, classified.personal_data) == ("restricted", True)

        owner.open(f"/models/{model}")
        head = owner.page.locator(".page-title")
        expect(head).to_contain_text("restricted")
        expect(head).to_contain_text("personal data")

        owner.open(f"/models/{model}/settings")
        dialog = owner.press("Classify", title)
        dialog.get_by_label("Level").select_option("unclassified")
        dialog.get_by_label("Reason").fill("It has none.")
        owner.confirm(dialog, "Save", f"The data of {model} is unclassified")
        expect(card).to_contain_text("unclassified: nobody has said how far the data may be known")
        freed = client.models.get(model)
        assert (freed.classification, freed.personal_data) == (None, False)


def test_what_somebody_else_changed_in_the_meantime_is_not_overwritten(stack: Stack, model: str, owner: Person) -> None:
    owner.open(f"/models/{model}/settings")
    profile = owner.press("Change", f"Change {model}")
    profile.get_by_label("Owner").fill("risk")
    with Client(stack.url, stack.token) as client:
        client.models.update(model, description="Theirs.")
        # The page is left for a minute, and reads again when it is come back to.
        with owner.page.expect_response(f"**/v1/models/{model}"):
            owner.page.evaluate("const now = Date.now; Date.now = () => now() + 60_000")
            owner.page.evaluate("dispatchEvent(new Event('visibilitychange'))")
        expect(owner.page.get_by_text("Theirs.")).to_be_visible()
        profile.get_by_role("button", name="Save").click()
        expect(profile.get_by_role("alert")).to_contain_text("Somebody changed this in the meantime")
        assert client.models.get(model).description == "Theirs."


def test_an_owner_chooses_what_judges_the_moves_of_a_model(stack: Stack, model: str, owner: Person) -> None:
    owner.open(f"/models/{model}/settings?tab=promotion")
    scheme = owner.press("Change the scheme", f"Change the scheme of {model}")
    scheme.get_by_label("Scheme").select_option("regulated")
    scheme.get_by_label("Pin to version").fill("1")
    owner.confirm(scheme, f"Change the scheme of {model}", f"{model} has the scheme regulated")
    expect(owner.card("Scheme and risk tier")).to_contain_text("It is pinned")

    tier = owner.press("Change the tier", f"Change the risk tier of {model}")
    tier.get_by_label("Risk tier").select_option("high")
    tier.get_by_label("Reason").fill("It decides on loans.")
    owner.confirm(tier, f"Change the risk tier of {model}", f"The tier of {model} is high")

    rule = owner.press("Set a rule", f"Set the promotion rule of {model}")
    rule.get_by_label("Metric").fill("latency_ms")
    rule.get_by_label("Better is").select_option("lower")
    rule.get_by_label("Moves to").select_option("validation")
    rule.get_by_label("If it").select_option("beats the version in a stage")
    rule.get_by_label("The version in").select_option("production")
    rule.get_by_label("By at least").fill("0.5")
    assert owner.violations() == []
    owner.confirm(rule, f"Set the promotion rule of {model}", "The promotion rule is set")
    expect(owner.card("Promotion rule")).to_contain_text("latency_ms is lower than")

    alias = owner.press("Protect an alias", "Protect an alias")
    alias.get_by_label("Alias").fill("@champion")
    owner.confirm(alias, "Protect an alias", "@champion is protected")
    with Client(stack.url, stack.token) as client:
        assigned = client.schemes.of(model)
        assert (assigned.name, assigned.version, assigned.follows) == ("regulated", 1, False)
        changed = client.models.get(model)
        assert (changed.tier, changed.protected_aliases) == ("high", ("champion",))
        assert changed.promotion_rule == PromotionRule(
            "latency_ms", "validation", higher_is_better=False, beats=Beats("production", 0.5)
        )

        remove = owner.press("Remove the rule", f"Remove the promotion rule of {model}")
        owner.confirm(remove, f"Remove the promotion rule of {model}", "The promotion rule is removed")
        expect(owner.card("Promotion rule")).to_contain_text("None:")
        end = owner.press("End protection of champion", "End the protection of @champion")
        owner.confirm(end, "End the protection of @champion", "@champion is no longer protected")
        freed = client.models.get(model)
        assert (freed.promotion_rule, freed.protected_aliases) == (None, ())


def test_an_owner_restores_a_version_and_deletes_a_model_without_versions(
    stack: Stack, model: str, owner: Person, tmp_path: Path
) -> None:
    Path(tmp_path, "weights.bin").write_bytes(b"weights")
    with Client(stack.url, stack.token) as client:
        client.register(model, tmp_path)
        client.versions.delete(model, 1)
        owner.open(f"/models/{model}/settings?tab=retention")
        restore = owner.press("Restore version 1", f"Restore version 1 of {model}")
        restore.get_by_label("Reason").fill("It was the wrong one.")
        owner.confirm(restore, f"Restore version 1 of {model}", "Version 1 is back")
        expect(owner.card("Deleted versions")).to_contain_text("None")
        assert client.versions.get(model, 1).status == "READY"

        rule = owner.press("Set a rule", f"Set the retention rule of {model}")
        rule.get_by_label("Days in the archive").fill("30")
        rule.get_by_label("How many of the newest").fill("3")
        assert owner.violations() == []
        owner.confirm(rule, f"Set the retention rule of {model}", "The retention rule is set")
        expect(owner.card("What the rule would delete now")).to_contain_text("No version is old enough.")
        assert client.lifecycle.retention(model) == RetentionRule(archived_after_days=30, keep_last=3)
        remove = owner.press("Remove the rule", f"Remove the retention rule of {model}")
        owner.confirm(remove, f"Remove the retention rule of {model}", "The retention rule is removed")
        expect(owner.card("Retention rule")).to_contain_text("None:")
        assert client.models.get(model).retention is None

        delete = owner.page.get_by_role("button", name=f"Delete {model}")
        expect(delete).to_have_attribute("aria-disabled", "true")
        expect(owner.card("Delete the model")).to_contain_text("It has 1 version.")
        client.versions.delete(model, 1)
        owner.open(f"/models/{model}/settings?tab=retention")
        asked = owner.press(f"Delete {model}", f"Delete {model}")
        owner.confirm(asked, f"Delete {model}", f"{model} is deleted")
        expect(owner.page.get_by_role("heading", name="Models", level=1)).to_be_visible()
        with pytest.raises(NotFoundError):
            client.models.get(model)


def test_a_reader_is_told_which_action_each_change_needs(model: str, holder: Callable[[Grant], Person]) -> None:
    one = holder(Grant("viewer", model))
    for tab, needed in (
        ("general", {"Change": "manage", "Classify": "manage", "Freeze the model": "freeze"}),
        (
            "promotion",
            {
                "Change the scheme": "manage_schemes",
                "Change the tier": "manage_schemes",
                "Set a rule": "manage",
                "Protect an alias": "manage",
            },
        ),
        ("retention", {"Set a rule": "manage", f"Delete {model}": "manage"}),
    ):
        one.open(f"/models/{model}/settings?tab={tab}")
        for name, action in needed.items():
            button = one.page.get_by_role("button", name=name, exact=True)
            expect(button).to_have_attribute("aria-disabled", "true")
            expect(button).to_have_accessible_description(f"It needs the action {action}.")
            button.press("Enter")
        expect(one.page.get_by_role("dialog")).to_have_count(0)
