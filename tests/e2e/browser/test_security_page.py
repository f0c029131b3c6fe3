"""The security of a version: quarantine and its release, what is stated of vulnerabilities, and who is trusted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client, Grant
from playwright.sync_api import expect

from tests.e2e.browser.danger import ATTESTATION, FILE, SIGNATURE, Danger, key_pair, set_danger
from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack, eventually


@pytest.fixture(scope="module")
def danger(stack: Stack) -> Danger:
    return set_danger(stack)


@pytest.fixture
def owner(danger: Danger, holder: Callable[[Grant], Person]) -> Person:
    """Somebody who may do everything with the model, and nothing else."""
    return holder(Grant("admin", danger.model))


def test_a_version_in_quarantine_says_what_was_found_is_released_and_put_back(
    stack: Stack, danger: Danger, owner: Person
) -> None:
    page, version = owner.page, f"/models/{danger.model}/versions/1"
    owner.open(f"/models/{danger.model}/versions")
    expect(owner.row("version 1").get_by_text("quarantined: unsafe")).to_be_visible()
    owner.open(version)
    page.get_by_role("link", name="What was found, and what can be done").click()
    scan = owner.card("Scan")
    expect(scan.get_by_text("This version is in quarantine")).to_be_visible()
    expect(scan.get_by_text("posix.system", exact=True)).to_be_visible()

    owner.open(f"{version}/files")
    page.get_by_role("button", name=f"Download {FILE}").click()
    expect(page.get_by_role("alert")).to_contain_text("The version’s page Security has all that was found.")
    page.get_by_role("link", name="What the scan found, and what can be done").click()

    title = "Release version 1 from quarantine"
    release = owner.press("Release from quarantine", title)
    release.get_by_label("Reason").fill("Looked at with the author.")
    button = release.get_by_role("button", name=title, exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    release.get_by_label("I know that loading these files").check()
    assert owner.violations() == []
    owner.confirm(release, title, "Version 1 is released from quarantine")
    expect(scan.get_by_text("This version is released from quarantine")).to_be_visible()
    with Client(stack.url, stack.token) as client:
        shown = client.scans.get(danger.model, 1)
        assert shown.open and shown.scan is not None and shown.scan.release is not None
        assert shown.scan.release.reason == "Looked at with the author."

        back = "Put version 1 back into quarantine"
        owner.confirm(owner.press("Put back into quarantine", back), back, "Version 1 is in quarantine again")
        expect(scan.get_by_text("This version is in quarantine")).to_be_visible()
        assert not client.scans.get(danger.model, 1).open

        before = shown.scan.requested_at
        owner.confirm(owner.press("Scan again", "Scan version 1 again"), "Scan version 1 again", "is being scanned")
        again = eventually(lambda: client.scans.get(danger.model, 1).scan, "the scan")
        assert again.requested_at > before
        # The page asks again by itself until the verdict is there.
        expect(scan.get_by_text("done, asked for")).to_be_visible()


def test_what_is_stated_of_a_vulnerability_lifts_it_until_it_is_taken_back(
    stack: Stack, danger: Danger, owner: Person
) -> None:
    owner.open(f"/models/{danger.model}/versions/1/security")
    card = owner.card("Vulnerabilities")
    expect(card.get_by_text("1 requirement could not be matched")).to_be_visible()
    found = card.get_by_role("table", name="Known vulnerabilities").get_by_role("row").filter(has_text="critical")
    expect(found).to_contain_text("2.0")
    expect(found).to_contain_text("yes")

    title = f"State how it stands to {danger.advisory}"
    dialog = owner.press(f"State how it stands to {danger.advisory}", title)
    expect(dialog.get_by_role("button", name="State it")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Justification").select_option("code_not_reachable")
    dialog.get_by_label("Detail").fill("We never call it.")
    assert owner.violations() == []
    owner.confirm(dialog, "State it", "It is stated how version 1 stands")
    expect(found).to_contain_text("lifted: not affected")
    with Client(stack.url, stack.token) as client:
        (statement,) = client.vulnerabilities.get(danger.model, 1).statements
        assert (statement.status, statement.detail) == ("not_affected", "We never call it.")
        assert statement.expires_at is not None

        taking = f"Take back what is stated of {danger.advisory}"
        owner.confirm(owner.press(taking, taking), "Take it back", "is taken back")
        expect(found).to_contain_text("yes")
        match = owner.press("Match now", "Match version 1 now")
        owner.confirm(match, "Match version 1 now", "Version 1 is matched")
        known = client.vulnerabilities.get(danger.model, 1)
        assert [(one.id, one.lifted) for one in known.vulnerabilities] == [(danger.advisory, False)]


def test_licences_and_what_is_inside_are_shown_saved_and_filled_from_a_document(
    stack: Stack, admin: Person, tmp_path: Path
) -> None:
    model, base, scheme = (stack.fresh_name(kind) for kind in ("licensed", "base", "scheme"))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"weights")
    gate = {"name": "open", "kind": "licenses", "allow": ["MIT"]}
    document = {
        "name": scheme,
        "initial": "development",
        "archive": "archived",
        "stages": [{"name": "development"}, {"name": "production"}, {"name": "archived"}],
        "transitions": [
            {"from": "development", "to": "production", "gates": [gate]},
            {"from": ["development", "production"], "to": "archived"},
        ],
    }
    vendors = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "components": [
            {"type": "machine-learning-model", "name": model, "licenses": [{"license": {"id": "Apache-2.0"}}]},
        ],
    }
    (tmp_path / "vendor.cdx.json").write_text(json.dumps(vendors))
    (tmp_path / "notes.txt").write_text("no document")
    with Client(stack.url, stack.token) as client:
        client.schemes.save(scheme, document)
        client.register(base, folder)
        client.cards.set(base, {}, {"license": "GPL-3.0-only"})
        client.models.create(model)
        client.schemes.assign(model, scheme)
        provenance = {
            "datasets": [{"name": "loans", "version": "2026-10"}],
            "runtime": {"requirements": ["xgboost==3.0.0", "numpy>=2"]},
            "base_models": [{"model": base, "version": 1, "relation": "finetune"}],
        }
        client.register(model, folder, provenance=provenance)

        admin.open(f"/models/{model}/versions/1/security")
        licences, inside = admin.card("Licences"), admin.card("Bill of materials")
        own = licences.get_by_role("row").filter(has_text="the card of the model")
        expect(own).to_contain_text("It states none")
        expect(licences.get_by_role("row").filter(has_text=f"{base} 1")).to_contain_text("GPL-3.0-only")
        expect(licences).to_contain_text("Needed: licences among MIT")
        expect(inside).to_contain_text("2 libraries, 1 of them without a version")
        expect(inside).to_contain_text("1 dataset: loans 2026-10")

        dialog = admin.press("Import one", "Import a bill of materials")
        dialog.get_by_label("File", exact=True).set_input_files(tmp_path / "notes.txt")
        dialog.get_by_role("button", name="Import it").click()
        expect(dialog.get_by_role("alert")).to_contain_text("This is no bill of materials")
        dialog.get_by_label("File", exact=True).set_input_files(tmp_path / "vendor.cdx.json")
        assert admin.violations() == []
        admin.confirm(dialog, "Import it", "The bill of materials is imported")
        outcome = admin.dialog("The bill of materials is imported")
        expect(outcome).to_contain_text("license")
        outcome.get_by_role("button", name="Close", exact=True).last.click()
        expect(own).to_contain_text("Apache-2.0")
        expect(licences).to_contain_text("Apache-2.0 of the model is not allowed")
        (kept,) = client.evidence_files.list(model, 1)
        read = client.evidence_files.download(model, 1, kept.name, tmp_path / "kept.json")
        assert json.loads(read.read_text()) == vendors

        with admin.page.expect_download() as saving:
            inside.get_by_role("button", name="Save as CycloneDX").click()
        assert saving.value.suggested_filename == f"{model}-1.cdx.json"
        saving.value.save_as(tmp_path / "saved.json")
        assert json.loads((tmp_path / "saved.json").read_text()) == client.bom.export(model, 1)


def test_signatures_count_as_long_as_their_signer_is_trusted(
    stack: Stack, danger: Danger, admin: Person, tmp_path: Path
) -> None:
    security = f"/models/{danger.model}/versions/1/security"
    admin.open(security)
    signature = admin.card("Signatures of the files").get_by_role("row").filter(has_text=SIGNATURE)
    expect(signature).to_contain_text(f"signed by {danger.signer}")
    expect(admin.card("Attestations").get_by_role("row").filter(has_text=ATTESTATION)).to_contain_text("not verified")
    with admin.page.expect_download() as saving:
        admin.page.get_by_role("button", name=f"Download the signature {SIGNATURE}").click()
    saving.value.save_as(tmp_path / "model.sig")
    with Client(stack.url, stack.token) as client:
        assert (
            json.loads((tmp_path / "model.sig").read_text()) == client.signatures.get(danger.model, 1, "build").bundle
        )

        admin.open("/access/signers")
        name, (_, public) = stack.fresh_name("signer"), key_pair()
        form = admin.press("Trust a signer", "Trust a signer")
        form.get_by_label("Name").fill(name)
        form.get_by_label("Public key").fill("not a key")
        form.get_by_role("button", name="Save the signer").click()
        expect(form.get_by_role("alert")).to_be_visible()
        form.get_by_label("Public key").fill(public)
        assert admin.violations() == []
        admin.confirm(form, "Save the signer", f"The signer {name} is saved")
        change = admin.press(f"Change {name}", f"Change the signer {name}")
        change.get_by_label("Description").fill("Builds in CI.")
        admin.confirm(change, "Save the signer", f"The signer {name} is saved")
        expect(admin.card(name)).to_contain_text("Builds in CI.")
        assert client.signers.get(name).public_key == public

        for one in (name, danger.signer):
            asked = admin.press(f"Delete {one}", f"Delete the signer {one}")
            admin.confirm(asked, f"Delete the signer {one}", f"The signer {one} is deleted")
        assert {name, danger.signer}.isdisjoint({signer.name for signer in client.signers.list()})
    admin.open(security)
    expect(signature).to_contain_text("not verified")


def test_a_reader_is_told_which_action_each_change_needs(danger: Danger, holder: Callable[[Grant], Person]) -> None:
    one = holder(Grant("viewer", danger.model))
    one.open(f"/models/{danger.model}/versions/1/security")
    for name, action in {
        "Scan again": "register",
        "Release from quarantine": "override",
        "Match now": "report",
        "Import one": "annotate",
    }.items():
        button = one.page.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description(f"It needs the action {action} on this model.")
