"""Tell a channel of Microsoft Teams, by the webhook of a workflow. Its address is the secret.

The message is an adaptive card. Its texts are runs of text, because text blocks and facts would read them as Markdown.
https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook
https://adaptivecards.io/explorer/RichTextBlock.html
"""

from typing import Any, Final

from chalicelib.domain.triggers.answers import expecting
from chalicelib.domain.triggers.notices import DEFAULT_EVENTS, INTERFACE, notice
from chalicelib.domain.triggers.requests import json_message
from chalicelib.domain.triggers.settings import settings_of
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret, Settings
from chalicelib.domain.webhooks.webhook import endpoint, invalid

# Teams refuses larger messages. A notice is shorter than this by its own limits.
MAX_BYTES: Final = 28 * 1024
_RETIRED: Final = "webhook.office.com"


def _message(outgoing: Outgoing) -> Message:
    told = notice(outgoing)
    body = [_block({"text": told.title, "weight": "Bolder", "size": "Medium"})]
    body += [_block({"text": f"{name}  ", "weight": "Bolder"}, {"text": value}) for name, value in told.facts.items()]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": told.link}] if told.link else [],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return json_message(outgoing, {"type": "message", "attachments": [attachment]}, url=outgoing.secret)


def _block(*runs: dict[str, str]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}


def _check_secret(_: Settings, secret: str) -> None:
    host = endpoint(secret, "/secret").hostname or ""
    if host == _RETIRED or host.endswith(f".{_RETIRED}"):
        raise invalid("/secret", "is the address of a connector, which Teams has retired: make a workflow instead")


TEAMS_FORMAT: Final = Format(
    "teams",
    _message,
    default_events=DEFAULT_EVENTS,
    secret=Secret.ADDRESS,
    check_secret=_check_secret,
    settings=settings_of(INTERFACE),
    verdict=expecting(200, 202),
)
