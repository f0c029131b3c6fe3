"""The event bus: every committed event is put on it, at least once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.aws.names import EVENT_SOURCE
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import moment

# Limit of PutEvents.
MAX_ENTRIES: Final = 10


class EventBus:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, events: Sequence[Mapping[str, Any]]) -> int:
        """Put events on the bus in order. Returns how many of them, counted from the first, the bus has accepted.

        The count ends at the first event that the bus refuses. It and all events after it must be put again, so that
        none overtakes it.
        """
        for start in range(0, len(events), MAX_ENTRIES):
            batch = events[start : start + MAX_ENTRIES]
            answer = self._client.put_events(Entries=[self._entry(event) for event in batch])
            for index, entry in enumerate(answer["Entries"]):
                if "ErrorCode" in entry:
                    return start + index
        return len(events)

    def _entry(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "EventBusName": self._name,
            "Source": EVENT_SOURCE,
            "DetailType": event["type"],
            "Time": moment(event["time"]),
            "Detail": canonical_json(event),
        }
