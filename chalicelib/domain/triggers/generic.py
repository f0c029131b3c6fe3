"""Send a JSON document of one's own to any receiver, and to Argo.

The format ``argo-events`` is for Argo Workflows' API of events, and for the webhook event source of Argo Events.
https://argo-workflows.readthedocs.io/en/latest/events/
"""

from typing import Any, Final

from chalicelib.domain.triggers.answers import expecting
from chalicelib.domain.triggers.placeholders import filled
from chalicelib.domain.triggers.requests import (
    DEFAULT_EVENTS,
    bearer,
    below,
    json_message,
    optional_token,
)
from chalicelib.domain.triggers.settings import Setting, settings_of, template, text
from chalicelib.domain.webhooks.custom_headers import is_refused
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret
from chalicelib.domain.webhooks.webhook import invalid

_ARGO_BODY: Final = {"delivery": "$.delivery", "event": "$.detail"}
_ARGO_NAME: Final = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_ANY_SUCCESS: Final = expecting(200, 201, 202, 203, 204)


def _secret_header(pointer: str, value: Any) -> str:
    """The name of a header that may be given."""
    name: str = text(r"[A-Za-z0-9-]+", 100, "X-Api-Key")(pointer, value)
    if is_refused(name):
        raise invalid(pointer, "must not be a header that the registry or HTTP itself sets")
    return name


def _argo(outgoing: Outgoing) -> Message:
    settings, url = outgoing.settings, ""
    if "namespace" in settings:
        place = (settings["namespace"], settings.get("discriminator", ""))
        url = below(outgoing.webhook.url, "api", "v1", "events", *place)
    document = filled(settings.get("template", _ARGO_BODY), outgoing)
    return json_message(outgoing, document, _credential(outgoing), url)


def _generic(outgoing: Outgoing) -> Message:
    return json_message(outgoing, filled(outgoing.settings["template"], outgoing), _credential(outgoing))


def _credential(outgoing: Outgoing) -> dict[str, str]:
    """The header that carries the secret, as a bearer token if the settings name no header; none without a secret."""
    if not outgoing.secret:
        return {}
    name = outgoing.settings.get("secret_header")
    return bearer(outgoing.secret) if name is None else {name: outgoing.secret}


ARGO_EVENTS_FORMAT: Final = Format(
    "argo-events",
    _argo,
    default_events=DEFAULT_EVENTS,
    secret=Secret.CREDENTIAL,
    check_secret=optional_token,
    base_url=True,
    settings=settings_of(
        {
            "namespace": Setting(text(_ARGO_NAME, 63, "models")),
            "discriminator": Setting(text(_ARGO_NAME, 63, "promoted")),
            "template": Setting(template()),
        }
    ),
    verdict=_ANY_SUCCESS,
)
GENERIC_FORMAT: Final = Format(
    "generic",
    _generic,
    default_events=DEFAULT_EVENTS,
    secret=Secret.CREDENTIAL,
    check_secret=optional_token,
    settings=settings_of(
        {
            "template": Setting(template(), required=True),
            "secret_header": Setting(_secret_header),
        }
    ),
    verdict=_ANY_SUCCESS,
)
