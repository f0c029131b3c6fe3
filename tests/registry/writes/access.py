"""Writes of tokens, roles, grants and trusts."""

from typing import Final

from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.ledger import event_types
from chalicelib.registry.access import grants, roles, tokens, trusts
from tests.registry.arranged import (
    ROLE_ARN,
    a_grant,
    a_role,
    a_token,
    a_trust,
    an_administering_role,
    nothing,
    registry_ledger,
)
from tests.registry.writes.write import Write

WRITES: Final = {
    "create a token": Write(
        event_types.TOKEN_CREATED,
        nothing,
        lambda s, r, m, _: tokens.create_token(s, r, m, [Grant(Role.VIEWER, "*")], 1),
        registry_ledger,
    ),
    "revoke a token": Write(
        event_types.TOKEN_REVOKED,
        a_token,
        lambda s, r, m, token: tokens.revoke_token(s, r, token),
        registry_ledger,
    ),
    "rotate a token": Write(
        event_types.TOKEN_ROTATED,
        a_token,
        lambda s, r, m, token: tokens.rotate_token(s, r, token, 60),
        registry_ledger,
    ),
    "set a role": Write(
        event_types.ROLE_SET,
        nothing,
        lambda s, r, m, _: roles.set_role(s, r, f"role-{m}", ["read"], ""),
        registry_ledger,
    ),
    "delete a role": Write(
        event_types.ROLE_DELETED,
        a_role,
        lambda s, r, m, role: roles.delete_role(s, r, role),
        registry_ledger,
    ),
    "set grants": Write(
        event_types.GRANT_SET,
        a_role,
        lambda s, r, m, role: grants.set_grants(s, r, f"group:{m}", [Grant(role, "*")]),
        registry_ledger,
    ),
    "delete grants": Write(
        event_types.GRANT_DELETED,
        a_grant,
        lambda s, r, m, grant: grants.delete_grants(s, r, grant),
        registry_ledger,
    ),
    "set trust": Write(
        event_types.TRUST_SET,
        nothing,
        lambda s, r, m, _: trusts.set_trust(s, r, m, Iam((ROLE_ARN,)), [Grant(Role.VIEWER, "*")]),
        registry_ledger,
    ),
    "delete trust": Write(
        event_types.TRUST_DELETED,
        a_trust,
        lambda s, r, m, _: trusts.delete_trust(s, r, m),
        registry_ledger,
    ),
    "give a role the right to administer": Write(
        event_types.ROLE_SET,
        a_grant,
        lambda s, r, m, _: roles.set_role(s, r, f"role-{m}", ["read", "administer"], ""),
        registry_ledger,
    ),
    "take from a role the right to administer": Write(
        event_types.ROLE_SET,
        an_administering_role,
        lambda s, r, m, role: roles.set_role(s, r, role, ["read"], ""),
        registry_ledger,
    ),
}
