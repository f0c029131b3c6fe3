"""Reading the newest windows of a version."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.monitoring.window_items import window_from
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.window import MAX_SOURCES, Window

_PAGE: Final = 25
# A window has at most 64 KiB.
_MOST: Final = 500


def last_windows(services: Services, model: str, monitor: str, version: int, span: Span, count: int) -> list[Window]:
    """The windows of this length that began last, ``count`` different times, from all their sources; newest first.

    If each has one source, it is one query of one item more, which shows that nothing of the last is missing. However
    many sources there are, no more is read than is needed to see that they are too many. There may be fewer times, if
    they have many sources, or if many windows of the length that the monitor had before began after them.
    """
    found: list[Window] = []
    after: str | None = None
    most = min(count * (MAX_SOURCES + 1), _MOST)
    limit = count + 1
    while True:
        stored, after = services.table.query(
            keys.partition(model_ledger(model)), keys.windows_of(monitor, version), limit, after, newest_first=True
        )
        found += map(window_from, stored)
        starts = list(dict.fromkeys(window.start for window in found if window.span is span))
        if after is None or len(starts) > count or len(found) >= most:
            break
        limit = min(_PAGE, most - len(found))
    if after is not None and 1 < len(starts) <= count and starts[-1] == found[-1].start:
        # Of the last time, perhaps not all sources were read.
        starts = starts[:-1]
    kept = set(starts[:count])
    return [window for window in found if window.span is span and window.start in kept]
