"""Grants of principals and groups: set, read, list, delete. All grants of one are one record."""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.access.items import grants_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access import grant_decisions as decisions
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.subjects import subject as checked
from chalicelib.domain.access.subjects import subject_id
from chalicelib.domain.errors import GrantNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.access.roles import loaded_roles, role_keys
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page


def set_grants(services: Services, request: Request, subject: str, grants: Sequence[Grant]) -> Changed[SubjectGrants]:
    """Give a principal or group just these grants. Raises InvalidNameError, InvalidInputError,
    PreconditionFailedError, LastAdministratorError."""
    grant_id = subject_id(checked(subject))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[SubjectGrants]:
        standing = snapshot.get(SubjectGrants, grant_id)
        request.check_match(0 if standing is None else standing.revision)
        roles = loaded_roles(snapshot, [*(() if standing is None else standing.grants), *grants])
        return decisions.set_grants(loaded_state(snapshot), standing, subject, grants, roles, stamp)

    asked = [keys.grants(grant_id), *role_keys(grants)]
    return change_registry(
        services,
        request,
        decide,
        lambda _: get_grants(services, grant_id),
        asked,
        lambda snapshot: _roles_of(snapshot, grant_id),
    )


def get_grants(services: Services, grant_id: str) -> SubjectGrants:
    """Raises GrantNotFoundError."""
    stored = services.table.get(keys.grants(grant_id))
    if stored is None:
        raise _missing(grant_id)
    return grants_from(stored)


def list_grants(
    services: Services, limit: int, start: dict[str, str | int] | None, subject: str | None = None
) -> Page[SubjectGrants]:
    """The grants of all principals and groups that have any, in no meaningful order; or of ``subject`` only."""
    if subject is not None:
        one = services.table.get(keys.grants(subject_id(checked(subject))))
        return Page(() if one is None else (grants_from(one),), None)
    after = None if start is None else keys.grants(str(start["id"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.GRANTS_PREFIX, limit, after)
    found = tuple(map(grants_from, stored))
    return Page(found, {"id": found[-1].id} if last is not None and found else None)


def delete_grants(services: Services, request: Request, grant_id: str) -> Changed[None]:
    """Take all grants of a principal or group away. Raises GrantNotFoundError, PreconditionFailedError,
    LastAdministratorError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        standing = snapshot.get(SubjectGrants, grant_id)
        if standing is None:
            raise _missing(grant_id)
        request.check_match(standing.revision)
        return decisions.delete_grants(loaded_state(snapshot), standing, loaded_roles(snapshot, standing.grants), stamp)

    return change_registry(
        services,
        request,
        decide,
        lambda _: None,
        [keys.grants(grant_id)],
        lambda snapshot: _roles_of(snapshot, grant_id),
    )


def _roles_of(snapshot: Snapshot, grant_id: str) -> list[Key]:
    standing = snapshot.get(SubjectGrants, grant_id)
    return [] if standing is None else role_keys(standing.grants)


def _missing(grant_id: str) -> GrantNotFoundError:
    return GrantNotFoundError(f"There is no record of grants {grant_id!r}.")
