"""What events of earlier releases say of the state, registered by the capabilities that make them."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.access import readings as access
from chalicelib.domain.aliases import readings as aliases
from chalicelib.domain.cards import readings as cards
from chalicelib.domain.evidence import readings as evidence
from chalicelib.domain.ledger.rebuilding import Event, Read, Reading, Readings, Rebuilt
from chalicelib.domain.lifecycle import readings as lifecycle
from chalicelib.domain.models import readings as models
from chalicelib.domain.promotion import readings as promotion
from chalicelib.domain.schemes import readings as schemes
from chalicelib.domain.versions import readings as versions
from chalicelib.domain.webhooks import readings as webhooks


def _together(*all_readings: Readings) -> Readings:
    """All readings by type of event. Several capabilities may read one."""
    types = {name for readings in all_readings for name in readings}
    return {name: _each([readings[name] for readings in all_readings if name in readings]) for name in types}


def _each(readings: list[Reading]) -> Reading:
    def read(event: Event, state: Rebuilt) -> Iterator[Read]:
        for reading in readings:
            yield from reading(event, state)

    return readings[0] if len(readings) == 1 else read


READINGS: Final = _together(
    models.READINGS,
    versions.READINGS,
    aliases.READINGS,
    evidence.READINGS,
    cards.READINGS,
    lifecycle.READINGS,
    promotion.READINGS,
    access.READINGS,
    webhooks.READINGS,
    schemes.READINGS,
)
