"""Registering a version from files that exist already: the registry copies them, hashes them, and makes it READY.

1. The version is registered as PENDING, with the list of the objects to copy, each by its S3 version. Whatever happens
   to the source afterwards, the version gets these bytes or none.
2. S3 copies the objects under the version's own prefix, and each copy is hashed.
3. One commit makes the version READY, with the manifest of the copies.

Each step can be repeated; it finds what an earlier attempt did.
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
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import (
    change_model,
    change_model_on,
    load,
    loaded_model,
    loaded_scheme,
    model_keys,
)
from chalicelib.registry.versions.files import reading_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import load_registered

RULE: Final = Principal("rule:intake", ())
# Fewer than the connections in the S3 client's pool.
_COPIERS: Final = 16


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why the files could not be copied. The version has ended."""

    reason: str


def register_with_copies(
    services: Services, request: Request, model: str, description: Description, files: tuple[SourceFile, ...]
) -> Changed[Registered]:
    """Register a version that gets copies of ``files``.

    The version is READY in the answer if there is little to copy. Otherwise it is PENDING, and the function ``intake``,
    which the version's event starts, copies the files. Raises ModelNotFoundError, InvalidInputError, VersionGoneError.
    """
    check_files(files)
    intake = intake_for(files)
    window = AT_ONCE_WINDOW if intake is Intake.AT_ONCE else services.settings.upload_window
    uid = services.new_id()

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Registered]:
        current = loaded_model(snapshot, model)
        made = decisions.register(current, None, description, (), uid, window, stamp, intake)
        version = made.result.version
        return made.with_changes(Put(CopyPlan(version.number, files, version.upload_expires_at)))

    def recall(subject: str) -> Registered:
        return load_registered(services, model, int(subject))

    registered = change_model(services, request, model, decide, recall, model_keys(model))
    version = registered.result.version
    if version.status is Status.READY or version.intake is not Intake.AT_ONCE:
        return registered
    # The source may have changed since an earlier attempt. The version gets the files that it was registered with.
    planned = _planned(services, model, version.number) if registered.replayed else (version, files)
    if planned is None:
        return Changed(load_registered(services, model, version.number), registered.replayed)
    # The request's idempotency key was used up by the registration.
    taken = _take_in(services, replace(request, idempotency=None), *planned)
    if isinstance(taken, Unavailable):
        raise VersionGoneError(f"Version {version.number} of {model!r} has ended: {taken.reason}")
    return Changed(taken, registered.replayed)


def take_in_event(services: Services, event: Mapping[str, Any]) -> str:
    """Copy the files of the version that was registered in ``event``, and return the outcome as text.

    The same event may come several times.
    """
    found = _planned(services, str(event["model"]), int(event["version"]))
    if found is None:
        return "it is not waiting for its files"
    version, sources = found
    # A copy that ends after the version has expired would come after its bytes are purged.
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
    """Copy a PENDING version's files and make it READY. Raises VersionNotFoundError if it ended meanwhile."""
    try:
        files = _copied(services, version, sources)
    except SourceGoneError as gone:
        unavailable = Unavailable(f"{gone}. Log the model again and register that.")
        _give_up(services, request, version, unavailable.reason)
        return unavailable

    def decide(given: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[Registered]:
        snapshot, known = given
        current = loaded_model(snapshot, version.model)
        pending = loaded_version(snapshot, version.model, version.number)
        return intakes.take_in(current, pending, known, files, stamp)

    def recall(subject: str) -> Registered:
        return load_registered(services, version.model, int(subject))

    needed = model_keys(version.model, versions=[version.number], manifests=[version.number])
    read = reading_files(services, version.model, version.number)
    return change_model_on(services, request, version.model, read, decide, recall, needed).result


def _planned(services: Services, model: str, number: int) -> tuple[Version, tuple[SourceFile, ...]] | None:
    """A version that waits for copies, with the files to copy; None if it does not wait or does not exist."""
    snapshot = load(services, model, [keys.version(model, number), keys.intake(model, number)])
    version, plan = snapshot.get(Version, number), snapshot.get(CopyPlan, number)
    if version is None or plan is None or version.status is not Status.PENDING or version.intake is None:
        return None
    return version, plan.files


def _copied(services: Services, version: Version, sources: tuple[SourceFile, ...]) -> tuple[File, ...]:
    if not sources:
        return ()
    # An earlier attempt may have copied some of them. One listing of the prefix tells which.
    copier, copied = services.copier, services.bucket.sizes(version.uid)

    def copy(source: SourceFile) -> File:
        if source.uri is not None:
            return File(source.path, source.size, source.sha256 or "", uri=source.uri, verified=Proof.DECLARED)
        key = object_key(version.uid, source.path)
        return copier.copy(source, key, repeated=key in copied)

    with ThreadPoolExecutor(_COPIERS) as pool:
        return tuple(pool.map(copy, sources))


def _give_up(services: Services, request: Request, version: Version, reason: str) -> None:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        model, current = snapshot.get(Model), snapshot.get(Version, version.number)
        if model is None or current is None:
            return NoChange(False)
        return intakes.give_up(model, loaded_scheme(snapshot), current, reason, stamp)

    needed = model_keys(version.model, versions=[version.number], scheme=True)
    change_model(services, request, version.model, decide, lambda _: True, needed)
