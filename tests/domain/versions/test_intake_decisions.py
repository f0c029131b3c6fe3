"""Versions whose files the registry copies: READY with what it found, or given up."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import NoChange, Put
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions import intake_decisions as intakes
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.intake import COPYING_WINDOW, Intake
from chalicelib.domain.versions.manifest import digest
from chalicelib.domain.versions.version import Burial, Status, Version
from tests.domain.build import NOW, changed, file, ready, register, stamp

FOUND = (file("b.pkl", 4).pinned("v2"), file("a.pkl", 5).pinned("v1"))
ORDERED = (FOUND[1], FOUND[0])


def awaited() -> tuple[Model, Version]:
    model, pending = register(Model("fraud"), metrics={"auc": 0.9})
    return model, replace(pending, intake=Intake.DEFERRED)


def test_a_version_is_ready_with_the_files_that_the_copying_found() -> None:
    model, version = awaited()
    made = changed(intakes.take_in(model, version, (), FOUND, stamp()))
    taken = replace(version, status=Status.READY, ready_at=NOW, digest=digest(FOUND), file_count=2, total_size=9)
    assert made.result == Registered(taken, ORDERED)
    assert made.changes == (Put(taken), Put(Manifest(1, ORDERED))) and made.subject == "1"
    assert made.event == EventDraft(
        "version.ready",
        {"status": Status.PENDING, "digest": version.digest, "file_count": 1, "total_size": 3},
        {
            "status": Status.READY,
            "uid": version.uid,
            "digest": digest(FOUND),
            "file_count": 2,
            "total_size": 9,
            "metrics": {"auc": 0.9},
        },
        version=1,
    )


def test_a_version_that_another_copying_made_ready_keeps_its_files() -> None:
    model, version = ready(Model("fraud"))
    assert intakes.take_in(model, version, ORDERED, (), stamp()) == NoChange(Registered(version, ORDERED), "1")


def test_a_version_that_awaits_uploads_takes_no_copies() -> None:
    model, pending = register(Model("fraud"))
    with pytest.raises(ConflictError, match="given its files by uploads"):
        intakes.take_in(model, pending, (), FOUND, stamp())


def test_a_version_whose_files_cannot_be_had_is_given_up_and_says_why() -> None:
    model, version = awaited()
    made = changed(intakes.give_up(model, DEFAULT_SCHEME, version, "the source is gone", stamp()))
    assert made.result is True
    buried = Burial(NOW, "token:ada", "the source is gone", later(NOW, COPYING_WINDOW))
    assert made.changes == (Put(replace(version, status=Status.EXPIRED, intake=Intake.FAILED, burial=buried)),)
    assert made.event == EventDraft(
        "version.expired",
        {"status": Status.PENDING},
        {"status": Status.EXPIRED},
        version=1,
        trigger=Trigger.RULE,
        reason="the source is gone",
    )


def test_a_version_that_is_ready_is_not_given_up() -> None:
    model, version = ready(Model("fraud"))
    assert intakes.give_up(model, DEFAULT_SCHEME, version, "late", stamp()) == NoChange(False)
