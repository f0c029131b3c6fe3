"""What a principal may do: its own grants, those recorded for it and its groups, and the roles that they name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.access.items import grants_from, role_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Action, Grant, Principal, custom_roles, is_built_in
from chalicelib.domain.access.subjects import GROUP_PREFIX, subject_id
from chalicelib.domain.access.trust import Trust, carried_claims, groups_of


def effective(
    services: Services, name: str, groups: Sequence[str], own: Iterable[Grant], more: Sequence[Key] = ()
) -> tuple[Principal, dict[Key, Item]]:
    """The principal ``name``, and the items that were read, among them those under the keys ``more``.

    One read; a second only if a recorded grant names a custom role that the principal's own grants do not name.
    """
    granted = tuple(own)
    subjects = [name, *(f"{GROUP_PREFIX}{group}" for group in groups)]
    records = [keys.grants(subject_id(subject)) for subject in subjects]
    role_keys = [keys.role(role) for role in custom_roles(granted)]
    items = services.table.load([*records, *role_keys, *more])
    for record in records:
        if record in items:
            granted += grants_from(items[record]).grants
    unread = [key for role in custom_roles(granted) if (key := keys.role(role)) not in role_keys]
    if unread:
        items |= services.table.load(unread)
    allowed = {role: _actions(items.get(keys.role(role))) for role in custom_roles(granted)}
    return resolved(name, groups, granted, allowed), items


def of_claims(services: Services, trust: Trust, claims: Mapping[str, Any]) -> Principal:
    """The principal that a trust makes of claims that it has accepted: ``oidc:<trust>:<sub>``."""
    principal, _ = effective(services, f"oidc:{trust.name}:{claims['sub']}", groups_of(trust, claims), trust.grants)
    return replace(principal, claims=carried_claims(trust, claims))


def resolved(
    name: str, groups: Sequence[str], granted: Iterable[Grant], allowed: dict[str, frozenset[Action]]
) -> Principal:
    """The principal with each grant once. Grants of a custom role that allows nothing are left out."""
    known = {role: actions for role, actions in allowed.items() if actions}
    grants = tuple(grant for grant in dict.fromkeys(granted) if grant.role in known or is_built_in(grant.role))
    return Principal(name, grants, tuple(groups), known)


def _actions(stored: Item | None) -> frozenset[Action]:
    return frozenset() if stored is None else role_from(stored).actions
