"""MLflow's webhooks: those of the registry's webhooks that have MLflow's format. The others are not shown here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib import registry
from chalicelib.api import cursors
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.presenters import webhook_document
from chalicelib.domain.errors import InvalidInputError, WebhookNotFoundError
from chalicelib.domain.mlflow.events import EXAMPLES
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Failure, failure_of

_DEFAULT_PAGE: Final = 100
_MAX_PAGE: Final = 1000
_STATUSES: Final = {"ACTIVE": True, "DISABLED": False}
Document = dict[str, Any]


def create(call: MlflowCall, given: Parameters) -> Document:
    """POST webhooks"""
    name, url = given.required("name"), given.required("url")
    events = _events(given)
    if not events:
        raise invalid("Webhook events must be a non-empty list of WebhookEvent objects: [].")
    change = WebhookChange(events=events, description=given.text("description"), enabled=_enabled(given), name=name)
    secret = given.text("secret") or ""
    with _in_mlflows_words(name, url):
        created = registry.mlflow.webhooks.create_webhook(call.services, call.change(), url, change, secret)
    return {"webhook": webhook_document(created.result)}


def search(call: MlflowCall, given: Parameters) -> Document:
    """GET webhooks"""
    limit = given.integer("max_results", _DEFAULT_PAGE) or _DEFAULT_PAGE
    if not 1 <= limit <= _MAX_PAGE:
        raise invalid(f"max_results must be between 1 and {_MAX_PAGE}.")
    token = given.text("page_token")
    key, now = call.services.signing_key(), call.services.clock()
    start = cursors.open_cursor(token, call.query, key, now) if token else None
    page = registry.mlflow.webhooks.list_webhooks(call.services, limit, start)
    document: Document = {"webhooks": [webhook_document(webhook) for webhook in page.items]} if page.items else {}
    next_token = call.cursor(page.next_start)
    return document if next_token is None else {**document, "next_page_token": next_token}


def get(call: MlflowCall, given: Parameters) -> Document:
    """GET webhooks/{webhook_id}"""
    with _webhook_id(given) as webhook_id:
        return {"webhook": webhook_document(registry.mlflow.webhooks.get_webhook(call.services, webhook_id))}


def update(call: MlflowCall, given: Parameters) -> Document:
    """PATCH webhooks/{webhook_id}: absent fields stay as they are, and so do fields that must not be empty but are."""
    change = WebhookChange(
        url=given.text("url") or None,
        events=_events(given) or None,
        description=given.text("description"),
        enabled=_enabled(given),
        name=given.text("name") or None,
    )
    with _webhook_id(given) as webhook_id, _in_mlflows_words(change.name or "", change.url or ""):
        changed = registry.mlflow.webhooks.update_webhook(
            call.services, call.change(), webhook_id, change, given.text("secret")
        )
    return {"webhook": webhook_document(changed.result)}


def delete(call: MlflowCall, given: Parameters) -> Document:
    """DELETE webhooks/{webhook_id}"""
    with _webhook_id(given) as webhook_id:
        registry.mlflow.webhooks.delete_webhook(call.services, call.change(), webhook_id)
    return {}


def test(call: MlflowCall, given: Parameters) -> Document:
    """POST webhooks/{webhook_id}/test: one attempt, while the caller waits."""
    document = given.document("event")
    event = None if document is None else _event(document)
    with _webhook_id(given) as webhook_id:
        outcome = registry.mlflow.webhooks.try_webhook(call.services, webhook_id, event)
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
def _webhook_id(given: Parameters) -> Iterator[str]:
    """The id in the path. In this context, an unknown webhook raises MLflow's error for it."""
    webhook_id = given.path["webhook_id"]
    try:
        yield webhook_id
    except WebhookNotFoundError:
        raise MlflowError("RESOURCE_DOES_NOT_EXIST", f"Webhook with ID {webhook_id} not found.") from None


@contextmanager
def _in_mlflows_words(name: str, url: str) -> Iterator[None]:
    """In this context, a refused name or URL raises MLflow's error for it, because scripts search for these texts."""
    try:
        yield
    except InvalidInputError as error:
        pointers = {problem.pointer for problem in error.problems}
        if "/name" in pointers:
            raise invalid(
                f"Webhook name {name!r} is invalid. It must start and end with a letter or digit, be less than 63 "
                "characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-)."
            ) from None
        if "/url" in pointers:
            raise invalid(f"{_refused_url(url)} {error.detail}".lstrip()) from None
        raise


def _refused_url(url: str) -> str:
    """What MLflow's server says of a URL that it refuses; empty if it would accept the URL."""
    if not url.strip():
        return f"Webhook URL cannot be empty or just whitespace: {url!r}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        return f"Invalid webhook URL {url!r}: {error!r}"
    if parts.scheme != "https":
        return f"Invalid webhook URL scheme: {parts.scheme!r}. Allowed schemes are: https."
    if not host:
        return f"Webhook URL must include a hostname: {url!r}"
    try:
        public = ip_address(host).is_global
    except ValueError:
        # A host's name: the registry does not tell what it resolves to.
        return ""
    return "" if public else f"Webhook URL must not resolve to a non-public IP address. {host!r} resolves to {host}."


def _events(given: Parameters) -> list[str]:
    return [_event(document) for document in given.documents("events")]


def _event(document: Mapping[str, Any]) -> str:
    """The registry's name of one of MLflow's events. Raises MlflowError for any other event."""
    given = Parameters(document)
    entity, action = given.text("entity") or "", given.text("action") or ""
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
        raise invalid(f"Invalid webhook status {status!r}. It must be one of {', '.join(_STATUSES)}.")
    return _STATUSES[status]
