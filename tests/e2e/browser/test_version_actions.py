"""Everything else that is done with a version, a request and a comment: each by its dialog, once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client, Grant
from playwright.sync_api import Locator, expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import REVIEWED
from tests.e2e.stack import Stack


@pytest.fixture
def model(stack: Stack, tmp_path: Path) -> str:
    """A model with two versions, whose moves into production are reviewed."""
    name, scheme = stack.fresh_name("actions"), stack.fresh_name("reviewed")
    with Client(stack.url, stack.token) as client:
        client.schemes.save(scheme, {"name": scheme, **REVIEWED})
        client.models.create(name)
        client.schemes.assign(name, scheme)
        for number in (1, 2):
            Path(tmp_path, "weights.bin").write_bytes(bytes([number]) * 512)
            client.register(name, tmp_path)
    return name


@pytest.fixture
def owner(model: str, holder: Callable[[Grant], Person]) -> Person:
    """Somebody who may do everything with the model."""
    return holder(Grant("admin", model))


def test_a_version_is_described_named_challenged_and_moved_against_the_rules(
    stack: Stack, model: str, owner: Person
) -> None:
    owner.open(f"/models/{model}/versions/1")
    edit = _choose(owner, "Edit description and tags", "Description and tags of version 1")
    edit.get_by_label("Description").fill("Trained on *June*.")
    edit.get_by_label("Tags").fill("team=risk")
    assert owner.violations() == []
    owner.confirm(edit, "Save version 1", "Saved version 1")
    later = _choose(owner, "Edit description and tags", "Description and tags of version 1")
    later.get_by_label("Description").fill("Trained on July.")
    later.get_by_role("button", name="Cancel").click()
    with Client(stack.url, stack.token) as client:
        client.versions.update(model, 1, tags={"team": "risk", "seen": "by others"})
    kept = _choose(owner, "Edit description and tags", "Description and tags of version 1")
    expect(kept).to_contain_text("The version has changed since you began to write")
    expect(kept.get_by_label("Description")).to_have_value("Trained on July.")
    kept.get_by_role("button", name="Begin again with what is there now").click()
    expect(kept.get_by_label("Tags")).to_have_value("seen=by others\nteam=risk")
    kept.get_by_label("Tags").fill("team=risk")
    owner.confirm(kept, "Save version 1", "Saved version 1")

    alias = _choose(owner, "Point an alias at it", "Point an alias at version 1")
    alias.get_by_label("Alias").fill("@blue")
    owner.confirm(owner.dialog("Point @blue at version 1"), "Point @blue at version 1", "@blue points at version 1")
    with Client(stack.url, stack.token) as client:
        described = client.versions.get(model, 1)
        assert (described.description, described.tags) == ("Trained on *June*.", {"team": "risk"})
        assert client.aliases.get(model, "blue").version == 1
        owner.confirm(_choose(owner, "Remove @blue", "Remove @blue"), "Remove @blue", "Removed @blue")
        assert client.aliases.list(model) == ()

        challenge = _choose(owner, "Make it the challenger", "Make version 1 the challenger")
        owner.confirm(challenge, "Make version 1 the challenger", "Version 1 is the challenger")
        assert client.aliases.get(model, "challenger").version == 1
        retire = _choose(owner, "Retire it as challenger", "Retire version 1 as challenger")
        owner.confirm(retire, "Retire version 1 as challenger", "Retired version 1 as challenger")
        assert client.aliases.list(model) == ()

        glass = _choose(owner, "Break glass: move it against the rules", "Break glass: move version 1 to staging")
        glass.get_by_label("Reason").fill("It cannot wait.")
        owner.confirm(glass, "Break glass: move version 1 to staging", "Version 1 is in staging, against the rules")
        assert client.versions.get(model, 1).stage == "staging"


def test_a_version_is_locked_held_and_deleted(stack: Stack, model: str, owner: Person) -> None:
    owner.open(f"/models/{model}/versions/2")
    with Client(stack.url, stack.token) as client:
        for choice, title, said, undo, undone in (
            ("Lock", "Lock version 2", "Locked version 2", "Unlock", "Unlock version 2"),
            (
                "Place a legal hold",
                "Place a legal hold on version 2",
                "Version 2 is under legal hold",
                "Release the legal hold",
                "Release the legal hold on version 2",
            ),
        ):
            dialog = _choose(owner, choice, title)
            dialog.get_by_label("Reason").fill("An audit.")
            owner.confirm(dialog, title, said)
            kept = client.versions.get(model, 2)
            placed = kept.locked or kept.legal_hold
            assert placed is not None and placed.reason == "An audit."
            owner.confirm(_choose(owner, undo, undone), undone, "version 2")
            freed = client.versions.get(model, 2)
            assert (freed.locked, freed.legal_hold) == (None, None)
        owner.confirm(_choose(owner, "Delete", "Delete version 2"), "Delete version 2", "Deleted version 2")
        expect(owner.page.get_by_role("heading", name=model, level=1)).to_be_visible()
        assert [version.number for version in client.lifecycle.deleted(model)] == [2]


def test_a_request_is_rejected_and_withdrawn_and_a_comment_changed_and_deleted(
    stack: Stack, model: str, holder: Callable[[Grant], Person]
) -> None:
    with Client(stack.url, stack.token) as client:
        client.requests.open(model, 1, "production", reason="Better.")
        cleo = holder(Grant("maintainer", model))
        cleo.open(f"/models/{model}/requests/1")
        reject = cleo.press("Reject", "Reject request 1")
        reject.get_by_label("Reason").fill("It is biased.")
        cleo.confirm(reject, "Reject request 1", "Rejected request 1")
        expect(cleo.page.get_by_text("It is biased.")).to_be_visible()
        assert [vote.approve for vote in client.requests.get(model, 1).votes] == [False]

        cleo.page.get_by_label("Your comment").fill("See the slice.")
        cleo.page.get_by_role("button", name="Comment", exact=True).click()
        expect(cleo.page.get_by_text("See the slice.")).to_be_visible()
        change = cleo.press("Edit", "Change this comment")
        change.get_by_label("Comment").fill("See the slice us.")
        assert cleo.violations() == []
        cleo.confirm(change, "Change this comment", "Changed the comment")
        expect(cleo.page.get_by_text("See the slice us.")).to_be_visible()
        (comment,) = client.comments.list(model, request=1)
        assert comment.text == "See the slice us."
        cleo.confirm(cleo.press("Delete", "Delete this comment"), "Delete this comment", "Deleted the comment")
        expect(cleo.page.get_by_text("See the slice us.")).to_have_count(0)
        assert client.comments.get(model, comment.id).deleted_at is not None

        withdraw = cleo.press("Withdraw", "Withdraw request 1")
        cleo.confirm(withdraw, "Withdraw request 1", "Withdrew request 1")
        assert client.requests.get(model, 1).state == "withdrawn"


def _choose(owner: Person, choice: str, dialog: str) -> Locator:
    """Choose something from the menu of a version, and return the dialog that it opens."""
    owner.page.get_by_role("button", name="More").click()
    owner.page.get_by_role("menuitem", name=choice, exact=True).click()
    opened = owner.dialog(dialog)
    expect(opened).to_be_visible()
    return opened
