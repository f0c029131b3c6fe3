"""Aliases as they are read: checked, so that one that was edited in the table is refused and not served."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.aliases import items as alias_items
from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.errors import AliasNotFoundError, RecordEditedError
from chalicelib.domain.versions.version import Version

_CHANGED: Final = "It was changed outside of the registry; see docs/audit.md."
_UNSEALED: Final = (
    "A release before seals wrote it, or somebody took the seal off. An administrator runs the backfill, which seals "
    "what the model's own records confirm; see docs/operations.md."
)


def alias_item(services: Services, model: str, alias: str) -> Item:
    """The stored alias, in one read. Raises AliasNotFoundError, RecordEditedError."""
    return checked(services, model, alias, services.table.get(keys.alias(model, alias)))


def checked(services: Services, model: str, alias: str, stored: Item | None) -> Item:
    """A stored alias that is as the registry wrote it. Raises AliasNotFoundError, RecordEditedError."""
    if stored is None:
        raise AliasNotFoundError(f"The model {model!r} has no alias {alias!r}.")
    if alias_items.is_sealed(stored):
        if not alias_items.is_intact(services.table, stored):
            raise _refused(model, alias, "its seal does not fit", _CHANGED)
    elif not services.settings.serve_unsealed:
        raise _refused(model, alias, "it has no seal", _UNSEALED)
    return stored


def aliased(services: Services, model: str, alias: str) -> Aliased:
    """What an alias serves, in one read. Raises AliasNotFoundError, RecordEditedError."""
    return alias_items.aliased_from(alias_item(services, model, alias))


def same_version(found: Aliased, version: Version) -> Version:
    """The version that an alias names, if its item still has what the alias was sealed with. Raises RecordEditedError.

    The version's item has no seal of its own.
    """
    if (found.uid, found.digest) != (version.uid, version.digest):
        log_line("record_refused", model=found.model, version=found.number, reason="it differs from what was aliased")
        raise RecordEditedError(
            f"Version {found.number} of {found.model!r} does not have the files that it had when the alias was pointed "
            "at it. It was changed outside of the registry and is not served; see docs/audit.md."
        )
    return version


def _refused(model: str, alias: str, reason: str, advice: str) -> RecordEditedError:
    log_line("record_refused", model=model, alias=alias, reason=reason)
    return RecordEditedError(f"The alias {alias!r} of {model!r} is not served: {reason}. {advice}")
