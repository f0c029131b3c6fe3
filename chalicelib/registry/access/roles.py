"""Custom roles: set, read, list, delete."""

from collections.abc import Iterable

from chalicelib.aws import keys
from chalicelib.aws.access.items import role_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access import role_decisions as decisions
from chalicelib.domain.access.principal import Grant, custom_roles
from chalicelib.domain.access.roles import MAX_ROLES, CustomRole, role_name
from chalicelib.domain.errors import RoleNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot


def set_role(
    services: Services, request: Request, name: str, actions: Iterable[str], description: str
) -> Changed[CustomRole]:
    """Make a role or change it. Raises InvalidNameError, BuiltInRoleError, PreconditionFailedError,
    LastAdministratorError."""
    role_name(name)
    wanted = tuple(actions)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[CustomRole]:
        role = snapshot.get(CustomRole, name)
        request.check_match(0 if role is None else role.revision)
        return decisions.set_role(loaded_state(snapshot), role, name, wanted, description, stamp)

    return change_registry(services, request, decide, lambda _: get_role(services, name), [keys.role(name)])


def get_role(services: Services, name: str) -> CustomRole:
    """Raises RoleNotFoundError."""
    stored = services.table.get(keys.role(name))
    if stored is None:
        raise _missing(name)
    return role_from(stored)


def list_roles(services: Services) -> tuple[CustomRole, ...]:
    """All custom roles, by name."""
    found: list[CustomRole] = []
    after: str | None = None
    while True:
        stored, after = services.table.query(keys.REGISTRY, keys.ROLE_PREFIX, MAX_ROLES, after)
        found += map(role_from, stored)
        if after is None:
            return tuple(found)


def delete_role(services: Services, request: Request, name: str) -> Changed[None]:
    """Delete a role that nothing names. Raises RoleNotFoundError, RoleInUseError, BuiltInRoleError."""
    role_name(name)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        role = snapshot.get(CustomRole, name)
        if role is None:
            raise _missing(name)
        request.check_match(role.revision)
        return decisions.delete_role(loaded_state(snapshot), role, stamp)

    return change_registry(services, request, decide, lambda _: None, [keys.role(name)])


def role_keys(grants: Iterable[Grant]) -> list[Key]:
    """Keys of the custom roles that grants name."""
    return [keys.role(name) for name in custom_roles(grants)]


def loaded_roles(snapshot: Snapshot, grants: Iterable[Grant]) -> dict[str, CustomRole]:
    """The custom roles that grants name, as far as they exist."""
    named = {name: snapshot.get(CustomRole, name) for name in custom_roles(grants)}
    return {name: role for name, role in named.items() if role is not None}


def _missing(name: str) -> RoleNotFoundError:
    return RoleNotFoundError(f"There is no role {name!r}.")
