"""Windows to items and back. They lie outside of every ledger and go when their time to live is over."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import known_fields
from chalicelib.aws.names import SCHEMA, TIME_TO_LIVE
from chalicelib.aws.table import Item
from chalicelib.domain.instants import epoch_seconds, later
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.window import Measured, Window
from chalicelib.domain.statistics.histogram import from_document

_SCHEMA: Final = 1


def window_item(model: str, window: Window) -> Item:
    """The item of a window, kept for as long as windows of its length are."""
    stored = {
        **window.content(),
        "monitor": window.monitor,
        "span": window.span.value,
        "received_at": window.received_at,
        "received_by": window.received_by,
    }
    return item(
        keys.window(model, window.monitor, window.version, window.start, window.source),
        {
            **body(stored),
            TIME_TO_LIVE: epoch_seconds(later(window.received_at, window.span.kept)),
            SCHEMA: _SCHEMA,
        },
    )


def window_from(stored: Item) -> Window:
    found = document_from(stored)
    return Window(
        **{
            **known_fields(Window, found),
            "span": Span(found["span"]),
            "features": tuple(map(from_document, found["features"])),
            "metrics": {name: Measured(**known_fields(Measured, one)) for name, one in found["metrics"].items()},
        }
    )
