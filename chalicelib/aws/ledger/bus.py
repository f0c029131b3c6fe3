"""The event bus: every committed event is put on it, at least once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.aws.log import log_line
from chalicelib.aws.names import EVENT_SOURCE
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import moment

# Limits of PutEvents: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
MAX_ENTRIES: Final = 10
MAX_BYTES: Final = 256 * 1024
# What an entry's time counts.
_TIME_BYTES: Final = 14


class EventBus:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, events: Sequence[Mapping[str, Any]]) -> int:
        """Put events on the bus in order. Returns how many of them, counted from the first, the bus has accepted.

        The count ends at the first event that the bus refuses, or that is larger than it takes. It and all events after
        it must be put again, so that none overtakes it.
        """
        accepted = 0
        for batch in _batches([self._entry(event) for event in events]):
            if _size(batch[0]) > MAX_BYTES:
                event = events[accepted]
                log_line("event_too_large", ledger=event["ledger"], sequence=event["sequence"], bytes=_size(batch[0]))
                return accepted
            answer = self._client.put_events(Entries=batch)
            for entry in answer["Entries"]:
                if "ErrorCode" in entry:
                    return accepted
                accepted += 1
        return accepted

    def _entry(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "EventBusName": self._name,
            "Source": EVENT_SOURCE,
            "DetailType": event["type"],
            "Time": moment(event["time"]),
            "Detail": canonical_json(event),
        }


def _batches(entries: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """As many entries in a batch, in order, as one call takes. One that no call takes is alone in its batch."""
    batch: list[dict[str, Any]] = []
    size = 0
    for entry in entries:
        added = _size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + added > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += added
    if batch:
        yield batch


def _size(entry: Mapping[str, Any]) -> int:
    """The size by which the bus counts an entry."""
    return _TIME_BYTES + sum(len(str(entry[part]).encode()) for part in ("Source", "DetailType", "Detail"))
