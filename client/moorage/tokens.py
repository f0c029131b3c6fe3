"""Tokens: who may do what."""

from collections.abc import Iterator, Sequence

from moorage.connection import Connection
from moorage.decoding import encode
from moorage.paths import segment
from moorage.principals import Grant, Token


class Tokens:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self, name: str, grants: Sequence[Grant], *, expires_in_days: int | None = None, groups: Sequence[str] = ()
    ) -> Token:
        """The answer's ``token`` is the secret; it is not shown again."""
        body = {"name": name, "grants": encode(grants), "groups": [*groups]}
        if expires_in_days is not None:
            body["expires_in_days"] = expires_in_days
        created = self._connection.post(Token, "tokens", body)
        if created.token is not None:
            return created
        # The first answer was lost, and the secret with it: replace the token that nobody can use.
        self.revoke(created.id)
        return self._connection.post(Token, "tokens", body)

    def get(self, token: str) -> Token:
        return self._connection.get(Token, f"tokens/{segment(token)}")

    def list(self, *, limit: int | None = None) -> Iterator[Token]:
        return self._connection.items(Token, "tokens", limit)

    def rotate(self, token: str, *, grace_seconds: int = 0) -> Token:
        """Give a token a new secret, which the answer shows; the old one is good for the grace yet."""
        path, body = f"tokens/{segment(token)}/rotate", {"grace_seconds": grace_seconds}
        rotated = self._connection.post(Token, path, body)
        # When the first answer was lost, and the secret with it: another one. Secrets in their grace keep it.
        return rotated if rotated.token is not None else self._connection.post(Token, path, body)

    def revoke(self, token: str) -> None:
        self._connection.write("DELETE", f"tokens/{segment(token)}")
