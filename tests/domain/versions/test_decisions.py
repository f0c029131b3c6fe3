"""Registering, finalising, describing, expiring and deleting versions, and what their events record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import (
    BodyTooLargeError,
    ConflictError,
    InvalidInputError,
    InvalidNameError,
    LabelTakenError,
    VersionExpiredError,
    VersionHeldError,
    VersionInUseError,
    VersionLockedError,
    VersionNotFoundError,
    VersionNotReadyError,
)
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange, Put, Remove
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Hold
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.intake import Intake
from chalicelib.domain.versions.manifest import digest
from chalicelib.domain.versions.version import Burial, Description, Label, Status, Version
from tests.domain.build import NOW, WINDOW, changed, file, ready, register, settled, stamp

RETENTION = timedelta(days=30)
FILES = [file("b.pkl", 4), file("a.pkl", 3)]


def registered(model: Model, holder: int | None = None, **given: Any) -> Decision[Registered]:
    intake = given.pop("intake", None)
    return versions.register(model, holder, Description(**given), FILES, "uid7", WINDOW, stamp(), intake)


def deleted(model: Model, version: Version, **given: Any) -> Decision[None]:
    return versions.delete(model, DEFAULT_SCHEME, version, RETENTION, stamp(actor="token:eve"), **given)


def test_registering_gives_the_next_number_to_a_version_whose_upload_is_awaited() -> None:
    made = registered(Model("fraud", last_version=6), label="1.0.0", metrics={"auc": 0.9})
    version = made.result.version
    assert version == Version(
        model="fraud",
        number=7,
        uid="uid7",
        description=Description(label="1.0.0", metrics={"auc": 0.9}),
        status=Status.PENDING,
        stage="development",
        digest=digest(FILES),
        file_count=2,
        total_size=7,
        created_at=NOW,
        created_by="token:ada",
        upload_expires_at=later(NOW, WINDOW),
    )
    ordered = (FILES[1], FILES[0])
    assert made.result.files == ordered
    assert made.changes == (Put(version), Put(Manifest(7, ordered)), Put(Label("1.0.0", 7)))
    assert made.state.last_version == 7 and made.subject == "7"
    assert made.event == EventDraft(
        "version.created",
        None,
        {
            **version.description.document(),
            "status": "PENDING",
            "stage": "development",
            "label": "1.0.0",
            "digest": version.digest,
            "file_count": 2,
            "total_size": 7,
        },
        version=7,
    )


def test_a_version_without_a_label_claims_none_and_one_to_be_copied_says_so() -> None:
    made = registered(Model("fraud"), intake=Intake.DEFERRED)
    assert not any(isinstance(change, Put) and isinstance(change.record, Label) for change in made.changes)
    assert made.result.version.intake is Intake.DEFERRED
    assert made.event.after is not None and made.event.after["intake"] == "deferred"


def test_a_label_that_another_version_has_is_refused() -> None:
    with pytest.raises(LabelTakenError, match="Version 3 of 'fraud' has the label"):
        registered(Model("fraud"), holder=3, label="1.0.0")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"label": "not a label"}, InvalidNameError),
        ({"description": "x" * 100_001}, InvalidInputError),
        ({"tags": {"": "x"}}, InvalidInputError),
        ({"metadata": {"a": object()}}, InvalidInputError),
        ({"parameters": {"a": {"b": 1}}}, InvalidInputError),
        ({"metrics": {"auc": float("nan")}}, InvalidInputError),
        ({"provenance": {"run": float("nan")}}, InvalidInputError),
        ({"framework": {"name": float("nan")}}, InvalidInputError),
        ({"signature": {"inputs": float("nan")}}, InvalidInputError),
        ({"provenance": {"run": "x" * 300_000}}, BodyTooLargeError),
    ],
)
def test_a_description_out_of_its_bounds_is_refused(given: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        registered(Model("fraud"), **given)


def test_a_description_is_kept_as_it_was_given() -> None:
    given = Description(
        label="1.0.0",
        description="text",
        tags={"a": "b"},
        metadata={"c": 1},
        parameters={"d": 2},
        metrics={"e": 3.0},
        provenance={"run": {"id": "r"}},
        framework={"name": "sklearn"},
        signature={"inputs": []},
    )
    assert versions.checked_description(given) == given


def test_finalising_pins_the_files_and_makes_the_version_ready() -> None:
    model, pending = register(Model("fraud"), metrics={"auc": 0.9})
    pinned = (file().pinned("s3-1"),)
    late = stamp(time=later(NOW, timedelta(hours=1)))
    made = changed(versions.finalise(model, pending, pinned, late))
    assert made.result == replace(pending, status=Status.READY, ready_at=late.time)
    assert made.changes == (Put(made.result), Put(Manifest(1, pinned)))
    assert made.subject == "1"
    assert made.event == EventDraft(
        "version.ready",
        {"status": Status.PENDING},
        {"status": Status.READY, "uid": pending.uid, "digest": pending.digest, "metrics": {"auc": 0.9}},
        version=1,
    )
    assert versions.finalise(model, made.result, (), stamp()) == NoChange(made.result, "1")


def test_only_a_version_that_awaits_uploads_is_finalised() -> None:
    model, pending = register(Model("fraud"))
    with pytest.raises(VersionExpiredError, match="was not finished by"):
        versions.finalise(model, replace(pending, status=Status.EXPIRED), (), stamp())
    with pytest.raises(ConflictError, match="takes no uploads"):
        versions.finalise(model, replace(pending, intake=Intake.DEFERRED), (), stamp())


def test_annotating_records_only_what_changed() -> None:
    model, version = ready(Model("fraud"), description="old", tags={"a": "b"}, label="1.0.0")
    made = changed(versions.annotate(model, version, "new", {"a": "b"}))
    assert made.result == replace(version, description=replace(version.description, description="new"))
    assert made.changes == (Put(made.result),) and made.subject == "1"
    assert made.event == EventDraft("version.updated", {"description": "old"}, {"description": "new"}, version=1)
    tagged = changed(versions.annotate(model, version, None, {}))
    assert tagged.event == EventDraft("version.updated", {"tags": {"a": "b"}}, {"tags": {}}, version=1)
    assert tagged.result.description.description == "old"
    assert versions.annotate(model, version, None, None) == NoChange(version)
    assert versions.annotate(model, version, "old", {"a": "b"}) == NoChange(version)


def test_annotating_checks_what_it_is_given_and_leaves_a_locked_version() -> None:
    model, version = ready(Model("fraud"))
    with pytest.raises(InvalidInputError):
        versions.annotate(model, version, "x" * 100_001, None)
    with pytest.raises(VersionLockedError):
        versions.annotate(replace(model, locked=(1,)), version, "new", None)


def test_a_deleted_version_says_by_whom_why_and_until_when_it_can_be_restored() -> None:
    model, version = ready(Model("fraud"), label="1.0.0")
    made = deleted(model, version, trigger=Trigger.RULE, reason="old")
    buried = replace(version, status=Status.DELETED, burial=Burial(NOW, "token:eve", "old", later(NOW, RETENTION)))
    assert made.changes == (Put(buried),) and made.result is None
    assert made.event == EventDraft(
        "version.deleted",
        {"status": "READY", "stage": "development", "label": "1.0.0"},
        None,
        version=1,
        trigger=Trigger.RULE,
        reason="old",
    )
    assert deleted(model, version).event.trigger is Trigger.REQUEST


def test_the_label_of_a_version_that_was_ready_stays_taken_after_its_deletion() -> None:
    model, version = ready(Model("fraud"), label="1.0.0")
    assert not any(isinstance(change, Remove) for change in deleted(model, version).changes)


def test_the_label_of_a_version_that_was_never_ready_is_free_after_its_deletion() -> None:
    model, pending = register(Model("fraud"), label="1.0.0")
    assert deleted(model, pending).changes[1:] == (Remove(Label("1.0.0", 1)),)
    model, unlabelled = register(Model("fraud"))
    assert len(deleted(model, unlabelled).changes) == 1


@pytest.mark.parametrize(
    ("model_fields", "version_fields", "refusal", "reason"),
    [
        ({"locked": (1,)}, {}, VersionLockedError, "is locked"),
        ({}, {"legal_hold": Hold("case 7", "token:ada", NOW)}, VersionHeldError, f"since {NOW}: case 7"),
        ({"aliases": {"champion": Pointer(1)}}, {}, VersionInUseError, "held by the alias 'champion'"),
        ({}, {"stage": "staging"}, VersionInUseError, "stands in staging; move it to archived first"),
        ({"open_requests": {4: (1, "staging")}}, {}, VersionInUseError, "Transition request 4 asks for version 1"),
    ],
)
def test_a_version_that_something_holds_is_not_deleted(
    model_fields: dict[str, Any], version_fields: dict[str, Any], refusal: type[Exception], reason: str
) -> None:
    model, version = ready(Model("fraud"))
    with pytest.raises(refusal, match=reason):
        deleted(replace(model, **model_fields), replace(version, **version_fields))


def test_no_pointer_leads_to_a_deleted_version_nor_back_to_it() -> None:
    model, version = ready(Model("fraud"))
    pointers = {
        "aliases": {"champion": Pointer(2, (1,)), "former": Pointer(None, (1,))},
        "stages": {
            "production": Pointer(None, (3, 1)),
            "archived": Pointer(1, (4, 5)),
            "development": Pointer(1),
            "former": Pointer(1, (2,)),
        },
    }
    state = deleted(replace(model, **pointers), replace(version, stage="archived")).state
    assert state.aliases == {"champion": Pointer(2)}
    assert state.stages == {
        # Nobody returns to an exclusive stage because another version was deleted.
        "production": Pointer(None, (3,)),
        "archived": Pointer(5, (4,)),
        "former": Pointer(2),
    }


def test_deleting_the_holder_of_an_exclusive_stage_leaves_the_stage_empty() -> None:
    by = replace(
        DEFAULT_SCHEME,
        stages={
            name: replace(stage, holding=False) if name == "production" else stage
            for name, stage in DEFAULT_SCHEME.stages.items()
        },
    )
    model, version = ready(Model("fraud"))
    standing = replace(model, stages={"production": Pointer(1, (2,))})
    made = versions.delete(standing, by, replace(version, stage="production"), RETENTION, stamp())
    assert made.state.stages == {"production": Pointer(None, (2,))}


@pytest.mark.parametrize(("milliseconds", "ended"), [(-1, False), (0, True), (1, True)])
def test_an_upload_expires_at_the_very_instant(milliseconds: int, ended: bool) -> None:
    model, pending = register(Model("fraud"))
    at = stamp(time=later(pending.upload_expires_at, timedelta(milliseconds=milliseconds)))
    outcome = versions.expire(model, DEFAULT_SCHEME, pending, at)
    assert isinstance(outcome, Decision) == ended
    assert outcome.result is ended


def test_an_expired_version_is_buried_at_once_by_the_keeper() -> None:
    model, pending = register(Model("fraud"))
    at = stamp(time=pending.upload_expires_at, actor="keeper")
    made = changed(versions.expire(model, DEFAULT_SCHEME, pending, at))
    assert made.changes == (
        Put(replace(pending, status=Status.EXPIRED, burial=Burial(at.time, "keeper", None, at.time))),
    )
    assert made.event == EventDraft(
        "version.expired",
        {"status": Status.PENDING},
        {"status": Status.EXPIRED},
        version=1,
        trigger=Trigger.KEEPER,
    )


def test_a_copy_that_was_not_finished_in_time_has_failed() -> None:
    model, pending = register(Model("fraud"))
    copied = replace(pending, intake=Intake.DEFERRED)
    made = changed(versions.expire(model, DEFAULT_SCHEME, copied, stamp(time=pending.upload_expires_at)))
    (change,) = made.changes
    assert isinstance(change, Put) and isinstance(change.record, Version)
    assert change.record.intake is Intake.FAILED
    assert made.event.reason == f"Its files were not copied by {pending.upload_expires_at}."


def test_a_ready_version_never_expires() -> None:
    model, version = ready(Model("fraud"))
    at = stamp(time=later(version.upload_expires_at, timedelta(days=1)))
    assert versions.expire(model, DEFAULT_SCHEME, version, at) == NoChange(False)


def test_a_buried_version_is_not_there_and_a_pending_one_is_not_ready() -> None:
    _, pending = register(Model("fraud"))
    _, version = ready(Model("fraud"))
    assert versions.existing("fraud", 1, pending) == pending
    assert versions.existing("fraud", 1, version) == versions.ready(version) == version
    for status in (Status.EXPIRED, Status.DELETED, Status.PURGING, Status.PURGED):
        with pytest.raises(VersionNotFoundError, match="no version 1"):
            versions.existing("fraud", 1, replace(version, status=status))
    with pytest.raises(VersionNotFoundError):
        versions.existing("fraud", 1, None)
    with pytest.raises(VersionNotReadyError, match="is PENDING"):
        versions.ready(pending)


def test_a_commit_revises_a_version_when_it_moves_or_its_text_changes() -> None:
    model, version = ready(Model("fraud"))
    hour = later(NOW, timedelta(hours=1))
    at = stamp(time=hour, revision=9)
    tagged = version.stamped(version, at)
    assert (tagged.stage_since, tagged.updated_at, tagged.revised_at, tagged.revision) == (NOW, hour, NOW, 9)
    moved = replace(version, stage="staging").stamped(version, at)
    assert (moved.stage_since, moved.revised_at) == (hour, hour)
    described = replace(version, description=Description(description="new")).stamped(version, at)
    assert (described.stage_since, described.revised_at) == (NOW, hour)
    new = version.stamped(None, at)
    assert (new.stage_since, new.revised_at) == (hour, hour)
    assert settled(changed(versions.annotate(model, version, "x", None)), version).after.versions == model.versions
