"""Setting a model's retention rule, which versions it deletes, and deleting by it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.errors import RetentionRuleNotFoundError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.scheme import Scheme, Stage
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Status, Version


@dataclass(frozen=True, slots=True)
class ExpiredVersion:
    """A version that the rule deletes: since when it is ripe, by which clause, in words."""

    number: int
    clause: str
    since: Instant
    reason: str


def ripe(
    model: Model, scheme: Scheme, rule: RetentionRule, version: Version, newest: frozenset[int], now: Instant
) -> ExpiredVersion | None:
    """The version, if the rule deletes it now; ``newest`` are the READY versions that ``keep_last`` keeps.

    Never one that a stage or an alias holds, that rolling an alias or an exclusive stage back would return to, that
    is locked or under legal hold; and none while the model is frozen.
    """
    if version.status is not Status.READY or model.frozen is not None or _kept(model, scheme, version, newest):
        return None
    for clause, days, since in _clauses(scheme, rule, version):
        if days is not None and since is not None and later(since, timedelta(days=days)) <= now:
            what = "never promoted" if clause == "never_promoted" else f"in {scheme.archive}"
            return ExpiredVersion(
                version.number, clause, later(since, timedelta(days=days)), f"{what} for {days} days, since {since}"
            )
    return None


def set_rule(model: Model, rule: RetentionRule) -> Outcome[RetentionRule]:
    """Set or replace the retention rule; the keeper applies it from now on, once a day."""
    if model.retention == rule:
        return NoChange(rule)
    before = None if model.retention is None else model.retention.document()
    return decided(
        rule,
        replace(model, retention=rule),
        EventDraft(event_types.MODEL_RETENTION_SET, before, rule.document()),
    )


def clear_rule(model: Model) -> Decision[None]:
    """Remove the retention rule. Raises RetentionRuleNotFoundError if there is none."""
    return decided(
        None,
        replace(model, retention=None),
        EventDraft(event_types.MODEL_RETENTION_CLEARED, current_rule(model).document(), None),
    )


def current_rule(model: Model) -> RetentionRule:
    """The model's retention rule. Raises RetentionRuleNotFoundError."""
    if model.retention is None:
        raise RetentionRuleNotFoundError(f"The model {model.name!r} has no retention rule.")
    return model.retention


def delete_ripe(
    model: Model,
    scheme: Scheme,
    version: Version,
    newest: frozenset[int],
    purge_after: timedelta,
    stamp: Stamp,
) -> Outcome[bool]:
    """Delete the version if the rule, as it now stands, says so; answers whether it did."""
    if model.deleted or model.retention is None:
        return NoChange(False)
    found = ripe(model, scheme, model.retention, version, newest, stamp.time)
    if found is None:
        return NoChange(False)
    return versions.delete(model, scheme, version, purge_after, stamp, Trigger.RULE, found.reason).replaced(True)


def _clauses(
    scheme: Scheme, rule: RetentionRule, version: Version
) -> tuple[tuple[str, int | None, Instant | None], ...]:
    """Each clause of the rule with its days and the time from which they count; None where it does not apply."""
    restarted = version.restored_at or Instant("")
    fresh = version.stage == scheme.initial and version.stage_since == version.created_at
    archived = version.stage == scheme.archive
    return (
        (
            "never_promoted",
            rule.never_promoted_after_days,
            max(version.ready_at, restarted) if fresh and version.ready_at is not None else None,
        ),
        (
            "archived",
            rule.archived_after_days,
            max(version.stage_since, restarted) if archived else None,
        ),
    )


def _kept(model: Model, scheme: Scheme, version: Version, newest: frozenset[int]) -> bool:
    number = version.number
    return (
        number in newest
        or number in model.locked
        or version.legal_hold is not None
        or bool(model.aliases_of(number))
        or _stage(scheme, version.stage).holding
        or bool(model.requests_of(number))
        or bool(model.needed_by(number))
        or number in _returning(model, scheme)
    )


def _returning(model: Model, scheme: Scheme) -> set[int]:
    """The versions that one roll-back of an alias or of an exclusive stage would bring back."""
    exclusive = (pointer for name, pointer in model.stages.items() if _stage(scheme, name).exclusive)
    return {pointer.trail[-1] for pointer in (*model.aliases.values(), *exclusive) if pointer.trail}


def _stage(scheme: Scheme, name: str) -> Stage:
    """The stage, or for one that the scheme does not know, the one that keeps most."""
    return scheme.stages.get(name, Stage(name, exclusive=True, holding=True))
