"""MLflow's webhooks: the registry's own of MLflow's format. Others do not show here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import WebhookNotFoundError
from chalicelib.domain.instants import Instant, moment
from chalicelib.domain.mlflow.events import EXAMPLES
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Failure, failure_of
from chalicelib.domain.webhooks.webhook import Webhook

_DEFAULT_PAGE: Final = 100
_MAX_PAGE: Final = 1000
_STATUSES: Final = {"ACTIVE": True, "DISABLED": False}
Document = dict[str, Any]


def create(call: MlflowCall, given: Parameters) -> Document:
    """POST webhooks"""
    name, url = given.required("name"), given.required("url")
    events = _events(given)
    if not events:
        raise invalid("Missing value for required parameter 'events'.")
    wanted = WebhookChange(events=events, description=given.text("description"), enabled=_enabled(given), name=name)
    secret = given.text("secret") or ""
    created = registry.mlflow.webhooks.create_webhook(call.services, call.change(), url, wanted, secret)
    return {"webhook": _shown(created.result)}


def search(call: MlflowCall, given: Parameters) -> Document:
    """GET webhooks"""
    limit = given.integer("max_results", _DEFAULT_PAGE) or _DEFAULT_PAGE
    if not 1 <= limit <= _MAX_PAGE:
        raise invalid(f"max_results must be between 1 and {_MAX_PAGE}.")
    token = given.text("page_token")
    key, now = call.services.signing_key(), call.services.clock()
    start = cursors.open_cursor(token, call.query, key, now) if token else None
    page = registry.mlflow.webhooks.list_webhooks(call.services, limit, start)
    document: Document = {"webhooks": [_shown(webhook) for webhook in page.items]} if page.items else {}
    more = call.cursor(page.next_start)
    return document if more is None else {**document, "next_page_token": more}


def get(call: MlflowCall, given: Parameters) -> Document:
    """GET webhooks/{webhook_id}"""
    with _known_by_id(given) as webhook_id:
        return {"webhook": _shown(registry.mlflow.webhooks.get_webhook(call.services, webhook_id))}


def update(call: MlflowCall, given: Parameters) -> Document:
    """PATCH webhooks/{webhook_id}: what is absent stays, and so does what must not be empty and is."""
    wanted = WebhookChange(
        url=given.text("url") or None,
        events=_events(given) or None,
        description=given.text("description"),
        enabled=_enabled(given),
        name=given.text("name") or None,
    )
    with _known_by_id(given) as webhook_id:
        changed = registry.mlflow.webhooks.update_webhook(
            call.services, call.change(), webhook_id, wanted, given.text("secret")
        )
    return {"webhook": _shown(changed.result)}


def delete(call: MlflowCall, given: Parameters) -> Document:
    """DELETE webhooks/{webhook_id}"""
    with _known_by_id(given) as webhook_id:
        registry.mlflow.webhooks.delete_webhook(call.services, call.change(), webhook_id)
    return {}


def test(call: MlflowCall, given: Parameters) -> Document:
    """POST webhooks/{webhook_id}/test: one attempt, while the caller waits."""
    event = given.document("event")
    named = None if event is None else _event(event)
    with _known_by_id(given) as webhook_id:
        outcome = registry.mlflow.webhooks.try_webhook(call.services, webhook_id, named)
    if isinstance(outcome, Failure):
        return {"result": {"success": False, "error_message": f"Failed to test webhook: {outcome.error}"}}
    result: Document = {
        "success": failure_of(outcome) is None,
        "response_status": outcome.status,
        "response_body": outcome.excerpt,
    }
    if 300 <= outcome.status < 400:
        result["error_message"] = failure_of(outcome)
    return {"result": result}


@contextmanager
def _known_by_id(given: Parameters) -> Iterator[str]:
    """The id in the path, and MLflow's words for one that nothing has."""
    webhook_id = given.path["webhook_id"]
    try:
        yield webhook_id
    except WebhookNotFoundError:
        raise MlflowError("RESOURCE_DOES_NOT_EXIST", f"Webhook with ID {webhook_id} not found.") from None


def _events(given: Parameters) -> list[str]:
    return [_event(event) for event in given.documents("events")]


def _event(event: Mapping[str, Any]) -> str:
    """An event as the registry names it. Raises MlflowError for what is none of MLflow's."""
    one = Parameters(event)
    entity, action = one.text("entity") or "", one.text("action") or ""
    name = f"{entity}.{action}".lower()
    if name not in EXAMPLES or name.upper() != f"{entity}.{action}":
        known = ", ".join(name.upper() for name in EXAMPLES)
        raise invalid(f"Invalid action {action!r} for entity {entity!r}. Valid events are: {known}.")
    return name


def _enabled(given: Parameters) -> bool | None:
    status = given.text("status")
    if not status:
        return None
    if status not in _STATUSES:
        raise invalid(f"Invalid status {status!r} of a webhook: it is one of {', '.join(_STATUSES)}.")
    return _STATUSES[status]


def _shown(webhook: Webhook) -> Document:
    shown: Document = {
        "webhook_id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "events": [dict(zip(("entity", "action"), name.upper().split("."), strict=True)) for name in webhook.events],
        "status": "ACTIVE" if webhook.enabled else "DISABLED",
        "creation_timestamp": _milliseconds(webhook.created_at),
        "last_updated_timestamp": _milliseconds(webhook.updated_at),
    }
    return {**shown, "description": webhook.description} if webhook.description else shown


def _milliseconds(at: Instant) -> int:
    return round(moment(at).timestamp() * 1000)
