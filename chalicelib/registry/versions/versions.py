"""Versions: register, read, list, describe, delete."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.access import quota_items
from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.domain import names
from chalicelib.domain.errors import InvalidNameError
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.limits import Quota
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.domain.versions import decisions
from chalicelib.domain.versions.decisions import Registered, existing
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Description, Label, Version
from chalicelib.registry.access import quotas
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
from chalicelib.registry.page import Page
from chalicelib.registry.versions.aliased import alias_item, aliased, same_version
from chalicelib.registry.versions.files import loaded_files
from chalicelib.registry.versions.loaded import loaded_version, matched_version

MAX_NUMBER: Final = 999_999_999
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def parse_ref(ref: str) -> int | str:
    """A version reference of a path: a number, or ``@alias`` as the alias's name. Raises InvalidNameError."""
    if ref.startswith("@"):
        return names.alias_name(ref[1:])
    if not _NUMBER.fullmatch(ref):
        raise InvalidNameError(f"{ref!r} is not a version: use a number such as 3, or an alias such as @champion.")
    return int(ref)


def resolve(services: Services, model: str, ref: int | str) -> int:
    """The number that a reference stands for now. A number costs no read. Raises AliasNotFoundError."""
    parsed = ref if isinstance(ref, int) else parse_ref(ref)
    if isinstance(parsed, int):
        return parsed
    return int(alias_item(services, model, parsed)["number"])


def register_version(
    services: Services, request: Request, model: str, description: Description, files: Sequence[File]
) -> Changed[Registered]:
    """Register a PENDING version under the next number.

    Raises ModelNotFoundError, LabelTakenError, LimitExceededError, QuotaExceededError.
    """
    if description.label is not None:
        names.label(description.label)
    uid, size = services.new_id(), sum(file.size for file in files if file.uri is None)
    counted = quota_items.quota_key(request.principal.name, services.clock())
    room: int | None = None

    def spend(snapshot: Snapshot) -> tuple[Snapshot, tuple[Snapshot, int]]:
        # Here, a repeated request was answered already. Other writers may be faster: the bytes are counted once.
        nonlocal room
        loaded_model(snapshot, model)
        if room is None:
            # The last digits of an id are random.
            room = quotas.spend_bytes(services, request.principal, size, int(uid[-8:], 16) / 16**8)
        return snapshot, (snapshot, room)

    def decide(given: tuple[Snapshot, int], stamp: Stamp) -> Decision[Registered]:
        snapshot, left = given
        services.settings.limits.check_day(Quota.BYTES, quota_items.made(snapshot.item(counted), Quota.BYTES), left)
        current = loaded_model(snapshot, model)
        claimed = None if description.label is None else snapshot.get(Label, description.label)
        holder = None if claimed is None else claimed.number
        window, limits = services.settings.upload_window, services.settings.limits
        return decisions.register(current, holder, description, files, uid, window, stamp, limits=limits)

    def recall(subject: str) -> Registered:
        return load_registered(services, model, int(subject))

    asked = [*model_keys(model, label=description.label), counted]
    return change_model_on(services, request, model, spend, decide, recall, asked)


def load_registered(services: Services, model: str, number: int) -> Registered:
    """A version with its files, in one read; in two if its list of files is long. Raises VersionNotFoundError."""
    snapshot = load(services, model, [keys.version(model, number), keys.manifest(model, number)])
    return Registered(loaded_version(snapshot, model, number), loaded_files(services, snapshot, model, number))


def get_version(services: Services, model: str, ref: str) -> Version:
    """The version by number, in one read, or by ``@alias``, in two. Raises VersionNotFoundError, AliasNotFoundError."""
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _version(services, model, parsed)
    found = aliased(services, model, parsed)
    return same_version(found, _version(services, model, found.number))


def _version(services: Services, model: str, number: int) -> Version:
    stored = services.table.get(keys.version(model, number))
    return existing(model, number, None if stored is None else version_items.version_from(stored))


def list_versions(services: Services, model: str, limit: int, start: dict[str, str | int] | None) -> Page[Version]:
    """The versions of a model, newest first. A model that does not exist has none: an empty first page is checked."""
    after = None if start is None else keys.version(model, int(start["number"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)), keys.VERSION_PREFIX, limit, after=after, newest_first=True
    )
    if not stored and start is None:
        head = services.table.get(keys.head(events.model_ledger(model)))
        existing_model(None if head is None else model_items.model_from(head), model)
    versions = tuple(version_items.version_from(item) for item in stored)
    return Page(versions, {"number": versions[-1].number} if last is not None and versions else None)


def annotate_version(
    services: Services,
    request: Request,
    model: str,
    ref: int | str,
    description: str | None,
    tags: Mapping[str, str] | None,
) -> Changed[Version]:
    """Change a version's description or tags. Raises VersionNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Version]:
        current, version = matched_version(snapshot, model, number, request)
        return decisions.annotate(current, version, description, tags)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda _: get_version(services, model, str(number)),
        model_keys(model, versions=[number]),
    )


def delete_version(services: Services, request: Request, model: str, ref: int | str) -> Changed[None]:
    """Delete a version that nothing holds; one deleted before stays deleted. Raises VersionInUseError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        stored = snapshot.get(Version, number)
        if stored is not None and not stored.visible:
            return NoChange(None)
        current, version = matched_version(snapshot, model, number, request)
        return decisions.delete(current, loaded_scheme(snapshot), version, services.settings.deleted_retention, stamp)

    asked = model_keys(model, versions=[number], scheme=True)
    return change_model(services, request, model, decide, lambda _: None, asked)
