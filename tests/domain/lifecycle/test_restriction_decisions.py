"""Freezing models, locking and holding versions, and what the events record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import LimitExceededError, VersionGoneError, VersionNotReadyError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import NoChange, Put
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.lifecycle import restriction_decisions as restrictions
from chalicelib.domain.lifecycle.restriction_decisions import MAX_LOCKED
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Freeze, Hold, Lock
from chalicelib.domain.versions.version import Burial, Status
from tests.domain.build import NOW, changed, ready, register, stamp

SHOWN = {"reason": "incident", "by": "token:ada", "at": NOW}


def test_a_freeze_says_why_by_whom_and_since_when() -> None:
    made = changed(restrictions.freeze(Model("fraud"), "incident", stamp()))
    assert made.result == made.state.frozen == Freeze("incident", "token:ada", NOW)
    assert made.event == EventDraft("model.frozen", {"frozen": None}, {"frozen": SHOWN}, reason="incident")
    assert restrictions.freeze(made.state, "incident", stamp()) == NoChange(made.result)
    again = changed(restrictions.freeze(made.state, "audit", stamp(actor="token:eve")))
    assert again.result == Freeze("audit", "token:eve", NOW)
    assert again.event.before == {"frozen": SHOWN}


def test_lifting_a_freeze_is_recorded_once() -> None:
    frozen = Model("fraud", frozen=Freeze("incident", "token:ada", NOW))
    made = changed(restrictions.unfreeze(frozen))
    assert made.state.frozen is None
    assert made.event == EventDraft("model.unfrozen", {"frozen": SHOWN}, {"frozen": None})
    assert restrictions.unfreeze(made.state) == NoChange(None)


def test_a_lock_is_on_the_version_and_in_the_model() -> None:
    model, version = ready(Model("fraud"))
    made = changed(restrictions.lock(replace(model, locked=(7,)), version, "incident", stamp()))
    locked = Lock("incident", "token:ada", NOW)
    assert made.result == locked and made.subject == "1"
    assert made.state.locked == (1, 7)
    assert made.changes == (Put(replace(version, lock=locked)),)
    assert made.event == EventDraft("version.locked", {"lock": None}, {"lock": SHOWN}, version=1, reason="incident")


def test_locking_again_only_changes_the_reason() -> None:
    model, version = ready(Model("fraud"))
    locked = replace(version, lock=Lock("incident", "token:ada", NOW))
    full = replace(model, locked=tuple(range(1, MAX_LOCKED + 1)))
    assert restrictions.lock(full, locked, "incident", stamp()) == NoChange(locked.lock)
    again = changed(restrictions.lock(full, locked, "audit", stamp()))
    assert again.result.reason == "audit" and again.state.locked == full.locked
    assert again.event.before == {"lock": SHOWN}


def test_at_most_a_hundred_ready_versions_are_locked() -> None:
    model, version = ready(Model("fraud"))
    almost = replace(model, locked=tuple(range(2, MAX_LOCKED + 1)))
    assert len(changed(restrictions.lock(almost, version, "x", stamp())).state.locked) == MAX_LOCKED == 100
    with pytest.raises(LimitExceededError, match="100 locked versions already"):
        restrictions.lock(replace(model, locked=tuple(range(2, MAX_LOCKED + 2))), version, "x", stamp())
    _, pending = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        restrictions.lock(model, pending, "x", stamp())


def test_unlocking_leaves_the_locks_of_the_other_versions() -> None:
    model, version = ready(Model("fraud"))
    locked = replace(version, lock=Lock("incident", "token:ada", NOW))
    made = changed(restrictions.unlock(replace(model, locked=(1, 7)), locked))
    assert made.state.locked == (7,) and made.result is None
    assert made.changes == (Put(version),)
    assert made.event == EventDraft("version.unlocked", {"lock": SHOWN}, {"lock": None}, version=1)
    assert restrictions.unlock(model, version) == NoChange(None)


def test_a_legal_hold_is_placed_and_released() -> None:
    model, version = ready(Model("fraud"))
    made = changed(restrictions.hold(model, version, "incident", stamp()))
    held = replace(version, legal_hold=Hold("incident", "token:ada", NOW))
    assert made.result == held.legal_hold and made.changes == (Put(held),) and made.subject == "1"
    assert made.event == EventDraft(
        "version.held",
        {"legal_hold": None},
        {"legal_hold": SHOWN, "status": Status.READY, "digest": version.digest},
        version=1,
        reason="incident",
    )
    assert restrictions.hold(model, held, "incident", stamp()) == NoChange(held.legal_hold)
    assert changed(restrictions.hold(model, held, "audit", stamp())).event.before == {"legal_hold": SHOWN}
    lifted = changed(restrictions.release(model, held))
    assert lifted.changes == (Put(version),) and lifted.result is None and lifted.state == model
    assert lifted.event == EventDraft(
        "version.released", {"legal_hold": SHOWN}, {"legal_hold": None, "status": Status.READY}, version=1
    )
    assert restrictions.release(model, version) == NoChange(None)


def test_a_version_is_held_as_long_as_its_verified_bytes_are_there() -> None:
    model, version = ready(Model("fraud"))
    buried = replace(
        version, status=Status.DELETED, burial=Burial(NOW, "token:ada", None, later(NOW, timedelta(days=30)))
    )
    assert changed(restrictions.hold(model, buried, "case 7", stamp())).result.reason == "case 7"
    for gone in (
        replace(buried, status=Status.PURGING),
        replace(buried, status=Status.PURGED),
        replace(buried, status=Status.EXPIRED),
        replace(buried, ready_at=None),
    ):
        with pytest.raises(VersionGoneError, match="nothing left to keep"):
            restrictions.hold(model, gone, "case 7", stamp())
    _, pending = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        restrictions.hold(model, pending, "case 7", stamp())
