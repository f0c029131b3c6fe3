"""What the requests of triggers have in common: headers, credentials, addresses."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.webhooks.formats import FORM, JSON, Message, Outgoing, Settings
from chalicelib.domain.webhooks.webhook import MAX_SECRET, invalid

# Neither is deduplicated by the receiver, but both let it: of a duplicate delivery they are the same.
EVENT_HEADER: Final = "Moorage-Event-Id"
DELIVERY_HEADER: Final = "Moorage-Delivery-Id"

# What pipelines are told unless the webhook's settings say otherwise.
VARIABLES: Final[Mapping[str, str]] = {
    "MOORAGE_EVENT_ID": "$.detail.id",
    "MOORAGE_EVENT_TYPE": "$.detail.type",
    "MOORAGE_MODEL": "$.detail.model",
    "MOORAGE_VERSION": "$.detail.version",
    "MOORAGE_ALIAS": "$.detail.alias",
    "MOORAGE_STAGE": "$.detail.after.stage",
}
# What starts a pipeline unless the webhook's creator chose other events.
DEFAULT_EVENTS: Final = ("version.transitioned",)
# The most characters of a variable. GitHub takes 65,535 of all inputs, so that 25 of these fit.
MAX_VALUE: Final = 2_000


def json_message(
    outgoing: Outgoing, document: Mapping[str, Any], headers: Mapping[str, str] | None = None, url: str = ""
) -> Message:
    """A message whose body is a JSON document: the same bytes at every attempt."""
    body = canonical_json(document).encode()
    return Message({"Content-Type": JSON, **_ids(outgoing), **(headers or {})}, body, url)


def form_message(
    outgoing: Outgoing, fields: Mapping[str, str], headers: Mapping[str, str] | None = None, url: str = ""
) -> Message:
    """A message whose body is a form."""
    return Message({"Content-Type": FORM, **_ids(outgoing), **(headers or {})}, urlencode(fields).encode(), url)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(user: str, secret: str) -> dict[str, str]:
    """HTTP Basic (RFC 7617)."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()}


def below(url: str, *steps: str | int) -> str:
    """The address of a resource below ``url``, whose path may end in a slash. The steps are percent-encoded."""
    return "/".join([url.rstrip("/"), *(quote(str(step), safe="") for step in steps)])


def required_token(_: Settings, secret: str) -> None:
    """A token of 1 to 1,000 printable ASCII characters without blanks. Raises InvalidInputError."""
    if not secret:
        raise invalid("/secret", "must be given in this format")
    optional_token(_, secret)


def optional_token(_: Settings, secret: str) -> None:
    """Like ``required_token``, but there may be none."""
    fits = len(secret) <= MAX_SECRET and secret.isascii() and secret.isprintable() and " " not in secret
    if not fits:
        raise invalid("/secret", f"must be at most {MAX_SECRET} printable ASCII characters without blanks")


def _ids(outgoing: Outgoing) -> dict[str, str]:
    return {EVENT_HEADER: str(outgoing.told["id"]), DELIVERY_HEADER: outgoing.delivery.id}
