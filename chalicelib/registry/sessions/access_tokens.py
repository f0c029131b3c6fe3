"""Access tokens: ``moos_<session>_<until>-<seal>``, which the interface shows the API for ten minutes.

They are not stored. The seal proves that the registry made the token for that session, and until when it is valid.
Which rights it gives is decided when it is used, by the session.
"""

import re
from datetime import timedelta
from typing import Final

from chalicelib.aws.sealer import SEAL, Sealer
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.instants import Instant, epoch_seconds, later

PREFIX: Final = "moos_"
LIFETIME: Final = timedelta(minutes=10)
_TOKEN: Final = re.compile(rf"{PREFIX}([0-9a-f]{{48}})_([0-9]{{10}})-([0-9a-f]{{64}})")
_SEALED: Final = ("session", "until")
_REFUSED: Final = "The session has ended. Sign in again."


def issued(sealer: Sealer, session_id: str, now: Instant) -> str:
    """A new access token of a session."""
    until = epoch_seconds(later(now, LIFETIME))
    sealed = sealer.sealed({"session": session_id, "until": until}, _SEALED)
    return f"{PREFIX}{session_id}_{until}-{sealed[SEAL]}"


def session_of(sealer: Sealer, token: str, now: Instant) -> str:
    """The id of the session that a valid access token is of. Raises CredentialsRefusedError."""
    parsed = _TOKEN.fullmatch(token)
    if parsed is None:
        raise CredentialsRefusedError(_REFUSED, "malformed")
    session_id, until = parsed[1], int(parsed[2])
    if not sealer.intact({"session": session_id, "until": until, SEAL: parsed[3]}, _SEALED):
        raise CredentialsRefusedError(_REFUSED, "bad_signature", session=session_id)
    if epoch_seconds(now) >= until:
        raise CredentialsRefusedError(_REFUSED, "expired", session=session_id)
    return session_id
