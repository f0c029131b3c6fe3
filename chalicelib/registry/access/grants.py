"""Grants of principals and groups: set, read, list, delete. All grants of one are one record."""

import json
from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access import grant_decisions as decisions
from chalicelib.domain.access.grant_decisions import KIND, SubjectGrants
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.subjects import subject as checked
from chalicelib.domain.access.subjects import subject_id
from chalicelib.domain.errors import GrantNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.roles import loaded_roles, role_records
from chalicelib.registry.ledger.commit import Changed, RegistrySnapshot, Request, change_registry
from chalicelib.registry.page import Page


def set_grants(services: Services, request: Request, subject: str, grants: Sequence[Grant]) -> Changed[SubjectGrants]:
    """Give a principal or group just these grants. Raises InvalidNameError, InvalidInputError,
    PreconditionFailedError, LastAdministratorError."""
    grant_id = subject_id(checked(subject))

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[SubjectGrants]:
        standing = _standing(snapshot, grant_id)
        request.check_match(0 if standing is None else standing.revision)
        roles = loaded_roles(snapshot, [*(() if standing is None else standing.grants), *grants])
        return decisions.set_grants(snapshot.ledger, standing, subject, grants, roles, stamp)

    records = [(KIND, grant_id), *role_records(grants)]
    return change_registry(
        services,
        request,
        decide,
        lambda _: get_grants(services, grant_id),
        records,
        lambda snapshot: _roles_of(snapshot, grant_id),
    )


def get_grants(services: Services, grant_id: str) -> SubjectGrants:
    """Raises GrantNotFoundError."""
    stored = services.table.get(keys.record(KIND, grant_id))
    if stored is None:
        raise _missing(grant_id)
    return decisions.from_document(json.loads(str(stored["body"])))


def list_grants(
    services: Services, limit: int, start: dict[str, str | int] | None, subject: str | None = None
) -> Page[SubjectGrants]:
    """The grants of all principals and groups that have any, in no meaningful order; or of ``subject`` only."""
    if subject is not None:
        one = services.table.get(keys.record(KIND, subject_id(checked(subject))))
        return Page(() if one is None else (decisions.from_document(json.loads(str(one["body"]))),), None)
    after = None if start is None else keys.record(KIND, str(start["id"])).sort
    stored, last = services.table.query("REGISTRY", f"{KIND}#", limit, after)
    found = tuple(decisions.from_document(json.loads(str(item["body"]))) for item in stored)
    return Page(found, {"id": found[-1].id} if last is not None and found else None)


def delete_grants(services: Services, request: Request, grant_id: str) -> Changed[None]:
    """Take all grants of a principal or group away. Raises GrantNotFoundError, PreconditionFailedError,
    LastAdministratorError."""

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Decision[None]:
        standing = _standing(snapshot, grant_id)
        if standing is None:
            raise _missing(grant_id)
        request.check_match(standing.revision)
        return decisions.delete_grants(snapshot.ledger, standing, loaded_roles(snapshot, standing.grants), stamp)

    return change_registry(
        services,
        request,
        decide,
        lambda _: None,
        [(KIND, grant_id)],
        lambda snapshot: _roles_of(snapshot, grant_id),
    )


def _standing(snapshot: RegistrySnapshot, grant_id: str) -> SubjectGrants | None:
    stored = snapshot.record(KIND, grant_id)
    return None if stored is None else decisions.from_document(stored)


def _roles_of(snapshot: RegistrySnapshot, grant_id: str) -> list[tuple[str, str]]:
    standing = _standing(snapshot, grant_id)
    return [] if standing is None else role_records(standing.grants)


def _missing(grant_id: str) -> GrantNotFoundError:
    return GrantNotFoundError(f"There is no record of grants {grant_id!r}.")
