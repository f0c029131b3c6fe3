"""Restoring deleted versions, and removing the bytes of those that stay deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import VersionGoneError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import NoChange, Put
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Hold
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions import burial_decisions as burials
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Burial, PurgeReceipt, Status, Version
from tests.domain.build import NOW, changed, ready, register, settled, stamp

RETENTION = timedelta(days=30)
DUE = later(NOW, RETENTION)
RECEIPT = PurgeReceipt(DUE, 2, 3, "d")


def deleted(stage: str = "development") -> tuple[Model, Version]:
    """A model and its version that was deleted while it stood in ``stage``."""
    model, version = ready(Model("fraud"))
    made = versions.delete(model, DEFAULT_SCHEME, version, RETENTION, stamp())
    settlement = settled(made, version, before=model)
    return settlement.after, replace(settlement.present(Version, 1), stage=stage)


@pytest.mark.parametrize(
    ("stood", "returns_to"),
    [
        ("development", "development"),
        ("archived", "archived"),
        # Nothing enters a stage that holds without being judged.
        ("staging", "development"),
        ("production", "development"),
        ("former", "development"),
    ],
)
def test_a_version_is_restored_to_its_stage_unless_that_holds_or_is_gone(stood: str, returns_to: str) -> None:
    model, version = deleted(stood)
    at = stamp(time=later(NOW, timedelta(days=1)))
    present = replace(model, stages={returns_to: Pointer(2), "production": Pointer(2)})
    made = burials.restore(present, DEFAULT_SCHEME, version, "needed", at)
    restored = replace(version, status=Status.READY, stage=returns_to, burial=None, restored_at=at.time)
    assert made.result == restored and made.changes == (Put(restored),) and made.subject == "1"
    assert made.state.stages == {returns_to: Pointer(1, (2,)), "production": Pointer(2)}
    assert made.event == EventDraft(
        "version.restored",
        {"status": Status.DELETED},
        {"status": Status.READY, "stage": returns_to, "digest": version.digest},
        version=1,
        reason="needed",
    )


def test_a_version_restored_to_a_stage_that_nobody_stands_in_is_there_alone() -> None:
    model, version = deleted()
    assert burials.restore(model, DEFAULT_SCHEME, version, None, stamp()).state.stages == {"development": Pointer(1)}


@pytest.mark.parametrize("status", [Status.PENDING, Status.READY, Status.EXPIRED, Status.PURGING, Status.PURGED])
def test_only_a_deleted_version_is_restored(status: Status) -> None:
    model, version = deleted()
    with pytest.raises(VersionGoneError, match=f"is {status}; only a deleted version"):
        burials.restore(model, DEFAULT_SCHEME, replace(version, status=status), None, stamp())


def test_a_version_that_was_never_ready_is_not_restored() -> None:
    model, pending = register(Model("fraud"))
    made = versions.delete(model, DEFAULT_SCHEME, pending, RETENTION, stamp())
    gone = settled(made, pending, before=model).present(Version, 1)
    with pytest.raises(VersionGoneError, match="is DELETED and was never READY"):
        burials.restore(model, DEFAULT_SCHEME, gone, None, stamp())


@pytest.mark.parametrize(
    ("time", "may"),
    [(later(DUE, -timedelta(milliseconds=1)), False), (DUE, True), (later(DUE, timedelta(days=1)), True)],
)
def test_the_bytes_of_a_deleted_version_may_go_from_the_very_instant_on(time: Instant, may: bool) -> None:
    model, version = deleted()
    outcome = burials.start_purge(model, version, stamp(time=time))
    assert outcome.result is may
    assert isinstance(outcome, NoChange) == (not may)


def test_that_bytes_are_about_to_go_is_recorded_as_the_keepers_doing() -> None:
    model, version = deleted()
    made = changed(burials.start_purge(model, version, stamp(time=DUE)))
    assert made.changes == (Put(replace(version, status=Status.PURGING)),)
    assert made.event == EventDraft(
        "version.purge_started",
        {"status": Status.DELETED},
        {"status": Status.PURGING},
        version=1,
        trigger=Trigger.KEEPER,
    )


def test_bytes_under_legal_hold_stay() -> None:
    model, version = deleted()
    held = replace(version, legal_hold=Hold("case 7", "token:ada", NOW))
    assert burials.start_purge(model, held, stamp(time=DUE)) == NoChange(False)


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (Status.PENDING, False),
        (Status.READY, False),
        (Status.EXPIRED, True),
        (Status.PURGING, True),
        (Status.PURGED, False),
    ],
)
def test_a_purge_is_not_announced_twice_nor_for_a_version_that_is_not_deleted(status: Status, may: bool) -> None:
    model, version = deleted()
    assert burials.start_purge(model, replace(version, status=status), stamp(time=DUE)) == NoChange(may)
    unburied = replace(version, status=Status.DELETED, burial=None)
    assert burials.start_purge(model, unburied, stamp(time=DUE)) == NoChange(False)


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.PURGING])
def test_the_receipt_of_a_purge_is_kept_and_recorded(status: Status) -> None:
    model, version = deleted()
    purging = replace(version, status=status)
    made = changed(burials.purge(model, purging, RECEIPT))
    assert purging.burial is not None
    purged = replace(purging, status=Status.PURGED, burial=replace(purging.burial, receipt=RECEIPT))
    assert made.changes == (Put(purged),) and made.result is None
    assert made.event == EventDraft(
        "version.purged",
        {"status": status},
        {
            "status": Status.PURGED,
            "receipt": {"verified_at": DUE, "object_versions_deleted": 2, "bytes_deleted": 3, "digest": "d"},
        },
        version=1,
        trigger=Trigger.KEEPER,
    )


@pytest.mark.parametrize("status", [Status.PENDING, Status.READY, Status.DELETED, Status.PURGED])
def test_there_is_no_second_receipt_and_none_for_bytes_that_were_not_to_go(status: Status) -> None:
    model, version = deleted()
    assert burials.purge(model, replace(version, status=status), RECEIPT) == NoChange(None)
    assert burials.purge(model, replace(version, status=Status.PURGING, burial=None), RECEIPT) == NoChange(None)


@pytest.mark.parametrize("receipt", [None, RECEIPT])
def test_a_burial_is_read_back_with_its_receipt(receipt: PurgeReceipt | None) -> None:
    burial = Burial(NOW, "token:ada", "old", DUE, receipt)
    assert Burial.from_document(burial.document()) == burial
    assert Burial.from_document(None) is None
