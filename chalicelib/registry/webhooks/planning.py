"""Which deliveries an event makes for which webhooks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks import deliveries
from chalicelib.domain.webhooks.formats import Format, PlannedDelivery, UnknownFormatError
from chalicelib.domain.webhooks.narrowing import passes
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry import models, versions

Event = Mapping[str, Any]


def planned(services: Services, event: Event, webhooks: Iterable[Webhook]) -> list[QueuedDelivery]:
    """The deliveries of a committed event to those of the webhooks that want it, always with the same ids.

    The webhook's format says which deliveries an event makes. A webhook of an unknown format is logged and gets none.
    Tags are read as they are now, once, and only if a format or a filter needs them.
    """
    by_format = _by_format(webhooks)
    tags = _TagsOfEvent(services, event)
    return [
        _queued(services, event, webhook, one)
        for webhook_format, of_format in by_format.items()
        for one in webhook_format.deliveries(event, tags.of_model() if webhook_format.needs_tags(event["type"]) else {})
        for webhook in of_format
        if webhook.wants(one.event_type, _about(event)) and passes(webhook, event, tags)
    ]


def _about(event: Event) -> str | None:
    """The model that an event is about; None if it is about the registry as a whole.

    A schedule has a pattern in its place. A webhook gets its firings if one of the webhook's own patterns covers it.
    """
    if event["type"] in (event_types.SCHEDULE_FIRED, event_types.SCHEDULE_FINISHED):
        return str(event["after"]["models"])
    model: str | None = event["model"]
    return model


class _TagsOfEvent:
    """The tags of an event's model and of its version, each read when it is first looked at."""

    def __init__(self, services: Services, event: Event) -> None:
        self._services = services
        self._model: str | None = event["model"]
        self._version: int | None = event["version"]
        self._of_model: Mapping[str, str] | None = None
        self._of_version: Mapping[str, str] | None = None

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        yield self.of_model()
        yield self.of_version()

    def of_model(self) -> Mapping[str, str]:
        if self._of_model is None:
            self._of_model = {} if self._model is None else models.tags.tags_of(self._services, self._model)
        return self._of_model

    def of_version(self) -> Mapping[str, str]:
        """Its tags; none if the event is about no version, or if the version was deleted."""
        if self._of_version is None:
            self._of_version = (
                {}
                if self._model is None or self._version is None
                else versions.tags.tags_of(self._services, self._model, self._version)
            )
        return self._of_version


def _by_format(webhooks: Iterable[Webhook]) -> dict[Format, Sequence[Webhook]]:
    """The webhooks by format. Those of an unknown format are left out and logged, each with the error."""
    grouped: dict[str, list[Webhook]] = {}
    for webhook in webhooks:
        grouped.setdefault(webhook.format, []).append(webhook)
    known: dict[Format, Sequence[Webhook]] = {}
    for name, of_format in grouped.items():
        try:
            known[FORMATS.named(name)] = of_format
        except UnknownFormatError as error:
            for webhook in of_format:
                log_line("webhook_skipped", webhook=webhook.id, error=type(error).__name__, detail=error.detail)
    return known


def _queued(services: Services, event: Event, webhook: Webhook, one: PlannedDelivery) -> QueuedDelivery:
    return QueuedDelivery(
        delivery=deliveries.delivery_id(webhook.id, event, one.part),
        webhook=webhook.id,
        event_type=one.event_type,
        ledger=event["ledger"],
        sequence=event["sequence"],
        created_at=services.clock(),
        part=one.part,
    )
