"""What the registry's head and its roles keep of tokens, grants and trusts, recomputed from these."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.access import items as access_items
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import ANY_MODEL, Action, Grant, actions_of, is_built_in
from chalicelib.domain.access.roles import CustomRole
from chalicelib.domain.instants import Instant


@dataclass(frozen=True)
class Holding:
    """A record that has grants: its source, the grants, and until when."""

    source: str
    grants: tuple[Grant, ...]
    until: Instant | None = None

    @property
    def roles(self) -> set[str]:
        return {grant.role for grant in self.grants}

    @property
    def everywhere(self) -> set[str]:
        """The roles that it gives on every model."""
        return {grant.role for grant in self.grants if grant.models == ANY_MODEL}


def check_access(items: Mapping[str, Item]) -> None:
    """The counts, the administrators and the holders of roles follow from the records in the registry's partition."""
    state = access_items.registry_state_from(items["META"])
    now = state.head.time
    roles = {role.name: role for role in map(access_items.role_from, _under(items, keys.ROLE_PREFIX))}
    counts = {"ROLE": len(roles), "TRUST": len(_under(items, keys.TRUST_PREFIX))}
    assert {kind: state.counts.get(kind, 0) for kind in counts} == counts
    holdings = _holdings(items, now)
    actions = {name: role.actions for name, role in roles.items()}
    administering = {}
    for one in holdings:
        held = sorted(role for role in one.everywhere if Action.ADMINISTER in actions_of(role, actions))
        if held:
            administering[one.source] = (tuple(held), one.until)
    active = {one.source: (one.roles, one.until) for one in state.administrators if one.is_active(now)}
    assert active == administering
    _check_holders(roles, holdings, now)


def _under(items: Mapping[str, Item], prefix: str) -> list[Item]:
    return [item for sort, item in items.items() if sort.startswith(prefix)]


def _holdings(items: Mapping[str, Item], now: Instant) -> list[Holding]:
    tokens = [access_items.token_from(item) for item in _under(items, keys.TOKEN_PREFIX)]
    granted = [access_items.grants_from(item) for item in _under(items, keys.GRANTS_PREFIX)]
    trusts = [access_items.trust_from(item) for item in _under(items, keys.TRUST_PREFIX)]
    return [
        *(Holding(f"token:{one.id}", one.grants, one.expires_at) for one in tokens if one.is_active(now)),
        *(Holding(f"grant:{one.subject}", one.grants) for one in granted),
        *(Holding(f"trust:{one.name}", one.grants) for one in trusts),
    ]


def _check_holders(roles: Mapping[str, CustomRole], holdings: list[Holding], now: Instant) -> None:
    """Each role names the records that give it, and no record in force gives a role that does not exist."""
    for name, role in roles.items():
        giving = {one.source: (name in one.everywhere, one.until) for one in holdings if name in one.roles}
        assert {source: (at.everywhere, at.until) for source, at in role.standing(now).items()} == giving
    assert all(is_built_in(role) or role in roles for one in holdings for role in one.roles)
