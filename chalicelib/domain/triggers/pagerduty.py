"""Alert by PagerDuty's Events API v2, and resolve the alert when what it was about has ended.

The secret is the integration's routing key. An event and the one that ends it have the same ``dedup_key``.
https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.triggers.answers import expecting
from chalicelib.domain.triggers.cutting import cut, fitted
from chalicelib.domain.triggers.notices import INTERFACE, notice
from chalicelib.domain.triggers.requests import json_message, required_token
from chalicelib.domain.triggers.settings import settings_of
from chalicelib.domain.webhooks.formats import (
    Event,
    Format,
    Message,
    Outgoing,
    PlannedDelivery,
    Secret,
    Tags,
)
from chalicelib.domain.webhooks.webhook import TEST_EVENT

MAX_SUMMARY: Final = 1_024
MAX_DEDUP_KEY: Final = 255
# PagerDuty takes 512 KB in all.
MAX_DETAILS_BYTES: Final = 100_000
_DIGITS: Final = 64
_UPDATED: Final = "webhook.updated"
_JUDGED: Final = "monitor.judged"


@dataclass(frozen=True, slots=True)
class Alert:
    """What an event means for an alert: of which ``severity`` it is, or None if the event ends it.

    ``subject`` names what the alert is about, the same in the events that raise it and that end it.
    """

    severity: str | None
    subject: Callable[[Event], str]


def _states(event: Event) -> str:
    return f"state/{event['ledger']}"


def _webhook(event: Event) -> str:
    return f"webhook/{event['subject']}"


def _deployment(event: Event) -> str:
    return f"deployment/{event['model']}/{_target(event)}"


def _drift(event: Event) -> str:
    return f"drift/{event['model']}/{_target(event)}"


def _monitor(event: Event) -> str:
    return f"monitor/{event['model']}/{event['subject']}"


def _target(event: Event) -> str:
    """The target of a deployment, which the event names; one that the model was taken off, as it was before."""
    return str((event["after"] or event["before"])["target"])


_TEST: Final = Alert("info", lambda event: f"test/{event['webhook']}")
_ALERTS: Final[Mapping[str, tuple[Alert, ...]]] = {
    "model.state_differs": (Alert("critical", _states),),
    "registry.state_differs": (Alert("critical", _states),),
    "webhook.disabled": (Alert("warning", _webhook),),
    _UPDATED: (Alert(None, _webhook),),
    "webhook.deleted": (Alert(None, _webhook),),
    "deployment.failed": (Alert("error", _deployment),),
    "deployment.succeeded": (Alert(None, _deployment),),
    "deployment.drifted": (Alert("error", _drift),),
    "deployment.agreed": (Alert(None, _drift),),
    "deployment.withdrawn": (Alert(None, _deployment), Alert(None, _drift)),
    "monitor.alarmed": (Alert("error", _monitor),),
    "monitor.silent": (Alert("warning", _monitor),),
    "monitor.recovered": (Alert(None, _monitor),),
    # Another version is watched than the one that was unwell.
    _JUDGED: (Alert(None, _monitor),),
    "monitor.deleted": (Alert(None, _monitor),),
}


def _alerts_of(event: Event) -> tuple[Alert, ...]:
    """What an event means for each alert.

    A changed webhook ends one only if it is enabled again, and a monitor's other verdicts only if all is well.
    """
    after = event.get("after") or {}
    if event["type"] == _UPDATED and after.get("enabled") is not True:
        return ()
    if event["type"] == _JUDGED and after.get("verdict") != "ok":
        return ()
    return _ALERTS.get(event["type"], ())


def dedup_key(subject: str) -> str:
    """A key of at most 255 characters. A long subject is cut, and told from others by its SHA-256."""
    key = f"moorage/{subject}"
    return key if len(key) <= MAX_DEDUP_KEY else f"{key[: MAX_DEDUP_KEY - _DIGITS - 1]}/{sha256_hex(key)}"


def _deliveries(event: Event, _: Tags) -> tuple[PlannedDelivery, ...]:
    """One for each alert. That of a lone alert has no part."""
    found = len(_alerts_of(event))
    parts: Iterable[int | None] = range(found) if found > 1 else [None] * found
    return tuple(PlannedDelivery(event["type"], part) for part in parts)


def _message(outgoing: Outgoing) -> Message:
    told = outgoing.told
    alert = _TEST if told["type"] == TEST_EVENT else _ALERTS[told["type"]][outgoing.delivery.part or 0]
    document: dict[str, Any] = {
        "routing_key": outgoing.secret,
        "event_action": "resolve" if alert.severity is None else "trigger",
        "dedup_key": dedup_key(alert.subject(told)),
    }
    if alert.severity is not None:
        document |= _payload(outgoing, alert.severity)
    return json_message(outgoing, document)


def _payload(outgoing: Outgoing, severity: str) -> dict[str, Any]:
    told, shown = outgoing.told, notice(outgoing)
    details = {name: told.get(name) for name in ("id", "actor", "reason", "details", "before", "after")}
    payload = {
        "summary": cut(shown.title, MAX_SUMMARY),
        "source": "moorage",
        "severity": severity,
        "timestamp": told["time"],
        "component": told.get("model") or "registry",
        "class": told["type"],
        "custom_details": fitted(details, MAX_DETAILS_BYTES),
    }
    links = {"links": [{"href": shown.link, "text": "Open in Moorage"}]} if shown.link else {}
    return {"payload": payload, "client": "Moorage", **links}


PAGERDUTY_FORMAT: Final = Format(
    "pagerduty",
    _message,
    default_events=tuple(_ALERTS),
    deliveries=_deliveries,
    secret=Secret.CREDENTIAL,
    check_secret=required_token,
    default_url="https://events.pagerduty.com/v2/enqueue",
    settings=settings_of(INTERFACE),
    verdict=expecting(202),
)
