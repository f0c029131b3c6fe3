"""Registering a version from files that exist already: the registry copies them, hashes them, and makes it READY.

Little is copied while the caller waits:

1. An item says that files are copied to a fresh place in the bucket. If the request ends before the version is
   registered, the keeper finds that item and removes the files.
2. S3 copies the objects there, each by its S3 version, and each copy is hashed.
3. One commit registers the version with the manifest of the copies and makes it READY.

Much is copied by the function ``intake``:

1. The version is registered as PENDING, with the list of the objects to copy. Whatever happens to the source
   afterwards, the version gets these bytes or none.
2. The function, fired by the version's event, copies and hashes them.
3. One commit makes the version READY, with the manifest of the copies.

Each step of the function can be repeated; it finds what an earlier attempt did.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.aws.versions.bucket import object_key
from chalicelib.aws.versions.copier import SourceGoneError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError, VersionNotFoundError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions import intake_decisions as intakes
from chalicelib.domain.versions.contents import Copying, CopyPlan
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
from chalicelib.registry.ledger.commit import Changed, Request, repeated
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import (
    change_model,
    change_model_on,
    load,
    loaded_model,
    loaded_scheme,
    model_keys,
)
from chalicelib.registry.models.models import model_head
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
    services: Services,
    request: Request,
    model: str,
    description: Description,
    files: tuple[SourceFile, ...],
    authors: tuple[str, ...] = (),
) -> Changed[Registered]:
    """Register a version that gets copies of ``files``, which ``authors`` made.

    The version is READY in the answer if there is little to copy. Otherwise it is PENDING, and the function ``intake``,
    which the version's event starts, copies the files. Raises ModelNotFoundError, InvalidInputError.
    """
    check_files(files)
    intake, uid = intake_for(files), services.new_id()

    def recall(subject: str) -> Registered:
        return load_registered(services, model, int(subject))

    if intake is Intake.AT_ONCE:
        return _register_copied(services, request, model, description, files, authors, uid, recall)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Registered]:
        current, window = loaded_model(snapshot, model), services.settings.upload_window
        limits = services.settings.limits
        made = decisions.register(current, None, description, (), uid, window, stamp, intake, authors, limits)
        version = made.result.version
        return made.with_changes(Put(CopyPlan(version.number, files, version.upload_expires_at)))

    return change_model(services, request, model, decide, recall, model_keys(model))


def _register_copied(
    services: Services,
    request: Request,
    model: str,
    description: Description,
    sources: tuple[SourceFile, ...],
    authors: tuple[str, ...],
    uid: str,
    recall: Callable[[str], Registered],
) -> Changed[Registered]:
    """Copy the files, then register the version with them and make it READY in one commit."""
    copying = None
    if any(source.uri is None for source in sources):
        # What is refused anyway, or was made by an earlier request, is not copied first.
        model_head(services, model)
        earlier = repeated(services, request, recall)
        if earlier is not None:
            return earlier
        copying = Copying(uid, later(services.clock(), AT_ONCE_WINDOW))
        services.table.put(version_items.copying_item(copying))
    try:
        files = _copied(services, uid, sources)
    except SourceGoneError as gone:
        raise InvalidInputError(f"{gone}. Log the model again and register that.") from gone

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Registered]:
        current = loaded_model(snapshot, model)
        scanning = services.settings.scanning
        return intakes.register_with_files(
            current, description, files, authors, uid, AT_ONCE_WINDOW, copying, stamp, scanning
        )

    return change_model(services, request, model, decide, recall, model_keys(model))


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
        files = _copied(services, version.uid, sources)
    except SourceGoneError as gone:
        unavailable = Unavailable(f"{gone}. Log the model again and register that.")
        _give_up(services, request, version, unavailable.reason)
        return unavailable

    def decide(given: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[Registered]:
        snapshot, known = given
        current = loaded_model(snapshot, version.model)
        pending = loaded_version(snapshot, version.model, version.number)
        return intakes.take_in(current, pending, known, files, stamp, services.settings.scanning)

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


def _copied(services: Services, uid: str, sources: tuple[SourceFile, ...]) -> tuple[File, ...]:
    if not sources:
        return ()
    # An earlier attempt may have copied some of them. One listing of the prefix tells which.
    copier, copied = services.copier, services.bucket.sizes(uid)

    def copy(source: SourceFile) -> File:
        if source.uri is not None:
            return File(source.path, source.size, source.sha256 or "", uri=source.uri, verified=Proof.DECLARED)
        key = object_key(uid, source.path)
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
