"""Registering, finalising, describing, expiring and deleting versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain import documents, names
from chalicelib.domain.access.principal import person_of
from chalicelib.domain.errors import (
    ConflictError,
    LabelTakenError,
    VersionExpiredError,
    VersionHeldError,
    VersionInUseError,
    VersionNotFoundError,
    VersionNotReadyError,
)
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.limits import Limits
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer, without_version
from chalicelib.domain.scanning.scan_state import Scan, ScanState
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.intake import Intake
from chalicelib.domain.versions.manifest import File, digest, manifest
from chalicelib.domain.versions.version import Burial, Description, Label, Status, Version


@dataclass(frozen=True, slots=True)
class Registered:
    """A new version with its files."""

    version: Version
    files: tuple[File, ...]


def checked_description(given: Description) -> Description:
    """The description, once every field is within its bounds. The same content always passes or always fails."""
    if given.label is not None:
        names.label(given.label)
    checked = replace(
        given,
        description=documents.description(given.description),
        tags=documents.tags(given.tags),
        metadata=documents.metadata(given.metadata),
        parameters=documents.parameters(given.parameters),
        metrics=documents.metrics(given.metrics),
    )
    documents.short_text(given.task, "/task", documents.MAX_SHORT_TEXT)
    documents.free_json(given.provenance, "/provenance")
    documents.free_json(given.framework, "/framework")
    documents.free_json(given.signature, "/signature")
    documents.check_size(checked.document(), "version's description")
    return checked


def register(
    model: Model,
    label_holder: int | None,
    description: Description,
    files: Sequence[File],
    uid: str,
    upload_window: timedelta,
    stamp: Stamp,
    intake: Intake | None = None,
    authors: Iterable[str] = (),
    limits: Limits | None = None,
) -> Decision[Registered]:
    """Give the next number to a new version, PENDING until its files are verified.

    ``label_holder`` is the version that has the label already; ``uid`` is fresh and names the version's place in
    the bucket, so that a lost race can take another number without any URL changing. With ``intake`` the files are
    not known yet: the registry copies them itself. ``authors`` made what it copies. ``limits`` bound the versions that
    wait for their files; None if this one does not.
    """
    checked = checked_description(description)
    ordered = manifest(files)
    if limits is not None:
        sizes = [file.size for file in ordered if file.uri is None]
        limits.check_pending(model.name, model.pending_versions, model.pending_size, sizes)
    if label_holder is not None:
        raise LabelTakenError(
            f"Version {label_holder} of {model.name!r} has the label {checked.label!r}; a label names one version."
        )
    number = model.last_version + 1
    version = Version(
        model=model.name,
        number=number,
        uid=uid,
        description=checked,
        status=Status.PENDING,
        stage=model.scheme.initial,
        digest=digest(ordered),
        file_count=len(ordered),
        total_size=sum(file.size for file in ordered),
        created_at=stamp.time,
        created_by=stamp.actor,
        upload_expires_at=later(stamp.time, upload_window),
        intake=intake,
        authors=_others([*authors, stamp.person], stamp.actor),
    )
    labels = () if checked.label is None else (Put(Label(checked.label, number)),)
    after = {
        **checked.document(),
        **_standing(version),
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
    }
    if intake is not None:
        after["intake"] = intake.value
    if version.authors:
        after["authors"] = list(version.authors)
    return decided(
        version,
        replace(model, last_version=number),
        EventDraft(event_types.VERSION_CREATED, None, after, version=number),
        Put(version),
        Put(Manifest(number, ordered)),
        *labels,
        subject=str(number),
    ).map(lambda saved: Registered(saved, ordered))


def _others(authors: Iterable[str], actor: str) -> tuple[str, ...]:
    """The persons among ``authors``, each once, without the one whom ``actor`` names."""
    by_person = {person_of(author): author for author in authors if author}
    return tuple(author for person, author in by_person.items() if person != person_of(actor))


def finalise(
    model: Model, version: Version, pinned: tuple[File, ...], stamp: Stamp, scanning: bool = False
) -> Outcome[Version]:
    """Make a version READY whose files are all proven and pinned. A READY version stays as it is.

    With ``scanning`` it is in quarantine until it is scanned, and allowed by its model's scheme.
    """
    if version.status is Status.READY:
        return NoChange(version, str(version.number))
    if version.status is not Status.PENDING:
        raise expired(version)
    if version.intake is not None:
        raise ConflictError(
            f"Version {version.number} of {model.name!r} takes no uploads: the registry copies its files from where "
            "they were logged, and makes it READY itself."
        )
    ready = made_ready(version, stamp, scanning)
    return decided(
        ready,
        model,
        EventDraft(
            event_types.VERSION_READY,
            {"status": Status.PENDING},
            {
                "status": Status.READY,
                "uid": ready.uid,
                "digest": ready.digest,
                "metrics": dict(ready.description.metrics),
            },
            version=ready.number,
        ),
        Put(ready),
        Put(Manifest(ready.number, pinned)),
        subject=str(ready.number),
    )


def made_ready(version: Version, stamp: Stamp, scanning: bool) -> Version:
    """The version as READY; with ``scanning``, with its first scan asked for."""
    scan = Scan(ScanState.PENDING, stamp.time) if scanning else None
    return replace(version, status=Status.READY, ready_at=stamp.time, scan=scan)


def annotate(
    model: Model, version: Version, description: str | None, tags: Mapping[str, str] | None
) -> Outcome[Version]:
    """Change the description text or the tags of a version; None leaves one as it is."""
    check_not_locked(model, version.number)
    old = version.description
    new = checked_description(
        replace(
            old,
            description=old.description if description is None else description,
            tags=old.tags if tags is None else tags,
        )
    )
    before, after = old.document(), new.document()
    changed = [field for field in ("description", "tags") if before[field] != after[field]]
    if not changed:
        return NoChange(version)
    annotated = replace(version, description=new)
    return decided(
        annotated,
        model,
        EventDraft(
            event_types.VERSION_UPDATED,
            {field: before[field] for field in changed},
            {field: after[field] for field in changed},
            version=version.number,
        ),
        Put(annotated),
        subject=str(version.number),
    )


def delete(
    model: Model,
    scheme: Scheme,
    version: Version,
    retention: timedelta,
    stamp: Stamp,
    trigger: Trigger = Trigger.REQUEST,
    reason: str | None = None,
) -> Decision[None]:
    """Delete a version that no alias, stage, request, target or legal hold holds.

    It can be restored for ``retention``.
    """
    check_not_locked(model, version.number)
    if version.legal_hold is not None:
        raise VersionHeldError(
            f"Version {version.number} of {model.name!r} is under legal hold since {version.legal_hold.at}: "
            f"{version.legal_hold.reason}. It cannot be deleted before it is released."
        )
    aliases = model.aliases_of(version.number)
    if aliases:
        raise VersionInUseError(
            f"Version {version.number} of {model.name!r} is held by the alias {aliases[0]!r}; move or delete it first."
        )
    if scheme.stage(version.stage).holding:
        raise VersionInUseError(
            f"Version {version.number} of {model.name!r} stands in {version.stage}; move it to {scheme.archive} first."
        )
    waiting = model.requests_of(version.number)
    if waiting:
        raise VersionInUseError(
            f"Transition request {waiting[0]} asks for version {version.number} of {model.name!r}; withdraw it first."
        )
    targets = model.needed_by(version.number)
    if targets:
        raise VersionInUseError(
            f"Version {version.number} of {model.name!r} is deployed on the target {targets[0]!r}, or it is what "
            "that would be rolled back to. Deploy other versions there first, or take the model off the target."
        )
    return bury(
        model,
        scheme,
        version,
        Status.DELETED,
        retention,
        EventDraft(
            event_types.VERSION_DELETED,
            _standing(version),
            None,
            version=version.number,
            trigger=trigger,
            reason=reason,
        ),
        stamp,
    )


def expire(model: Model, scheme: Scheme, version: Version, stamp: Stamp) -> Outcome[bool]:
    """End a version whose upload was not finished in time; answers whether it is ended. A READY one stays."""
    if version.status is not Status.PENDING or stamp.time < version.upload_expires_at:
        return NoChange(False)
    reason = None if version.intake is None else f"Its files were not copied by {version.upload_expires_at}."
    return end_pending(model, scheme, version, timedelta(0), Trigger.KEEPER, reason, stamp)


def end_pending(
    model: Model,
    scheme: Scheme,
    version: Version,
    retention: timedelta,
    trigger: Trigger,
    reason: str | None,
    stamp: Stamp,
) -> Decision[bool]:
    """Bury a PENDING version as EXPIRED. If it was to be given copies of files, that has failed."""
    draft = EventDraft(
        event_types.VERSION_EXPIRED,
        {"status": Status.PENDING},
        {"status": Status.EXPIRED},
        version=version.number,
        trigger=trigger,
        reason=reason,
    )
    ended = version if version.intake is None else replace(version, intake=Intake.FAILED)
    return bury(model, scheme, ended, Status.EXPIRED, retention, draft, stamp).replaced(True)


def existing(model_name: str, number: int, version: Version | None) -> Version:
    """The version, unless there is none or it is buried. Raises VersionNotFoundError."""
    if version is None or version.status not in (Status.PENDING, Status.READY):
        raise VersionNotFoundError(f"The model {model_name!r} has no version {number}.")
    return version


def ready(version: Version) -> Version:
    """The version, if its files are verified. Raises VersionNotReadyError."""
    if version.status is not Status.READY:
        raise VersionNotReadyError(
            f"Version {version.number} of {version.model!r} is {version.status}; upload its files and finalise it."
        )
    return version


def expired(version: Version) -> VersionExpiredError:
    return VersionExpiredError(
        f"The upload of version {version.number} of {version.model!r} was not finished by "
        f"{version.upload_expires_at}; register a new version."
    )


def bury(
    model: Model,
    scheme: Scheme,
    version: Version,
    status: Status,
    retention: timedelta,
    draft: EventDraft,
    stamp: Stamp,
) -> Decision[None]:
    """Put a version out of sight, its bytes due to go after ``retention``."""
    number = version.number
    buried = replace(
        version,
        status=status,
        burial=Burial(stamp.time, stamp.actor, draft.reason, later(stamp.time, retention)),
    )
    changed = replace(
        model,
        aliases=without_version(model.aliases.items(), number),
        stages=_stages_without(scheme, model.stages, number),
    )
    label = version.description.label
    # The label of a version that was once READY stays taken: it must never come to mean other bytes.
    freed = (Remove(Label(label, number)),) if label is not None and version.ready_at is None else ()
    return decided(None, changed, draft, Put(buried), *freed)


def _stages_without(scheme: Scheme, stages: Mapping[str, Pointer], number: int) -> dict[str, Pointer]:
    """Versions that still stand in a shared stage hold it; of an exclusive stage, no earlier holder returns."""
    known = scheme.stages
    rest = {
        name: at.without(number) if name in known and known[name].exclusive else at.left_by(number)
        for name, at in stages.items()
    }
    return {name: at for name, at in rest.items() if at != Pointer()}


def _standing(version: Version) -> dict[str, object]:
    return {"status": version.status, "stage": version.stage, "label": version.description.label}
