"""What the promoter finds after an event, and the requests by which it changes something."""

from dataclasses import dataclass
from typing import Final

from chalicelib.domain.access.principal import Principal
from chalicelib.domain.canonical import sha256_hex
from chalicelib.registry.ledger.commit import Idempotency, Request

RULE: Final = Principal("rule:promotion", ())


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was judged (``version 3``, ``request 7``), whether that moved it, and why or why not."""

    what: str
    promoted: bool
    reason: str


def effect(cause: str, model: str, what: str) -> Request:
    """The id of the event that caused the effect is, with what is judged, its idempotency key."""
    return Request(RULE, cause, Idempotency(f"{cause}:{what}", sha256_hex(f"{model}\n{what}")))
