"""Stating what nodes come from, and taking it back.

What is stated of a version is in its model's ledger, of anything else in that of the registry.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import VersionHeldError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.lineage.link import Link
from chalicelib.domain.lineage.node import Kind, Node
from chalicelib.domain.lineage.stated import Origins, Stated, state_links, unstate_links
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version


def state(services: Services, request: Request, stated: Sequence[Stated]) -> None:
    """State what nodes come from, each in a commit of its own. What was stated before changes nothing.

    It takes the right to report on the model of a version, or else on the whole registry; and the right to read a
    version that is named as an origin. All of it is checked before anything is changed. Raises PermissionDeniedError,
    VersionNotFoundError, LimitExceededError, InvalidInputError.
    """
    check_access(request, stated)
    for one in stated:
        if one.node.kind is Kind.VERSION:
            _change_version(services, request, one, _STATING)
        else:
            _change_registry(services, request, one, _STATING)


def unstate(services: Services, request: Request, stated: Sequence[Stated]) -> None:
    """Take back what was stated, each node in a commit of its own. What is not there any more changes nothing.

    What versions say themselves, and what evaluations and deployments say of them, stays. It takes the same rights as
    stating does. Raises PermissionDeniedError, VersionNotFoundError, VersionLockedError, VersionHeldError.
    """
    check_access(request, stated)
    for one in stated:
        if one.node.kind is Kind.VERSION:
            _change_version(services, request, one, _UNSTATING)
        else:
            _change_registry(services, request, one, _UNSTATING)


def check_access(request: Request, stated: Sequence[Stated]) -> None:
    """Raise PermissionDeniedError unless the caller may state all of this."""
    for one in stated:
        _check_access(request, one)


@dataclass(frozen=True, slots=True)
class _Way:
    """How links are changed, and the types of its events."""

    decide: Callable[[Any, Origins | None, Node, tuple[Link, ...], str], Outcome[Origins]]
    of_model: str
    of_registry: str
    takes_back: bool


_STATING: Final = _Way(state_links, event_types.LINEAGE_STATED, event_types.REGISTRY_LINEAGE_STATED, False)
_UNSTATING: Final = _Way(unstate_links, event_types.LINEAGE_UNSTATED, event_types.REGISTRY_LINEAGE_UNSTATED, True)


def _change_version(services: Services, request: Request, stated: Stated, way: _Way) -> None:
    """Change what is stated of a version. Raises VersionNotFoundError, VersionLockedError, VersionHeldError."""
    model, number = stated.node.name, stated.node.number

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        current, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        check_not_locked(current, number)
        if way.takes_back and version.legal_hold is not None:
            raise VersionHeldError(
                f"Version {number} of {model!r} is under a legal hold: what was stated of it stays until the hold is "
                "released."
            )
        present = snapshot.get(Origins, stated.node.id)
        return way.decide(current, present, stated.node, _links(stated, stamp), way.of_model).replaced(None)

    asked = [*model_keys(model, versions=[number]), keys.stated_origins(model, stated.node.id)]
    change_model(services, _unkeyed(request), model, decide, lambda _: None, asked)


def _change_registry(services: Services, request: Request, stated: Stated, way: _Way) -> None:
    """Change what is stated of a run, a job or a dataset."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        present = snapshot.get(Origins, stated.node.id)
        current = loaded_state(snapshot)
        return way.decide(current, present, stated.node, _links(stated, stamp), way.of_registry).replaced(None)

    asked = [keys.stated_origins("", stated.node.id)]
    change_registry(services, _unkeyed(request), decide, lambda _: None, asked)


def _unkeyed(request: Request) -> Request:
    """The request without its idempotency key: it may make several changes, and what is there is not stated again."""
    return replace(request, idempotency=None)


def _check_access(request: Request, stated: Stated) -> None:
    principal = request.principal
    if stated.node.model is None:
        principal.check_registry(Action.REPORT)
    else:
        principal.check(Action.REPORT, stated.node.model)
    for _, origin in stated.origins:
        if origin.model is not None:
            principal.check(Action.READ, origin.model)


def _links(stated: Stated, stamp: Stamp) -> tuple[Link, ...]:
    return tuple(Link(link_type, origin, stamp.time) for link_type, origin in stated.origins)
