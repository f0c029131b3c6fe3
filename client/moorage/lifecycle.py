"""Lifecycle: freezes, locks, legal holds, deleted versions and retention rules."""

from dataclasses import dataclass
from datetime import datetime

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing
from moorage.paths import VersionKey
from moorage.results import Restriction, RetentionRule, Version


@dataclass(frozen=True, slots=True)
class ExpiredVersion:
    """A version that the retention rule would delete now. ``since`` is when its time ran out."""

    version: int
    clause: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PurgeReceipt:
    """Proof that storage has no bytes of a version left.

    The counts are of what the last attempt removed; ``verified_at`` is when storage was found empty.
    """

    verified_at: datetime
    object_versions_deleted: int
    bytes_deleted: int
    digest: str


@dataclass(frozen=True, slots=True)
class DeletedVersion:
    """A version that was deleted, or whose upload was not finished in time.

    Its bytes are due for removal at ``purge_at``. ``receipt`` is set once they are gone.
    """

    model: str
    number: int
    status: str
    deleted_at: datetime
    purge_at: datetime
    label: str | None = None
    stage: str | None = None
    digest: str | None = None
    file_count: int = 0
    total_size: int = 0
    created_at: datetime | None = None
    created_by: str | None = None
    ready_at: datetime | None = None
    deleted_by: str | None = None
    reason: str | None = None
    legal_hold: Restriction | None = None
    receipt: PurgeReceipt | None = None


class Lifecycle:
    """Protecting models and versions, and deleting and restoring versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def freeze(self, model: str, reason: str) -> Restriction:
        """Freeze a model: until ``unfreeze``, its stages and aliases can only be rolled back."""
        return self._place(f"{paths.model(model)}/freeze", reason)

    def unfreeze(self, model: str) -> None:
        """Lift the freeze of a model."""
        self._connection.write("DELETE", f"{paths.model(model)}/freeze")

    def lock(self, model: str, version: VersionKey, reason: str) -> Restriction:
        """Lock a READY version: nothing about it can change until ``unlock``."""
        return self._place(f"{paths.version(model, version)}/lock", reason)

    def unlock(self, model: str, version: VersionKey) -> None:
        """Lift the lock of a version."""
        self._connection.write("DELETE", f"{paths.version(model, version)}/lock")

    def hold(self, model: str, version: VersionKey, reason: str) -> Restriction:
        """Put a version under legal hold: its bytes are kept until ``release``. The version may be a deleted one."""
        return self._place(f"{paths.version(model, version)}/hold", reason)

    def release(self, model: str, version: VersionKey) -> None:
        """Release a version from legal hold."""
        self._connection.write("DELETE", f"{paths.version(model, version)}/hold")

    def deleted(self, model: str, *, limit: int | None = None) -> Listing[DeletedVersion]:
        """Deleted and expired versions, highest number first."""
        return self._connection.items(DeletedVersion, f"{paths.model(model)}/deleted-versions", limit)

    def restore(self, model: str, version: int, *, reason: str | None = None) -> Version:
        """Restore a deleted version. Raises ConflictError (``version_gone``) once removing its bytes has begun."""
        body = {} if reason is None else {"reason": reason}
        return self._connection.post(Version, f"{paths.version(model, version)}/restore", body)

    def retention(self, model: str) -> RetentionRule:
        return self._connection.get(RetentionRule, _retention(model))

    def set_retention(self, model: str, rule: RetentionRule) -> RetentionRule:
        body = {
            "never_promoted_after_days": rule.never_promoted_after_days,
            "archived_after_days": rule.archived_after_days,
            "keep_last": rule.keep_last,
        }
        return decode(RetentionRule, self._connection.write("PUT", _retention(model), body))

    def clear_retention(self, model: str) -> None:
        self._connection.write("DELETE", _retention(model))

    def preview_retention(self, model: str, *, limit: int | None = None) -> Listing[ExpiredVersion]:
        """List the versions that the rule would delete now, lowest number first. Deletes nothing."""
        return self._connection.items(ExpiredVersion, f"{_retention(model)}/preview", limit)

    def _place(self, path: str, reason: str) -> Restriction:
        return decode(Restriction, self._connection.write("PUT", path, {"reason": reason}))


def _retention(model: str) -> str:
    return f"{paths.model(model)}/retention"
