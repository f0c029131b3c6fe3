"""What a format of webhooks is: which events its receivers know, and how an event is sent to them.

Each capability makes its own ``Format``. ``domain/formats.py`` lists them all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.webhook import EVERYTHING, Webhook, event_patterns, invalid

Event = Mapping[str, Any]
Tags = Mapping[str, str]


class UnknownFormatError(ConflictError):
    """The webhook has a format that this release of the registry does not know. Newer releases may know it."""


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """A delivery that an event makes in some format.

    ``event_type`` is what the format calls the event. ``part`` is the index of this delivery among those of the event,
    or None in a format that always makes one.
    """

    event_type: str
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt of a delivery. ``timestamp`` is its time in Unix seconds.

    ``event`` is None for a test. The delivery's ``event_type`` is then TEST_EVENT, or one of the format's own events
    to send an example of. ``secret`` is the webhook's secret, or empty if its owner gave none. ``old_secrets``
    are those that the registry made before and still signs with.
    """

    webhook: Webhook
    delivery: Delivery
    event: Event | None
    secret: str = field(repr=False)
    timestamp: int
    old_secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """The headers and the body of a POST to a webhook."""

    headers: Mapping[str, str]
    body: bytes


def one_delivery(event: Event, _: Tags) -> tuple[PlannedDelivery, ...]:
    """One delivery for each event, under the registry's own event type."""
    return (PlannedDelivery(event["type"]),)


def no_tags(_: str) -> bool:
    """No event needs the tags of its model."""
    return False


def no_name(_: str) -> str:
    """Refuse any name. Raises InvalidInputError."""
    raise invalid("/name", "cannot be set in this format")


@dataclass(frozen=True, slots=True)
class Format:
    """How events are sent to one kind of receiver.

    A new format needs a module that makes its ``Format`` and a line in ``domain/formats.py``. Only ``name`` and
    ``message`` have no default. With the defaults, webhooks take the registry's own events, each event makes one
    delivery, and the registry derives the secret. All functions are pure.

    - ``name`` is stored with each webhook of the format. It must never change.
    - ``message`` makes the headers and body of one attempt. The body is the same at every attempt.
    - ``events`` checks the events that a caller chose and returns each once. Raises InvalidInputError.
    - ``default_events`` are the events of a webhook whose creator chose none.
    - ``webhook_name`` checks and returns the name of a webhook. Raises InvalidInputError.
    - ``deliveries`` plans the deliveries of an event, always in the same order: those that the webhook wants are
      queued. Its second argument has the tags of the event's model if ``needs_tags``, and is empty otherwise.
    - ``needs_tags`` returns whether the deliveries of an event of this type depend on the tags of its model.
    - ``own_secret``: whether the caller chooses the secret. Otherwise the registry derives it.
    """

    name: str
    message: Callable[[Outgoing], Message]
    events: Callable[[Sequence[str]], tuple[str, ...]] = event_patterns
    default_events: tuple[str, ...] = EVERYTHING
    webhook_name: Callable[[str], str] = no_name
    deliveries: Callable[[Event, Tags], Sequence[PlannedDelivery]] = one_delivery
    needs_tags: Callable[[str], bool] = no_tags
    own_secret: bool = False


class Formats:
    """All formats of webhooks, by name."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats: Final[Mapping[str, Format]] = {known.name: known for known in formats}

    def __iter__(self) -> Iterator[Format]:
        return iter(self._formats.values())

    def named(self, name: str) -> Format:
        """The format that webhooks store as ``name``. Raises UnknownFormatError."""
        if name not in self._formats:
            known = ", ".join(self._formats)
            raise UnknownFormatError(
                f"This release of the registry does not know the webhook format {name!r}. It knows: {known}."
            )
        return self._formats[name]
