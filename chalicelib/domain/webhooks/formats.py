"""What a format of webhooks is: which events its receivers know, and how an event is sent to them.

Each capability makes its own ``Format``. ``domain/formats.py`` lists them all.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qsl

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.webhooks.deliveries import Answer, Delivery, Verdict, verdict_on
from chalicelib.domain.webhooks.webhook import EVERYTHING, Webhook, caller_secret, event_patterns, invalid

Event = Mapping[str, Any]
Tags = Mapping[str, str]
Settings = Mapping[str, Any]

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


class UnknownFormatError(ConflictError):
    """The webhook has a format that this release of the registry does not know. Newer releases may know it."""


class Secret(Enum):
    """Whose the secret of a webhook is, and what it is for."""

    # The registry derives it, and signs with it.
    DERIVED = auto()
    # The caller chose it, to have deliveries signed with it.
    SIGNING = auto()
    # The receiver gave it to the caller. Requests carry it.
    CREDENTIAL = auto()
    # It is the URL that requests go to: whoever knows it may send.
    ADDRESS = auto()


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

    @property
    def settings(self) -> Settings:
        """The settings of the webhook."""
        return self.webhook.settings

    @property
    def told(self) -> Event:
        """The event, or what stands for it in a test."""
        if self.event is not None:
            return self.event
        delivery = self.delivery
        return {
            "id": delivery.id,
            "type": delivery.event_type,
            "time": delivery.created_at,
            "webhook": delivery.webhook,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """The headers and the body of a POST, and the URL that it goes to: the webhook's own if that is empty."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(default="", repr=False)

    @property
    def payload(self) -> dict[str, Any]:
        """The body as a document. Each body is a JSON object or a form."""
        if self.headers.get("Content-Type") == FORM:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that exchanges a private key for the token that deliveries carry.

    ``issuer`` is who the key belongs to. The request carries a JWT that the key signed.
    """

    issuer: str
    url: str
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


def no_settings(given: Settings) -> Settings:
    """Refuse any setting. Raises InvalidInputError."""
    if given:
        raise invalid("/settings", "cannot be set in this format")
    return {}


def any_secret(_: Settings, secret: str) -> None:
    """Accept any secret of at most 1,000 characters, and none. Raises InvalidInputError."""
    caller_secret(secret)


def no_exchange(_: str, __: Settings) -> None:
    """Requests carry the secret itself."""


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
    - ``secret`` says whose the secret is. By default the registry derives it.
    - ``check_secret`` checks the secret that a caller gave, which is empty for none, with these settings. Raises
      InvalidInputError, whose text does not show the secret.
    - ``default_url`` is the URL of a webhook whose creator gave none; if it is empty, one must be given.
    - ``base_url``: whether requests go to addresses below the URL, so that it can have no query.
    - ``settings`` checks the settings of a webhook and returns them. Raises InvalidInputError.
    - ``exchange`` says how the secret, a private key, is exchanged for the token that requests carry, given the
      webhook's URL and settings. None if they carry the secret itself.
    - ``verdict`` says what the receiver's answer means.
    """

    name: str
    message: Callable[[Outgoing], Message]
    events: Callable[[Sequence[str]], tuple[str, ...]] = event_patterns
    default_events: tuple[str, ...] = EVERYTHING
    webhook_name: Callable[[str], str] = no_name
    deliveries: Callable[[Event, Tags], Sequence[PlannedDelivery]] = one_delivery
    needs_tags: Callable[[str], bool] = no_tags
    secret: Secret = Secret.DERIVED
    check_secret: Callable[[Settings, str], None] = any_secret
    default_url: str = ""
    base_url: bool = False
    settings: Callable[[Settings], Settings] = no_settings
    exchange: Callable[[str, Settings], Exchange | None] = no_exchange
    verdict: Callable[[Answer], Verdict] = verdict_on

    @property
    def own_secret(self) -> bool:
        """Whether the secret comes from the caller."""
        return self.secret is not Secret.DERIVED


class Formats:
    """All formats of webhooks. ``places`` says where each name's ``Format`` is: ``module:CONSTANT``.

    A module is imported when its format is first asked for, so that a function starts with those it sends only.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places: Final = places

    def __iter__(self) -> Iterator[Format]:
        return map(self.named, self._places)

    def named(self, name: str) -> Format:
        """The format that webhooks store as ``name``. Raises UnknownFormatError."""
        if name not in self._places:
            known = ", ".join(self._places)
            raise UnknownFormatError(
                f"This release of the registry does not know the webhook format {name!r}. It knows: {known}."
            )
        module, _, constant = self._places[name].partition(":")
        found: Format = getattr(import_module(module), constant)
        return found
