"""What events of earlier releases say of saved schemes."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import place
from chalicelib.domain.ledger.rebuilding import Event, Read, Readings, Rebuilt
from chalicelib.domain.schemes.saved_scheme import SavedScheme, SchemeVersion


def _saved(event: Event, _: Rebuilt) -> Iterator[Read]:
    document = event["after"]
    yield place(SavedScheme.kind, event["subject"]), {"document": document}
    yield place(SchemeVersion.kind, event["subject"], document["version"]), {"scheme/document": document}


READINGS: Final[Readings] = {event_types.SCHEME_SAVED: _saved}
