"""What events of earlier releases say of tokens, roles, grants and trusts."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.roles import CustomRole
from chalicelib.domain.access.token import Token
from chalicelib.domain.access.trust import Trust
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place
from chalicelib.domain.ledger.rebuilding import Event, Read, Reading, Readings, Rebuilt


def _set(kind: str, said: tuple[str, ...]) -> Reading:
    def read(event: Event, _: Rebuilt) -> Iterator[Read]:
        after: dict[str, Any] = event["after"]
        yield place(kind, event["subject"]), {name: after[name] for name in said if name in after}

    return read


def _gone(kind: str) -> Reading:
    def read(event: Event, _: Rebuilt) -> Iterator[Read]:
        yield place(kind, event["subject"]), None

    return read


READINGS: Final[Readings] = {
    event_types.TOKEN_CREATED: _set(
        Token.kind, ("id", "name", "groups", "grants", "created_at", "created_by", "expires_at")
    ),
    event_types.TOKEN_ROTATED: _set(Token.kind, ("rotated_at",)),
    event_types.TOKEN_REVOKED: _set(Token.kind, ("revoked_at",)),
    event_types.ROLE_SET: _set(CustomRole.kind, ("name", "actions", "description", "created_at", "created_by")),
    event_types.ROLE_DELETED: _gone(CustomRole.kind),
    event_types.GRANT_SET: _set(SubjectGrants.kind, ("subject", "grants")),
    event_types.GRANT_DELETED: _gone(SubjectGrants.kind),
    event_types.TRUST_SET: _set(Trust.kind, ("name", "grants", "created_at", "created_by")),
    event_types.TRUST_DELETED: _gone(Trust.kind),
}
