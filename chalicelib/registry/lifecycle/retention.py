"""Retention by rule: the rule, what it would delete, and a keeper's turn of deleting."""

from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.names import DUE_AT, PARTITION_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.lifecycle import retention_decisions as decisions
from chalicelib.domain.lifecycle.retention_decisions import ExpiredVersion
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.versions.version import Status, Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import (
    change_model,
    change_model_on,
    loaded_scheme,
    matched_model,
    model_keys,
)
from chalicelib.registry.models.models import model_and_scheme, model_head
from chalicelib.registry.page import Page

# The rule counts in days: a model is looked through once a day, so many versions a turn.
PERIOD: Final = timedelta(days=1)
TURN: Final = 100
_RULE: Final = Principal("rule:retention", ())


def get_rule(services: Services, model: str) -> RetentionRule:
    """The retention rule. Raises ModelNotFoundError, RetentionRuleNotFoundError."""
    return decisions.current_rule(model_head(services, model))


def set_rule(services: Services, request: Request, model: str, rule: RetentionRule) -> Changed[RetentionRule]:
    """Set or replace the retention rule. Raises ModelNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[RetentionRule]:
        return decisions.set_rule(matched_model(snapshot, model, request), rule)

    return change_model(services, request, model, decide, lambda _: get_rule(services, model))


def clear_rule(services: Services, request: Request, model: str) -> Changed[None]:
    """Remove the retention rule. Raises ModelNotFoundError, RetentionRuleNotFoundError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        return decisions.clear_rule(matched_model(snapshot, model, request))

    return change_model(services, request, model, decide, lambda _: None)


def preview(services: Services, model: str, limit: int, start: dict[str, str | int] | None) -> Page[ExpiredVersion]:
    """Which of the next ``limit`` versions, lowest number first, the rule would delete now.

    A page may be empty while there is more. Costs a read of the model, the page, and the newest if some are kept.
    Raises ModelNotFoundError, RetentionRuleNotFoundError.
    """
    head, scheme = model_and_scheme(services, model)
    rule = decisions.current_rule(head)
    versions, after = _page(services, model, 0 if start is None else int(start["after"]), limit)
    newest = _newest(services, model, rule.keep_last)
    now = services.clock()
    found = (decisions.ripe(head, scheme, rule, version, newest, now) for version in versions)
    return Page(tuple(one for one in found if one is not None), None if after is None else {"after": after})


def take_turn(services: Services, schedule: Item, request_id: str) -> int:
    """Look through the next hundred versions of a model and delete those that are ripe; answers how many were.

    The schedule then stands after the last one looked at, or a day ahead. A turn that dies is taken again: what it
    has deleted is no longer there. Two turns at once decide on the same state, and one of them loses the race.
    """
    model = str(schedule["name"])
    try:
        head, scheme = model_and_scheme(services, model)
    except ModelNotFoundError:
        return 0  # deleted, and its schedule with it, since it was found due
    deleted = 0
    after: int | None = None
    if head.retention is not None and head.frozen is None:
        versions, after = _page(services, model, int(schedule["after"]), TURN)
        newest = _newest(services, model, head.retention.keep_last)
        for version in versions:
            if decisions.ripe(head, scheme, head.retention, version, newest, services.clock()) is not None:
                deleted += _delete(services, model, version.number, request_id)
    _reschedule(services, schedule, model, after)
    return deleted


def _delete(services: Services, model: str, number: int, request_id: str) -> bool:
    def read(first: Snapshot) -> tuple[Snapshot, tuple[Snapshot, frozenset[int]]]:
        # Read after the head, and good as long as the head stands: the commit is on condition that it does.
        current = first.get(Model)
        rule = None if current is None else current.retention
        newest = frozenset[int]() if rule is None else _newest(services, model, rule.keep_last)
        return first, (first, newest)

    def decide(given: tuple[Snapshot, frozenset[int]], stamp: Stamp) -> Outcome[bool]:
        snapshot, newest = given
        current, version = snapshot.get(Model), snapshot.get(Version, number)
        if current is None or version is None:
            return NoChange(False)
        purge_after = services.settings.deleted_retention
        return decisions.delete_ripe(current, loaded_scheme(snapshot), version, newest, purge_after, stamp)

    asked = model_keys(model, versions=[number], scheme=True)
    request = Request(_RULE, request_id)
    return change_model_on(services, request, model, read, decide, lambda _: True, asked).result


def _reschedule(services: Services, schedule: Item, model: str, after: int | None) -> None:
    """On condition that nobody has set another rule meanwhile, which starts over."""
    due = later(services.clock(), PERIOD) if after is None else Instant(str(schedule[DUE_AT]))
    services.table.update(
        keys.retention(model),
        f"SET {DUE_AT} = :due, #after = :after",
        {":due": due, ":after": after or 0, ":was": schedule[DUE_AT]},
        condition=f"attribute_exists({PARTITION_KEY}) AND {DUE_AT} = :was",
        attribute_names={"#after": "after"},
    )


def _page(services: Services, model: str, after: int, limit: int) -> tuple[tuple[Version, ...], int | None]:
    """The next versions after a number, and the number to go on after, None at the end."""
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)),
        keys.VERSION_PREFIX,
        limit,
        after=keys.version(model, after).sort if after else None,
    )
    versions = tuple(version_items.version_from(item) for item in stored)
    return versions, versions[-1].number if last is not None and versions else None


def _newest(services: Services, model: str, count: int) -> frozenset[int]:
    """The numbers of the newest ``count`` READY versions: an unfinished upload takes no other's place."""
    found: list[int] = []
    after: str | None = None
    while len(found) < count:
        stored, after = services.table.query(
            keys.partition(events.model_ledger(model)), keys.VERSION_PREFIX, count, after=after, newest_first=True
        )
        ready = (version for version in map(version_items.version_from, stored) if version.status is Status.READY)
        found += [version.number for version in ready]
        if after is None:
            break
    return frozenset(found[:count])
