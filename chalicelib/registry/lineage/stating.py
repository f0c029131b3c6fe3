"""Stating what nodes come from: of a version in its model's ledger, of anything else in that of the registry."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.lineage.link import Link
from chalicelib.domain.lineage.node import Kind
from chalicelib.domain.lineage.stated import Origins, Stated, state_links
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
    for one in stated:
        _check_access(request, one)
    for one in stated:
        if one.node.kind is Kind.VERSION:
            _state_of_version(services, request, one)
        else:
            _state_of_registry(services, request, one)


def _state_of_version(services: Services, request: Request, stated: Stated) -> None:
    """State what a version comes from. Raises VersionNotFoundError, VersionLockedError."""
    model, number = stated.node.name, stated.node.number

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        current, _ = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        check_not_locked(current, number)
        present = snapshot.get(Origins, stated.node.id)
        links = _links(stated, stamp)
        return state_links(current, present, stated.node, links, event_types.LINEAGE_STATED).replaced(None)

    asked = [*model_keys(model, versions=[number]), keys.stated_origins(model, stated.node.id)]
    change_model(services, _unkeyed(request), model, decide, lambda _: None, asked)


def _state_of_registry(services: Services, request: Request, stated: Stated) -> None:
    """State what a run, a job or a dataset comes from."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        present = snapshot.get(Origins, stated.node.id)
        links = _links(stated, stamp)
        current, event_type = loaded_state(snapshot), event_types.REGISTRY_LINEAGE_STATED
        return state_links(current, present, stated.node, links, event_type).replaced(None)

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
