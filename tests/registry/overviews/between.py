"""Another writer, between the two reads of an overview."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.aws.services import Services

_EVENT = "before-call.dynamodb.BatchGetItem"


@contextmanager
def between_reads(registry: Services, act: Callable[[], Any]) -> Iterator[None]:
    """While entered, ``act`` once after the first batch was read and before the second is."""
    events, reads = registry.client("dynamodb").meta.events, 0

    def read(**_: Any) -> None:
        nonlocal reads
        reads += 1
        # What ``act`` reads counts on, so that it acts only once.
        if reads == 2:
            act()

    events.register(_EVENT, read)
    try:
        yield
    finally:
        events.unregister(_EVENT, read)
    assert reads > 2, "there was no second read"
