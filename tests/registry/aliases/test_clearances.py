"""The clearance that an alias carries: one read for a download, rewritten by scans, and refused if it was edited."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.errors import QuarantinedError, RecordEditedError, ScanPendingError
from chalicelib.domain.instants import later
from chalicelib.domain.models.model import MAX_ALIASES
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.aliases import aliases
from chalicelib.registry.aliases.sealing import seal_aliases
from chalicelib.registry.scanning import scans
from chalicelib.registry.versions.downloads import download_file, download_manifest
from tests.registry.build import MODEL, model, ready_with, request
from tests.registry.faults import Calls
from tests.registry.scanning.states import ask, finish, quarantined, stored

KEY = keys.alias(MODEL, "champion")


@pytest.fixture(autouse=True)
def champion(registry: Services) -> None:
    model(registry, MODEL)
    ready_with(registry, ("model.bin", b"good"))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def alias_of(registry: Services, name: str = "champion") -> Item:
    item = registry.table.get(keys.alias(MODEL, name))
    assert item is not None
    return item


def edit(registry: Services, **changed: Any) -> None:
    """Write to the table as somebody with rights on it could. ``None`` removes an attribute."""
    edited = {**alias_of(registry), **changed}
    registry.table.put({name: value for name, value in edited.items() if value is not None})


def downloads(registry: Services) -> None:
    download_manifest(registry, MODEL, "@champion", 10, None)
    download_file(registry, MODEL, "@champion", "model.bin")


def refused(registry: Services, error: type[Exception]) -> None:
    with pytest.raises(error):
        download_manifest(registry, MODEL, "@champion", 10, None)
    with pytest.raises(error):
        download_file(registry, MODEL, "@champion", "model.bin")


def test_an_alias_download_is_one_read_whether_it_is_given_out_or_refused(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    download_manifest(registry, MODEL, "@champion", 10, None)
    assert calls.operations == ["GetItem"]
    quarantined(registry, 1)
    calls.operations.clear()
    with pytest.raises(QuarantinedError):
        download_manifest(registry, MODEL, "@champion", 10, None)
    assert calls.operations == ["GetItem"]


def test_every_alias_of_a_version_follows_its_scan_and_no_other_does(registry: Services) -> None:
    ready_with(registry, ("model.bin", b"other"))
    aliases.set_alias(registry, request(), MODEL, "other", 2, None, None)
    names = [f"a{index}" for index in range(MAX_ALIASES - 2)]
    for name in names:
        aliases.set_alias(registry, request(), MODEL, name, 1, None, None)
    before = alias_of(registry, "other")
    quarantined(registry, 1)
    held = {alias_of(registry, name)["clearance"] for name in [*names, "champion"]}
    assert len(held) == 1 and '"unsafe"' in str(held)
    assert alias_of(registry, "other") == before
    for name in [*names, "champion"]:
        with pytest.raises(QuarantinedError):
            download_manifest(registry, MODEL, f"@{name}", 10, None)


def test_an_alias_takes_the_clearance_of_the_version_to_which_it_moves(registry: Services) -> None:
    ready_with(registry, ("model.bin", b"other"))
    quarantined(registry, 2)
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    refused(registry, QuarantinedError)
    aliases.roll_back_alias(registry, request(), MODEL, "champion", None)
    downloads(registry)


def test_a_release_opens_the_alias_and_ends_without_a_write(registry: Services) -> None:
    quarantined(registry, 1)
    until = later(registry.clock(), timedelta(hours=1))
    scans.release(registry, request(), MODEL, "1", "incident 7", until)
    downloads(registry)
    registry.clock = lambda: until
    refused(registry, QuarantinedError)


def test_a_release_that_ends_between_two_pages_ends_the_download(registry: Services) -> None:
    ready_with(registry, ("a.bin", b"a"), ("b.bin", b"b"))
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    quarantined(registry, 2)
    until = later(registry.clock(), timedelta(hours=1))
    scans.release(registry, request(), MODEL, "2", "incident 7", until)
    page = download_manifest(registry, MODEL, "@champion", 1, None)
    assert page.next_start is not None
    registry.clock = lambda: until
    with pytest.raises(QuarantinedError):
        download_manifest(registry, MODEL, "@champion", 1, page.next_start)


def test_a_pending_first_scan_is_told_apart_from_a_quarantine(registry: Services) -> None:
    quarantined(registry, 1)
    ask(registry)
    refused(registry, ScanPendingError)
    finish(registry, Verdict.CLEAN)
    downloads(registry)


@pytest.mark.parametrize("attribute", ["clearance", "clearance_seal", "cleared"])
def test_an_alias_whose_clearance_was_taken_off_or_replaced_is_refused(registry: Services, attribute: str) -> None:
    quarantined(registry, 1)
    edit(registry, **{attribute: None})
    refused(registry, RecordEditedError)


def test_the_clearance_of_another_alias_or_version_does_not_fit(registry: Services) -> None:
    aliases.set_alias(registry, request(), MODEL, "twin", 1, None, None)
    ready_with(registry, ("model.bin", b"other"))
    aliases.set_alias(registry, request(), MODEL, "other", 2, None, None)
    quarantined(registry, 1)
    for name in ("twin", "other"):
        taken = {part: alias_of(registry, name)[part] for part in ("clearance", "clearance_seal")}
        before = alias_of(registry)
        edit(registry, **taken)
        refused(registry, RecordEditedError)
        registry.table.put(before)
    refused(registry, QuarantinedError)


def test_an_alias_that_an_earlier_release_sealed_follows_scans_and_is_sealed_with_a_clearance(
    registry: Services,
) -> None:
    item = alias_of(registry)
    plain = {name: value for name, value in item.items() if name not in ("cleared", "clearance", "clearance_seal")}
    sealed = ("PK", "SK", "alias", "number", "alias_since", "alias_by", "uid", "digest", "files", "parts", "whole")
    registry.table.put(registry.table.sealer.sealed(plain, sealed))
    downloads(registry)
    quarantined(registry, 1)
    refused(registry, QuarantinedError)
    edit(registry, clearance="null")
    refused(registry, RecordEditedError)
    assert seal_aliases(registry, MODEL, broken=True).count == 1
    refused(registry, QuarantinedError)
    assert stored(registry).clearance is not None and "cleared" in alias_of(registry)
