"""Registry tokens: create, read, list, revoke."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access import Grant
from chalicelib.domain.decision import Decision, Outcome
from chalicelib.domain.decisions import tokens as decisions
from chalicelib.domain.errors import TokenNotFoundError
from chalicelib.domain.events import Origin
from chalicelib.domain.token import Token, format_token, hash_secret
from chalicelib.registry.commit import Changed, RegistrySnapshot, Request, change_registry
from chalicelib.registry.page import Page


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token and, this once, its plain text. A replayed request answers without the plain text."""

    token: Token
    plain: str | None


def create_token(
    services: Services, request: Request, name: str, grants: Sequence[Grant], expires_in_days: int
) -> Changed[CreatedToken]:
    """Create a token. Its secret leaves the registry in this answer only."""
    token_id = services.new_id()
    secret = secrets.token_hex(32)

    def decide(snapshot: RegistrySnapshot, origin: Origin) -> Decision[CreatedToken]:
        decision = decisions.create(
            snapshot.ledger, token_id, hash_secret(secret), name, grants, expires_in_days, origin
        )
        created = CreatedToken(decision.result, format_token(token_id, secret))
        return Decision(created, decision.ledger, decision.happening, decision.changes, decision.subject)

    return change_registry(services, request, decide, lambda subject: CreatedToken(get_token(services, subject), None))


def get_token(services: Services, token_id: str) -> Token:
    """Raises TokenNotFoundError."""
    stored = services.table.get(keys.record(decisions.KIND, token_id))
    return _existing(token_id, None if stored is None else json.loads(str(stored["body"])))


def list_tokens(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Token]:
    """All tokens, newest first, revoked and expired ones too."""
    after = None if start is None else keys.record(decisions.KIND, str(start["id"])).sort
    stored, last = services.table.query("REGISTRY", f"{decisions.KIND}#", limit, after, newest_first=True)
    tokens = tuple(decisions.from_document(json.loads(str(item["body"]))) for item in stored)
    return Page(tokens, {"id": tokens[-1].id} if last is not None and tokens else None)


def revoke_token(services: Services, request: Request, token_id: str) -> Changed[Token]:
    """Revoke a token; in force once cached authorisations have expired. Raises TokenNotFoundError."""

    def decide(snapshot: RegistrySnapshot, origin: Origin) -> Outcome[Token]:
        token = _existing(token_id, snapshot.record(decisions.KIND, token_id))
        request.check_match(token.revision)
        return decisions.revoke(snapshot.ledger, token, origin)

    records = [(decisions.KIND, token_id)]
    return change_registry(services, request, decide, lambda _: get_token(services, token_id), records)


def _existing(token_id: str, stored: dict[str, Any] | None) -> Token:
    if stored is None:
        raise TokenNotFoundError(f"There is no token {token_id!r}.")
    return decisions.from_document(stored)
