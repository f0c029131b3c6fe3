"""Tokens: the secrets that people and programs call the registry with."""

from collections.abc import Sequence

from moorage.connection import Connection
from moorage.decoding import encode
from moorage.listing import Listing
from moorage.paths import segment
from moorage.principals import Grant, Token


class Tokens:
    """The tokens of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        name: str,
        grants: Sequence[Grant],
        *,
        expires_in_days: int | None = None,
        groups: Sequence[str] = (),
        person: str | None = None,
    ) -> Token:
        """Create a token. ``token`` of the result is the secret, which is not shown again.

        ``person`` holds the token, for example ``oidc:okta:ada``. All tokens of a person have one vote. Without it, the
        token is yours.
        """
        body = {"name": name, "grants": encode(grants), "groups": [*groups]}
        if expires_in_days is not None:
            body["expires_in_days"] = expires_in_days
        if person is not None:
            body["person"] = person
        created = self._connection.post(Token, "tokens", body)
        if created.token is not None:
            return created
        # The first response was lost and with it the secret. Nobody can use that token, so it is replaced.
        self.revoke(created.id)
        return self._connection.post(Token, "tokens", body)

    def get(self, token: str) -> Token:
        return self._connection.get(Token, f"tokens/{segment(token)}")

    def list(self, *, limit: int | None = None) -> Listing[Token]:
        return self._connection.items(Token, "tokens", limit)

    def rotate(self, token: str, *, grace_seconds: int = 0) -> Token:
        """Give a token a new secret, which is ``token`` of the result.

        The old secret stays valid for ``grace_seconds``.
        """
        path, body = f"tokens/{segment(token)}/rotate", {"grace_seconds": grace_seconds}
        rotated = self._connection.post(Token, path, body)
        # If the first response was lost and with it the secret, rotate again. Earlier secrets keep their grace period.
        return rotated if rotated.token is not None else self._connection.post(Token, path, body)

    def revoke(self, token: str) -> None:
        """Revoke a token by its id."""
        self._connection.write("DELETE", f"tokens/{segment(token)}")
