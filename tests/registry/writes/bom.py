"""Writes of bills of materials."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.registry.bom import importing
from tests.domain.bom.build import of_a_generator
from tests.registry.arranged import a_version
from tests.registry.writes.write import Write

WRITES: Final = {
    "import a bill of materials": Write(
        event_types.CARD_UPDATED,
        a_version,
        lambda s, r, m, _: importing.import_bom(s, r, m, "1", of_a_generator()),
    ),
}
