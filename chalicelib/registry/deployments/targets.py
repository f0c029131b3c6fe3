"""Targets: set, read, list, delete."""

from collections.abc import Iterator
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.deployments.target_items import target_from
from chalicelib.aws.services import Services
from chalicelib.domain.deployments import target_decisions as decisions
from chalicelib.domain.deployments.target import Target, target_name
from chalicelib.domain.deployments.target_decisions import Setting, existing
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.target_kinds import KINDS
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page

_PAGE: Final = 100


def set_target(services: Services, request: Request, name: str, kind: str, given: Setting) -> Changed[Target]:
    """Make a target, or put these terms in place of those that it had.

    If the kind has room for one, all targets are read, a hundred at a time. Raises InvalidNameError, InvalidInputError,
    UnknownKindError, PreconditionFailedError, LimitExceededError.
    """
    target_name(name)
    known = KINDS.named(kind)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Target]:
        standing = snapshot.get(Target, name)
        request.check_match_if_there(
            None if standing is None else standing.revision, f"The target {name!r} does not exist"
        )
        # Read after the state: if another target is saved meanwhile, this is decided again.
        present = every_target(services) if known.room is not None else ()
        return decisions.set_target(loaded_state(snapshot), standing, name, known, given, stamp, present)

    return change_registry(services, request, decide, lambda _: get_target(services, name), [keys.target(name)])


def delete_target(services: Services, request: Request, name: str) -> Changed[None]:
    """Delete a target. Raises TargetNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        standing = existing(name, snapshot.get(Target, name))
        request.check_match(standing.revision)
        return decisions.delete(loaded_state(snapshot), standing)

    return change_registry(services, request, decide, lambda _: None, [keys.target(name)])


def get_target(services: Services, name: str) -> Target:
    """Raises TargetNotFoundError."""
    stored = services.table.get(keys.target(name))
    return existing(name, None if stored is None else target_from(stored))


def list_targets(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Target]:
    """All targets, by name."""
    after = None if start is None else keys.target(str(start["name"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.TARGET_PREFIX, limit, after)
    targets = tuple(map(target_from, stored))
    return Page(targets, {"name": targets[-1].name} if last is not None and targets else None)


def every_target(services: Services) -> Iterator[Target]:
    """All targets, by name, read a hundred at a time."""
    start: dict[str, str | int] | None = None
    while True:
        page = list_targets(services, _PAGE, start)
        yield from page.items
        start = page.next_start
        if start is None:
            return
