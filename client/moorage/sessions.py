"""Sessions: who is signed in to the web interface."""

from dataclasses import dataclass
from datetime import datetime

from moorage.connection import Connection
from moorage.listing import Listing
from moorage.paths import segment


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A session of the web interface.

    ``method`` is ``token`` or ``oidc``; ``token_id`` or ``trust`` says which. ``ends_at`` is when the session ends if
    it is not used before.
    """

    id: str
    principal: str
    method: str
    token_id: str | None = None
    trust: str | None = None
    created_at: datetime | None = None
    used_at: datetime | None = None
    ends_at: datetime | None = None


class Sessions:
    """The sessions of everybody."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[BrowserSession]:
        """List who is signed in. Sessions of one principal come together."""
        return self._connection.items(BrowserSession, "sessions", limit)

    def end(self, session: str) -> None:
        """End a session by its id. Its access tokens stop working within half a minute."""
        self._connection.write("DELETE", f"sessions/{segment(session)}")
