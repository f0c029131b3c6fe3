"""Registry tokens: create, read, list, rotate, revoke."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access import token_decisions as decisions
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.token import Token, format_token, hash_secret
from chalicelib.domain.errors import TokenNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.roles import loaded_roles, role_records
from chalicelib.registry.ledger.commit import Changed, RegistrySnapshot, Request, change_registry
from chalicelib.registry.page import Page


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token and, this once, its plain text. A replayed request answers without the plain text."""

    token: Token
    plain: str | None


@dataclass(frozen=True, slots=True)
class SeenToken:
    """A token and when it was last used, as far as is known: to within an hour."""

    token: Token
    last_used_at: Instant | None


def create_token(
    services: Services,
    request: Request,
    name: str,
    grants: Sequence[Grant],
    expires_in_days: int,
    groups: Sequence[str] = (),
) -> Changed[CreatedToken]:
    """Create a token. Its secret leaves the registry in this answer only."""
    token_id = services.new_id()
    secret = secrets.token_hex(32)

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Decision[CreatedToken]:
        roles = loaded_roles(snapshot, grants)
        decision = decisions.create(
            snapshot.ledger, token_id, hash_secret(secret), name, grants, expires_in_days, stamp, groups, roles
        )
        return _shown_once(decision, token_id, secret)

    return change_registry(services, request, decide, _recall(services), role_records(grants))


def rotate_token(services: Services, request: Request, token_id: str, grace_seconds: int) -> Changed[CreatedToken]:
    """Give a token a new secret; the old one is good for the grace yet. Raises TokenNotFoundError,
    TokenInactiveError, PreconditionFailedError."""
    secret = secrets.token_hex(32)

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Decision[CreatedToken]:
        token = _existing(token_id, snapshot.record(decisions.KIND, token_id))
        request.check_match(token.revision)
        decision = decisions.rotate(snapshot.ledger, token, hash_secret(secret), grace_seconds, stamp)
        return _shown_once(decision, token_id, secret)

    return change_registry(services, request, decide, _recall(services), [(decisions.KIND, token_id)])


def get_token(services: Services, token_id: str) -> SeenToken:
    """Raises TokenNotFoundError."""
    key, use = keys.record(decisions.KIND, token_id), keys.token_use(token_id)
    found = services.table.load([key, use])
    stored = found.get(key)
    return SeenToken(
        _existing(token_id, None if stored is None else json.loads(str(stored["body"]))), _last_use(found.get(use))
    )


def list_tokens(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[SeenToken]:
    """All tokens, newest first, revoked and expired ones too."""
    after = None if start is None else keys.record(decisions.KIND, str(start["id"])).sort
    stored, last = services.table.query("REGISTRY", f"{decisions.KIND}#", limit, after, newest_first=True)
    tokens = [decisions.from_document(json.loads(str(item["body"]))) for item in stored]
    uses = services.table.load([keys.token_use(token.id) for token in tokens]) if tokens else {}
    seen = tuple(SeenToken(token, _last_use(uses.get(keys.token_use(token.id)))) for token in tokens)
    return Page(seen, {"id": tokens[-1].id} if last is not None and tokens else None)


def revoke_token(services: Services, request: Request, token_id: str) -> Changed[Token]:
    """Revoke a token; in force once cached authorisations have expired. Raises TokenNotFoundError,
    LastAdministratorError."""

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[Token]:
        token = _existing(token_id, snapshot.record(decisions.KIND, token_id))
        request.check_match(token.revision)
        return decisions.revoke(snapshot.ledger, token, stamp, loaded_roles(snapshot, token.grants))

    def more(snapshot: RegistrySnapshot) -> list[tuple[str, str]]:
        return role_records(_existing(token_id, snapshot.record(decisions.KIND, token_id)).grants)

    records = [(decisions.KIND, token_id)]
    return change_registry(services, request, decide, lambda _: get_token(services, token_id).token, records, more)


def _shown_once(decision: Decision[Token], token_id: str, secret: str) -> Decision[CreatedToken]:
    created = CreatedToken(decision.result, format_token(token_id, secret))
    return Decision(created, decision.ledger, decision.happening, decision.changes, decision.subject)


def _recall(services: Services) -> Callable[[str], CreatedToken]:
    return lambda subject: CreatedToken(get_token(services, subject).token, None)


def _last_use(stored: Item | None) -> Instant | None:
    return None if stored is None else Instant(str(stored["last_used_at"]))


def _existing(token_id: str, stored: dict[str, Any] | None) -> Token:
    if stored is None:
        raise TokenNotFoundError(f"There is no token {token_id!r}.")
    return decisions.from_document(stored)
