"""Tell a channel of Slack, by an incoming webhook. Its address is the secret.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
https://docs.slack.dev/reference/block-kit/blocks
"""

from typing import Any, Final

from chalicelib.domain.triggers.answers import judged
from chalicelib.domain.triggers.notices import DEFAULT_EVENTS, INTERFACE, notice
from chalicelib.domain.triggers.requests import json_message
from chalicelib.domain.triggers.settings import settings_of
from chalicelib.domain.webhooks.deliveries import Answer, Verdict
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, Secret, Settings
from chalicelib.domain.webhooks.webhook import endpoint

MAX_ADDRESS: Final = 2_048


def escaped(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or date comes of it.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _message(outgoing: Outgoing) -> Message:
    told = notice(outgoing)
    title = escaped(told.title)
    # An escaped character takes up to five. So title and facts stay below Slack's 3,000 and 2,000 characters.
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*"}}]
    if told.facts:
        fields = [
            {"type": "mrkdwn", "text": f"*{escaped(name)}*\n{escaped(value)}"} for name, value in told.facts.items()
        ]
        blocks.append({"type": "section", "fields": fields})
    if told.link:
        button = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": told.link}
        blocks.append({"type": "actions", "elements": [button]})
    return json_message(outgoing, {"text": title, "blocks": blocks}, url=outgoing.secret)


def _verdict(answer: Answer) -> Verdict:
    verdict = judged(answer, (200,))
    if verdict.error is None and answer.excerpt.strip() != "ok":
        return Verdict("the receiver did not answer ok")
    return verdict


def _check_secret(_: Settings, secret: str) -> None:
    endpoint(secret, "/secret")


SLACK_FORMAT: Final = Format(
    "slack",
    _message,
    default_events=DEFAULT_EVENTS,
    secret=Secret.ADDRESS,
    check_secret=_check_secret,
    settings=settings_of(INTERFACE),
    verdict=_verdict,
)
