"""What a principal may do: the grants it brings, those recorded for it and its groups, and the roles they name."""

from collections.abc import Iterable, Sequence

from chalicelib.aws import keys
from chalicelib.aws.access.items import grants_from, role_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Action, Grant, Principal, custom_roles, is_built_in
from chalicelib.domain.access.subjects import GROUP_PREFIX, subject_id


def effective(
    services: Services, name: str, groups: Sequence[str], own: Iterable[Grant], more: Sequence[Key] = ()
) -> tuple[Principal, dict[Key, Item]]:
    """The principal ``name``, and the items of ``more``, read along.

    One read; a second only when a recorded grant names a custom role that the principal's own grants do not.
    """
    granted = tuple(own)
    subjects = [name, *(f"{GROUP_PREFIX}{group}" for group in groups)]
    records = [keys.grants(subject_id(subject)) for subject in subjects]
    named = [keys.role(role) for role in custom_roles(granted)]
    found = services.table.load([*records, *named, *more])
    for record in records:
        if record in found:
            granted += grants_from(found[record]).grants
    further = [key for role in custom_roles(granted) if (key := keys.role(role)) not in named]
    if further:
        found |= services.table.load(further)
    allowed = {role: _actions(found.get(keys.role(role))) for role in custom_roles(granted)}
    return resolved(name, groups, granted, allowed), found


def resolved(
    name: str, groups: Sequence[str], granted: Iterable[Grant], allowed: dict[str, frozenset[Action]]
) -> Principal:
    """The principal with each grant once, without those whose role allows nothing."""
    known = {role: actions for role, actions in allowed.items() if actions}
    grants = tuple(grant for grant in dict.fromkeys(granted) if grant.role in known or is_built_in(grant.role))
    return Principal(name, grants, tuple(groups), known)


def _actions(stored: Item | None) -> frozenset[Action]:
    return frozenset() if stored is None else role_from(stored).actions
