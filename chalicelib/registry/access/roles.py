"""Custom roles: set, read, list, delete."""

import json
from collections.abc import Iterable

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access import role_decisions as decisions
from chalicelib.domain.access.principal import Grant, custom_roles
from chalicelib.domain.access.roles import KIND, MAX_ROLES, CustomRole, from_document, role_name
from chalicelib.domain.errors import RoleNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.ledger.commit import Changed, RegistrySnapshot, Request, change_registry


def set_role(
    services: Services, request: Request, name: str, actions: Iterable[str], description: str
) -> Changed[CustomRole]:
    """Make a role or change it. Raises InvalidNameError, BuiltInRoleError, PreconditionFailedError,
    LastAdministratorError."""
    role_name(name)
    wanted = tuple(actions)

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[CustomRole]:
        stored = snapshot.record(KIND, name)
        role = None if stored is None else from_document(stored)
        request.check_match(0 if role is None else role.revision)
        return decisions.set_role(snapshot.ledger, role, name, wanted, description, stamp)

    return change_registry(services, request, decide, lambda _: get_role(services, name), [(KIND, name)])


def get_role(services: Services, name: str) -> CustomRole:
    """Raises RoleNotFoundError."""
    stored = services.table.get(keys.record(KIND, name))
    if stored is None:
        raise _missing(name)
    return from_document(json.loads(str(stored["body"])))


def list_roles(services: Services) -> tuple[CustomRole, ...]:
    """All custom roles, by name."""
    found: list[CustomRole] = []
    after: str | None = None
    while True:
        stored, after = services.table.query("REGISTRY", f"{KIND}#", MAX_ROLES, after)
        found += (from_document(json.loads(str(item["body"]))) for item in stored)
        if after is None:
            return tuple(found)


def delete_role(services: Services, request: Request, name: str) -> Changed[None]:
    """Delete a role that nothing names. Raises RoleNotFoundError, RoleInUseError, BuiltInRoleError."""
    role_name(name)

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Decision[None]:
        stored = snapshot.record(KIND, name)
        if stored is None:
            raise _missing(name)
        role = from_document(stored)
        request.check_match(role.revision)
        return decisions.delete_role(snapshot.ledger, role, stamp)

    return change_registry(services, request, decide, lambda _: None, [(KIND, name)])


def role_records(grants: Iterable[Grant]) -> list[tuple[str, str]]:
    """The records of the custom roles that grants name, for a change to load."""
    return [(KIND, role) for role in custom_roles(grants)]


def loaded_roles(snapshot: RegistrySnapshot, grants: Iterable[Grant]) -> dict[str, CustomRole]:
    """Those of the roles that exist."""
    stored = {role: snapshot.record(KIND, role) for role in custom_roles(grants)}
    return {role: from_document(document) for role, document in stored.items() if document is not None}


def _missing(name: str) -> RoleNotFoundError:
    return RoleNotFoundError(f"There is no role {name!r}.")
