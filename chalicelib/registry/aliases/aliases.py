"""Aliases: list, read, point, delete, roll back."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain import names
from chalicelib.domain.aliases import decisions, protection
from chalicelib.domain.aliases.decisions import Expected
from chalicelib.domain.aliases.protection import check_may_move, check_may_take
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, model_ledger
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, matched_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.versions.aliased import alias_item, checked
from chalicelib.registry.versions.loaded import loaded_version


@dataclass(frozen=True, slots=True)
class AliasView:
    """An alias and where it points; ``revision`` is the model's when it was last moved or its protection changed."""

    alias: str
    model: str
    version: int
    updated_at: Instant
    updated_by: str
    revision: int
    protected: bool


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether an alias, which need not exist, is protected; ``revision`` is the model's."""

    alias: str
    model: str
    protected: bool
    revision: int


def list_aliases(services: Services, model: str) -> tuple[AliasView, ...]:
    """All aliases of a model (there are at most forty). Raises ModelNotFoundError, RecordEditedError."""
    stored, _ = services.table.query(keys.partition(model_ledger(model)), keys.ALIAS_PREFIX, MAX_ALIASES + 1)
    if not stored:
        model_head(services, model)
    return tuple(alias_view(model, checked(services, model, str(item["alias"]), item)) for item in stored)


def get_alias(services: Services, model: str, alias: str) -> AliasView:
    """Raises AliasNotFoundError, RecordEditedError."""
    return alias_view(model, alias_item(services, model, names.any_alias(alias)))


def set_alias(
    services: Services,
    request: Request,
    model: str,
    alias: str,
    version: int,
    expected: Expected | None,
    reason: str | None,
) -> Changed[AliasView]:
    """Point an alias at a READY version. Raises AliasMovedError, VersionNotReadyError, LimitExceededError."""
    names.any_alias(alias)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[AliasView]:
        current = loaded_model(snapshot, model)
        check_may_move(current, request.principal, alias)
        stored = matched(snapshot, model, alias, request)
        pointed_at = loaded_version(snapshot, model, version)
        outcome = decisions.set_alias(current, alias, pointed_at, expected, reason)
        if isinstance(outcome, Decision):
            check_may_take(current, pointed_at, stamp.time, alias)
            return with_view(outcome, alias, stamp)
        return NoChange(alias_view(model, checked(services, model, alias, stored)))

    asked = [*model_keys(model, versions=[version], manifests=[version]), keys.alias(model, alias)]
    return change_model(services, request, model, decide, lambda _: get_alias(services, model, alias), asked)


def delete_alias(services: Services, request: Request, model: str, alias: str) -> Changed[None]:
    """Raises AliasNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current = loaded_model(snapshot, model)
        current.alias(alias)
        check_may_move(current, request.principal, alias)
        matched(snapshot, model, alias, request)
        return decisions.delete(current, alias)

    asked = [*model_keys(model), keys.alias(model, alias)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def roll_back_alias(
    services: Services,
    request: Request,
    model: str,
    alias: str,
    reason: str | None,
    wanted: int | None = None,
    leaving: int | None = None,
) -> Changed[AliasView]:
    """Point an alias back at the version before, or at a named earlier one.

    With ``leaving``, only if it points at that version. Raises NothingToRollBackError, AliasNotFoundError,
    AliasMovedError. Costs a second read: which version it returns to is known
    only once the model is read.
    """
    names.alias_name(alias)

    def more(snapshot: Snapshot) -> list[Key]:
        target = decisions.roll_back_target(loaded_model(snapshot, model), alias, wanted, leaving)
        return model_keys(model, versions=[target], manifests=[target])

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[AliasView]:
        current = loaded_model(snapshot, model)
        check_may_move(current, request.principal, alias)
        matched(snapshot, model, alias, request)
        target = decisions.roll_back_target(current, alias, wanted, leaving)
        version = loaded_version(snapshot, model, target)
        check_may_take(current, version, stamp.time, alias)
        return with_view(decisions.roll_back(current, alias, version, reason), alias, stamp)

    asked = [*model_keys(model), keys.alias(model, alias)]
    return change_model(services, request, model, decide, lambda _: get_alias(services, model, alias), asked, more)


def protect_alias(services: Services, request: Request, model: str, alias: str, protected: bool) -> Changed[Protection]:
    """Protect an alias or lift its protection. Raises LimitExceededError, PreconditionFailedError."""
    names.alias_name(alias)

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        return protection.protect(matched_model(snapshot, model, request), alias, protected)

    changed = change_model(services, request, model, decide, lambda _: model_head(services, model))
    head = changed.result
    shown = Protection(alias, model, alias in head.protected_aliases, head.head.revision)
    return Changed(shown, changed.replayed)


def matched(snapshot: Snapshot, model: str, alias: str, request: Request) -> Item | None:
    """The stored alias, the caller's ETag checked against it.

    Its seal is not: what is written follows from the head, and an edited alias can be moved or deleted like any other.
    """
    stored = snapshot.item(keys.alias(model, alias))
    revision = None if stored is None else int(stored["alias_revision"])
    request.check_match_if_there(revision, f"The alias {alias!r} does not exist")
    return stored


def with_view(decision: Decision[Version], alias: str, stamp: Stamp) -> Decision[AliasView]:
    """The decision that moved ``alias``, its result as it is shown."""
    protected = alias in decision.state.protected_aliases
    return decision.map(
        lambda version: AliasView(
            alias, version.model, version.number, stamp.time, stamp.actor, stamp.revision, protected
        )
    )


def alias_view(model: str, stored: Item) -> AliasView:
    return AliasView(
        alias=str(stored["alias"]),
        model=model,
        version=int(stored["number"]),
        updated_at=Instant(str(stored["alias_since"])),
        updated_by=str(stored["alias_by"]),
        revision=int(stored["alias_revision"]),
        protected=bool(stored.get("protected", 0)),
    )
