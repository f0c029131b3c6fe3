"""Writes of browser sessions."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.registry.sessions import sessions
from tests.registry.arranged import a_session, registry_ledger
from tests.registry.writes.write import Write

WRITES: Final = {
    "end a session": Write(
        event_types.SESSION_ENDED,
        a_session,
        lambda s, r, m, session: sessions.end_session(s, r, session),
        registry_ledger,
    ),
}
