"""Registering a version from what was logged: the registry copies the files, hashes them, and makes it READY.

First the version is PENDING, with the list of the objects to copy, each by its S3 version: whatever happens to what was
logged, the version gets these bytes or none. Then S3 copies them to the version's own place, and they are hashed. Then
one commit makes it READY with the manifest that was found. Each step can be repeated, and finds what was done.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.aws.versions.copier import SourceGoneError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import VersionGoneError, VersionNotFoundError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions import intake_decisions as intakes
from chalicelib.domain.versions.contents import CopyPlan
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.intake import (
    AT_ONCE_WINDOW,
    COPYING_WINDOW,
    Intake,
    SourceFile,
    check_files,
    intake_for,
)
from chalicelib.domain.versions.manifest import File, Proof
from chalicelib.domain.versions.version import Description, Status, Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot, load
from chalicelib.registry.mlflow.tracking import origins
from chalicelib.registry.mlflow.tracking.origins import SourceRequest
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.versions.loaded import loaded_files, loaded_version
from chalicelib.registry.versions.versions import load_registered

RULE: Final = Principal("rule:intake", ())
# Fewer than the client's pool of connections.
_COPIERS: Final = 16


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a version could not be given its files, and is ended."""

    reason: str


def register_from_source(
    services: Services,
    request: Request,
    model: str,
    source: str,
    run_id: str | None,
    logged_model_id: str | None,
    description: str,
    tags: Mapping[str, str],
    run_link: str | None,
    reader: Principal,
    base_url: str = "",
) -> Changed[Registered]:
    """Register a version of what was logged, or of another version's files, or of files elsewhere.

    READY in the answer if there is little to copy; else PENDING, and a function that its event fires copies. ``reader``
    is who must be allowed to read the source, ``base_url`` the registry's public URL, by which it knows its own
    addresses. Raises ModelNotFoundError, InvalidInputError, PermissionDeniedError.
    """
    said = Description(description=description, tags=tags)
    wish = SourceRequest(source, said, run_id or None, logged_model_id or None, run_link or None)
    origin_of_files = origins.find(services, reader, wish, base_url)
    files = origin_of_files.files
    check_files(files)
    intake = intake_for(files)
    window = AT_ONCE_WINDOW if intake is Intake.AT_ONCE else services.settings.upload_window
    uid = services.new_id()

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Registered]:
        current = loaded_model(snapshot, model)
        made = decisions.register(current, None, origin_of_files.description, (), uid, window, stamp, intake)
        version = made.result.version
        return made.with_changes(Put(CopyPlan(version.number, files, version.upload_expires_at)))

    def recall(subject: str) -> Registered:
        return load_registered(services, model, int(subject))

    registered = change_model(services, request, model, decide, recall, model_keys(model))
    version = registered.result.version
    if version.status is Status.READY or version.intake is not Intake.AT_ONCE:
        return registered
    # What was logged may have changed since an earlier attempt; the version gets what it was registered with.
    planned = _planned(services, model, version.number) if registered.replayed else (version, files)
    if planned is None:
        return Changed(load_registered(services, model, version.number), registered.replayed)
    # The key of the request is spent on registering it.
    taken = _take_in(services, replace(request, idempotency=None), *planned)
    if isinstance(taken, Unavailable):
        raise VersionGoneError(f"Version {version.number} of {model!r} has ended: {taken.reason}")
    return Changed(taken, registered.replayed)


def take_in_event(services: Services, event: Mapping[str, Any]) -> str:
    """Copy the files of the version that an event is of; answers what became of it. However often it comes."""
    found = _planned(services, str(event["model"]), int(event["version"]))
    if found is None:
        return "it is not waiting for its files"
    version, sources = found
    # No copy begins that could end after the version has expired and its bytes are purged.
    if services.clock() > later(version.upload_expires_at, -COPYING_WINDOW):
        return "it expires before its files can be copied"
    try:
        taken = _take_in(services, Request(RULE, str(event["id"])), version, sources)
    except VersionNotFoundError:
        return "it was deleted meanwhile"
    return taken.reason if isinstance(taken, Unavailable) else f"{len(taken.files)} files copied"


def _take_in(
    services: Services, request: Request, version: Version, sources: tuple[SourceFile, ...]
) -> Registered | Unavailable:
    """Copy a PENDING version's files and make it READY. Raises VersionNotFoundError for one that is ended meanwhile."""
    try:
        files = _copied(services, version, sources)
    except SourceGoneError as gone:
        unavailable = Unavailable(f"{gone}. Log the model again and register that.")
        _give_up(services, request, version, unavailable.reason)
        return unavailable

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Registered]:
        current = loaded_model(snapshot, version.model)
        pending = loaded_version(snapshot, version.model, version.number)
        known = loaded_files(snapshot, version.number)
        return intakes.take_in(current, pending, known, files, stamp)

    def recall(subject: str) -> Registered:
        return load_registered(services, version.model, int(subject))

    asked = model_keys(version.model, versions=[version.number], manifests=[version.number])
    return change_model(services, request, version.model, decide, recall, asked).result


def _planned(services: Services, model: str, number: int) -> tuple[Version, tuple[SourceFile, ...]] | None:
    """A version that waits for copies, and of what; None for any other, and for one that is gone."""
    snapshot = load(services, model, [keys.version(model, number), keys.intake(model, number)])
    version, plan = snapshot.get(Version, number), snapshot.get(CopyPlan, number)
    if version is None or plan is None or version.status is not Status.PENDING or version.intake is None:
        return None
    return version, plan.files


def _copied(services: Services, version: Version, sources: tuple[SourceFile, ...]) -> tuple[File, ...]:
    if not sources:
        return ()
    # Asked once, and below a prefix: an earlier attempt may have copied some of them.
    copier, there = services.copier, services.bucket.sizes(version.uid)

    def copy(source: SourceFile) -> File:
        if source.uri is not None:
            return File(source.path, source.size, source.sha256 or "", uri=source.uri, verified=Proof.DECLARED)
        key = object_key(version.uid, source.path)
        return copier.copy(source, key, repeated=key in there)

    with ThreadPoolExecutor(_COPIERS) as pool:
        return tuple(pool.map(copy, sources))


def _give_up(services: Services, request: Request, version: Version, reason: str) -> None:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        model, current = snapshot.get(Model), snapshot.get(Version, version.number)
        if model is None or current is None:
            return NoChange(False)
        return intakes.give_up(model, loaded_scheme(snapshot), current, reason, stamp)

    asked = model_keys(version.model, versions=[version.number], scheme=True)
    change_model(services, request, version.model, decide, lambda _: True, asked)
