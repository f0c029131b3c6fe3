"""Writes of freezes, locks, legal holds, retention and removal."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.registry.aliases import aliases
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.lifecycle import removal, restrictions, retention, sweep
from tests.registry.arranged import (
    RETENTION,
    a_deleted,
    a_held,
    a_model,
    a_pending,
    a_version,
    a_version_that_a_rule_deletes,
    a_version_to_purge,
    an_overdue_upload,
    two_ready,
)
from tests.registry.build import request
from tests.registry.writes.write import Write


def turn(registry: Services, request: Request, name: str, _: Any) -> None:
    """The keeper's turn at a model with a retention rule."""
    schedule = registry.table.get(keys.retention(name))
    if schedule is not None:
        retention.take_turn(registry, schedule, request.request_id)


WRITES: Final = {
    "freeze a model": Write(
        event_types.MODEL_FROZEN, a_model, lambda s, r, m, _: restrictions.freeze_model(s, r, m, "incident")
    ),
    "unfreeze a model": Write(
        event_types.MODEL_UNFROZEN,
        lambda s, m: restrictions.freeze_model(s, request(), a_model(s, m), "incident"),
        lambda s, r, m, _: restrictions.unfreeze_model(s, r, m),
    ),
    "lock a version": Write(
        event_types.VERSION_LOCKED, two_ready, lambda s, r, m, _: restrictions.lock_version(s, r, m, "1", "audited")
    ),
    "unlock a version": Write(
        event_types.VERSION_UNLOCKED,
        lambda s, m: (two_ready(s, m), restrictions.lock_version(s, request(), m, "1", "audited")),
        lambda s, r, m, _: restrictions.unlock_version(s, r, m, "1"),
    ),
    "hold a version": Write(
        event_types.VERSION_HELD, a_deleted, lambda s, r, m, _: restrictions.hold_version(s, r, m, "1", "case 7")
    ),
    "release a version": Write(
        event_types.VERSION_RELEASED,
        a_held,
        lambda s, r, m, _: restrictions.release_version(s, r, m, "1"),
    ),
    "set a retention rule": Write(
        event_types.MODEL_RETENTION_SET, a_model, lambda s, r, m, _: retention.set_rule(s, r, m, RETENTION)
    ),
    "clear a retention rule": Write(
        event_types.MODEL_RETENTION_CLEARED,
        lambda s, m: retention.set_rule(s, request(), a_model(s, m), RETENTION),
        lambda s, r, m, _: retention.clear_rule(s, r, m),
    ),
    "delete a version with its aliases": Write(
        event_types.VERSION_DELETED,
        lambda s, m: aliases.set_alias(s, request(), m, "champion", a_version(s, m).number, None, None),
        lambda s, r, m, _: removal.delete_version_and_aliases(s, r, m, 1),
        keyed=False,
    ),
    "delete a model with its versions": Write(
        event_types.MODEL_DELETED,
        a_pending,
        lambda s, r, m, _: removal.delete_model_and_versions(s, r, m),
        keyed=False,
    ),
    "rename a model": Write(
        event_types.MODEL_DELETED,
        a_model,
        lambda s, r, m, _: removal.rename_model(s, r, m, f"{m}-renamed"),
        keyed=False,
    ),
    "expire an upload": Write(
        event_types.VERSION_EXPIRED,
        an_overdue_upload,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "purge a version": Write(
        event_types.VERSION_PURGED,
        a_version_to_purge,
        lambda s, r, m, _: sweep.sweep_due(s, r.request_id),
        keyed=False,
    ),
    "delete by a retention rule": Write(event_types.VERSION_DELETED, a_version_that_a_rule_deletes, turn, keyed=False),
}
