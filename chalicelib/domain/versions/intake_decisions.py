"""Versions that are given copies of files: READY with the manifest that the copying has found, or given up."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.contents import Copying, Manifest
from chalicelib.domain.versions.decisions import Registered, end_pending, made_ready, register
from chalicelib.domain.versions.intake import COPYING_WINDOW, Intake
from chalicelib.domain.versions.manifest import File, digest, manifest
from chalicelib.domain.versions.version import Description, Status, Version


def register_with_files(
    model: Model,
    description: Description,
    files: tuple[File, ...],
    authors: tuple[str, ...],
    uid: str,
    window: timedelta,
    copying: Copying | None,
    stamp: Stamp,
    scanning: bool = False,
) -> Decision[Registered]:
    """Register a version that has its files already, which ``authors`` made, and make it READY in the same commit.

    ``copying`` is set if files were copied to the version's place, which nobody owned until now. ``scanning`` is as in
    ``finalise``.
    """
    registered = register(model, None, description, (), uid, window, stamp, Intake.AT_ONCE, authors)
    made = _made_ready(registered.state, registered.result.version, files, stamp, scanning).after(registered)
    return made if copying is None else made.with_changes(Remove(copying))


def take_in(
    model: Model,
    version: Version,
    known: tuple[File, ...],
    files: tuple[File, ...],
    stamp: Stamp,
    scanning: bool = False,
) -> Outcome[Registered]:
    """Make a PENDING version READY with these files, which are pinned. ``scanning`` is as in ``finalise``.

    A READY one stays as it is, with the files that are ``known`` of it: others were faster, and pinned their copies.
    """
    if version.status is Status.READY:
        return NoChange(Registered(version, known), str(version.number))
    if version.intake is None:
        raise ConflictError(f"Version {version.number} of {model.name!r} is given its files by uploads.")
    return _made_ready(model, version, files, stamp, scanning)


def give_up(model: Model, scheme: Scheme, version: Version, reason: str, stamp: Stamp) -> Outcome[bool]:
    """End a PENDING version whose files cannot be had, and say why; answers whether it is ended.

    What was copied goes when nobody can be copying any more who began before.
    """
    if version.status is not Status.PENDING:
        return NoChange(False)
    return end_pending(model, scheme, version, COPYING_WINDOW, Trigger.RULE, reason, stamp)


def _made_ready(
    model: Model, version: Version, files: tuple[File, ...], stamp: Stamp, scanning: bool
) -> Decision[Registered]:
    ordered = manifest(files)
    ready = replace(
        made_ready(version, stamp, scanning),
        digest=digest(ordered),
        file_count=len(ordered),
        total_size=sum(file.size for file in ordered),
    )
    return decided(
        ready,
        model,
        EventDraft(
            event_types.VERSION_READY,
            {"status": Status.PENDING, **_content(version)},
            {
                "status": Status.READY,
                "uid": ready.uid,
                **_content(ready),
                "metrics": dict(ready.description.metrics),
            },
            version=ready.number,
        ),
        Put(ready),
        Put(Manifest(ready.number, ordered)),
        subject=str(ready.number),
    ).map(lambda saved: Registered(saved, ordered))


def _content(version: Version) -> dict[str, object]:
    return {"digest": version.digest, "file_count": version.file_count, "total_size": version.total_size}
