"""Webhooks: URLs that receive events, and the log of deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing
from moorage.paths import segment

_STANDARD: Final = "standard"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook. ``secret`` is present only in the response that created or rotated it.

    ``format`` is ``standard``, that of a product such as ``github-workflow``, or ``mlflow`` if an MLflow client created
    the webhook. An ``mlflow`` webhook has a ``name``, and its ``events`` are those of MLflow. ``settings`` are those of
    the format. ``secret_set`` says whether its owner gave it a secret. ``secret_headers`` are the names of its secret
    headers. ``rate_limit`` is in deliveries a minute.
    """

    id: str
    url: str
    events: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    description: str | None = None
    enabled: bool = True
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    secret: str | None = field(default=None, repr=False)
    format: str = "standard"
    name: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    secret_set: bool = False
    old_secrets_end_at: datetime | None = None
    only_stages: tuple[str, ...] = ()
    only_tags: dict[str, str] = field(default_factory=dict)
    only_fields: tuple[str, ...] = ()
    custom_headers: dict[str, str] = field(default_factory=dict)
    secret_headers: tuple[str, ...] = ()
    rate_limit: int | None = None
    max_attempts: int | None = None
    disabled_reason: str = ""


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """How the receiver of a webhook is doing.

    ``failing_since`` is the time of the first failed attempt after the last success, None if the last one succeeded.
    ``failures_in_a_row`` counts the deliveries since then that failed for good. ``disabled_reason`` says why the
    registry disabled the webhook.
    """

    webhook: str
    enabled: bool
    disabled_reason: str = ""
    failing_since: datetime | None = None
    failures_in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver. ``status`` is None if there was no response, ``error`` is None if it succeeded.

    ``links`` are URLs in the response, such as that of the run that was started, by what they lead to.
    """

    time: datetime
    duration_ms: int = 0
    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of an event, or of a part of one, to a webhook. ``id`` is sent as the ``webhook-id`` header."""

    id: str
    state: str
    event_type: str
    webhook: str | None = None
    ledger: str | None = None
    sequence: int | None = None
    part: int | None = None
    round: int = 1
    created_at: datetime | None = None
    next_attempt_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryWithPayload(Delivery):
    """A delivery with the body that every attempt sends."""

    payload: dict[str, Any] = field(default_factory=dict)


class WebhookContent(TypedDict, total=False):
    """The fields of a webhook.

    ``events`` are types such as ``version.ready`` or ``alias.*``. ``models`` are names, in which ``*`` matches
    any text. An event must also pass each of these, if given: by it, a version enters one of ``only_stages``; its model
    or version has all of ``only_tags``, whose values may have ``*`` in them; it changes one of ``only_fields``, such as
    ``description`` or ``tags/team``. ``settings`` are those of the format, such as
    ``{"repository": "example/models"}``; they replace all that there were. ``secret`` is the receiver's token or key,
    in formats that take one. ``custom_headers`` and ``secret_headers`` are sent with each delivery; the values of the
    secret ones are never shown. ``rate_limit`` is how many deliveries a minute are sent, the others wait.
    ``max_attempts`` is how often a delivery is attempted, at most and by default ten times.
    """

    url: str
    events: Sequence[str]
    models: Sequence[str]
    description: str | None
    enabled: bool
    settings: Mapping[str, Any]
    secret: str
    only_stages: Sequence[str] | None
    only_tags: Mapping[str, str] | None
    only_fields: Sequence[str] | None
    custom_headers: Mapping[str, str] | None
    secret_headers: Mapping[str, str] | None
    rate_limit: int | None
    max_attempts: int | None


class NewWebhook(WebhookContent, total=False):
    """The fields of a webhook to create. ``format`` is ``standard`` by default and cannot be changed later."""

    format: str


class Webhooks:
    """The webhooks of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, **content: Unpack[NewWebhook]) -> Webhook:
        """Create a webhook. ``secret`` of the result verifies deliveries; it is not shown again.

        In formats other than ``standard`` the secret is your own, and the result has none.
        """
        created = self._connection.post(Webhook, "webhooks", content)
        if created.secret is not None or created.format != _STANDARD:
            return created
        # The first response was lost and with it the secret, so nobody could verify a delivery. It is replaced.
        self.delete(created.id)
        return self._connection.post(Webhook, "webhooks", content)

    def get(self, webhook: str) -> Webhook:
        return self._connection.get(Webhook, _path(webhook))

    def health(self, webhook: str) -> WebhookHealth:
        """Since when the receiver of a webhook fails, and why the webhook was disabled."""
        return self._connection.get(WebhookHealth, f"{_path(webhook)}/health")

    def list(self, *, limit: int | None = None) -> Listing[Webhook]:
        return self._connection.items(Webhook, "webhooks", limit)

    def update(self, webhook: str, *, if_match: str | None = None, **changes: Unpack[WebhookContent]) -> Webhook:
        return decode(Webhook, self._connection.write("PATCH", _path(webhook), changes, if_match=if_match))

    def delete(self, webhook: str) -> None:
        self._connection.write("DELETE", _path(webhook))

    def test(self, webhook: str) -> Delivery:
        """Queue a ``webhook.test`` delivery."""
        return self._connection.post(Delivery, f"{_path(webhook)}/test")

    def rotate(self, webhook: str, *, grace_seconds: int = 0) -> Webhook:
        """Give a webhook a new ``secret``. For ``grace_seconds``, deliveries are also signed with the old one."""
        path, body = f"{_path(webhook)}/rotate", {"grace_seconds": grace_seconds}
        rotated = self._connection.post(Webhook, path, body)
        # If the first response was lost and with it the secret, rotate again. Earlier secrets keep their grace period.
        return rotated if rotated.secret is not None else self._connection.post(Webhook, path, body)

    def deliveries(self, webhook: str, *, state: str | None = None, limit: int | None = None) -> Listing[Delivery]:
        """The deliveries to a webhook, newest first.

        ``state`` selects those that are ``pending``, ``succeeded``, ``failed`` or ``cancelled``.
        """
        return self._connection.items(Delivery, f"{_path(webhook)}/deliveries", limit, state=state)

    def delivery(self, webhook: str, delivery: str) -> DeliveryWithPayload:
        """A delivery with what it sends."""
        return self._connection.get(DeliveryWithPayload, f"{_path(webhook)}/deliveries/{segment(delivery)}")

    def redeliver(self, webhook: str, delivery: str) -> Delivery:
        """Queue a delivery again."""
        return self._connection.post(Delivery, f"{_path(webhook)}/deliveries/{segment(delivery)}/redeliver")

    def redeliver_range(
        self,
        webhook: str,
        since: datetime,
        until: datetime,
        *,
        states: Sequence[str] | None = None,
        missed: bool = False,
    ) -> int:
        """Queue the deliveries of all events from ``since`` to before ``until`` again, under the same ids.

        Returns how many were queued. ``states`` selects those that ``succeeded``, ``failed`` or were ``cancelled``; by
        default all of them are queued. ``missed`` also makes deliveries of events that have none, for example because
        the webhook was disabled. Both times need a zone. It makes several calls. If one fails, the calls before stand,
        and the whole range can be queued again: a receiver drops duplicates by their id.
        """
        asked: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat(), "missed": missed}
        if states is not None:
            asked["states"] = list(states)
        queued = 0
        while True:
            part = self._connection.post(_Redelivered, f"{_path(webhook)}/redeliver", asked)
            queued += part.queued
            if part.next_cursor is None:
                return queued
            asked["cursor"] = part.next_cursor


@dataclass(frozen=True, slots=True)
class _Redelivered:
    queued: int
    next_cursor: str | None = None


def _path(webhook: str) -> str:
    return f"webhooks/{segment(webhook)}"
