"""Registry tokens: create, read, list, rotate, revoke."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.access.items import token_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access import token_decisions as decisions
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.token import Token, format_token, hash_secret
from chalicelib.domain.errors import TokenNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.access.roles import loaded_roles, role_keys
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
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
    person: str | None = None,
) -> Changed[CreatedToken]:
    """Create a token that ``person`` holds. Its secret leaves the registry in this answer only."""
    token_id = services.new_id()
    secret = secrets.token_hex(32)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedToken]:
        roles = loaded_roles(snapshot, grants)
        decision = decisions.create(
            loaded_state(snapshot),
            token_id,
            hash_secret(secret),
            name,
            grants,
            expires_in_days,
            stamp,
            groups,
            roles,
            person,
        )
        return _shown_once(decision, token_id, secret)

    return change_registry(services, request, decide, _recall(services), role_keys(grants))


def rotate_token(services: Services, request: Request, token_id: str, grace_seconds: int) -> Changed[CreatedToken]:
    """Give a token a new secret; the old one is good for the grace yet. Raises TokenNotFoundError,
    TokenInactiveError, PreconditionFailedError."""
    secret = secrets.token_hex(32)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedToken]:
        token = _existing(token_id, snapshot.get(Token, token_id))
        request.check_match(token.revision)
        decision = decisions.rotate(loaded_state(snapshot), token, hash_secret(secret), grace_seconds, stamp)
        return _shown_once(decision, token_id, secret)

    return change_registry(services, request, decide, _recall(services), [keys.token(token_id)])


def get_token(services: Services, token_id: str) -> SeenToken:
    """Raises TokenNotFoundError."""
    key, use = keys.token(token_id), keys.token_use(token_id)
    found = services.table.load([key, use])
    stored = found.get(key)
    token = _existing(token_id, None if stored is None else token_from(stored))
    return SeenToken(token, _last_use(found.get(use)))


def list_tokens(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[SeenToken]:
    """All tokens, newest first, revoked and expired ones too."""
    after = None if start is None else keys.token(str(start["id"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.TOKEN_PREFIX, limit, after, newest_first=True)
    tokens = [token_from(item) for item in stored]
    uses = services.table.load([keys.token_use(token.id) for token in tokens]) if tokens else {}
    seen = tuple(SeenToken(token, _last_use(uses.get(keys.token_use(token.id)))) for token in tokens)
    return Page(seen, {"id": tokens[-1].id} if last is not None and tokens else None)


def revoke_token(services: Services, request: Request, token_id: str) -> Changed[Token]:
    """Revoke a token; in force once cached authorisations have expired. Raises TokenNotFoundError,
    LastAdministratorError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Token]:
        token = _existing(token_id, snapshot.get(Token, token_id))
        request.check_match(token.revision)
        return decisions.revoke(loaded_state(snapshot), token, stamp, loaded_roles(snapshot, token.grants))

    def more(snapshot: Snapshot) -> list[Key]:
        return role_keys(_existing(token_id, snapshot.get(Token, token_id)).grants)

    asked = [keys.token(token_id)]
    return change_registry(services, request, decide, lambda _: get_token(services, token_id).token, asked, more)


def _shown_once(decision: Decision[Token], token_id: str, secret: str) -> Decision[CreatedToken]:
    return decision.map(lambda token: CreatedToken(token, format_token(token_id, secret)))


def _recall(services: Services) -> Callable[[str], CreatedToken]:
    return lambda subject: CreatedToken(get_token(services, subject).token, None)


def _last_use(stored: Item | None) -> Instant | None:
    return None if stored is None else Instant(str(stored["last_used_at"]))


def _existing(token_id: str, token: Token | None) -> Token:
    if token is None:
        raise TokenNotFoundError(f"There is no token {token_id!r}.")
    return token
