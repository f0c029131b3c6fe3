"""Messages to Slack and Teams: within the products' limits, and nothing in them becomes markup."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.triggers.teams import MAX_BYTES
from chalicelib.domain.webhooks.deliveries import Answer
from tests.domain.triggers.build import EVENTS, event, sent, webhook
from tests.products.descriptions import read_card

SLACK = "https://hooks.slack.com/services/T0/B0/xyz"
TEAMS = "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=xyz"
INTERFACE = "https://models.example.com/ui/"


def texts(value: Any) -> list[str]:
    """Every text that a Slack message shows."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for one in value.values() for text in texts(one)]
    return [text for one in value for text in texts(one)] if isinstance(value, list) else []


def check_slack(document: dict[str, Any]) -> None:
    """Refuse what Slack refuses: https://docs.slack.dev/reference/block-kit/blocks"""
    assert document.keys() <= {"text", "blocks"} and document["text"]
    assert 1 <= len(document["blocks"]) <= 50
    for block in document["blocks"]:
        if block["type"] == "section":
            assert "text" in block or block["fields"]
            assert len(block.get("text", {"text": "x"})["text"]) <= 3_000
            assert len(block.get("fields", [])) <= 10
            assert all(1 <= len(field["text"]) <= 2_000 for field in block.get("fields", []))
        else:
            assert block["type"] == "actions" and 1 <= len(block["elements"]) <= 25
            assert all(len(element["url"]) <= 3_000 for element in block["elements"])


@settings(max_examples=25)
@given(EVENTS)
def test_slack_takes_whatever_an_event_says_and_reads_no_markup_in_it(told: dict[str, Any]) -> None:
    document = json.loads(sent(webhook("slack", interface=INTERFACE), told, SLACK).body)
    check_slack(document)
    for text in texts(document):
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text)


@settings(max_examples=25)
@given(EVENTS)
def test_a_message_to_teams_is_small_enough_and_only_runs_of_text(told: dict[str, Any]) -> None:
    message = sent(webhook("teams", interface=INTERFACE), told, TEAMS)
    assert len(message.body) < MAX_BYTES
    (attachment,) = json.loads(message.body)["attachments"]
    assert {block["type"] for block in attachment["content"]["body"]} == {"RichTextBlock"}


@pytest.mark.parametrize(
    "told",
    [
        event(),
        event(reason="[click](https://evil.example) **bold**\r\n" * 50, actor="\u202egnp.exe"),
        event("token.revoked", ledger="registry", model=None, version=None, before={"name": "ci"}, after=None),
        None,
    ],
)
def test_microsofts_library_reads_the_card_without_objection(told: dict[str, Any] | None) -> None:
    message = json.loads(sent(webhook("teams", interface=INTERFACE), told, TEAMS).body)
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = read_card(attachment["content"])
    assert card.objections == []
    assert len(card.opened) == 1 and card.opened[0].startswith(INTERFACE.rstrip("/"))
    assert all(card.texts)


def test_the_card_reader_objects_to_a_card_that_is_not_valid() -> None:
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "Nope"}], "actions": []}
    assert read_card(card).objections
    assert read_card({**card, "body": [], "actions": [{"type": "Action.OpenUrl", "title": "no url"}]}).objections


def test_a_notice_says_what_changed_who_did_it_and_where_to_look() -> None:
    document = json.loads(sent(webhook("slack", interface=INTERFACE), event(), SLACK).body)
    assert document["text"] == "Version transitioned: fraud 3"
    shown = "\n".join(texts(document))
    assert "token:ci" in shown and "better recall" in shown and "staging → production" in shown.replace("&gt;", ">")
    assert document["blocks"][-1]["elements"][0]["url"] == "https://models.example.com/ui/models/fraud/versions/3"
    assert len(json.loads(sent(webhook("slack"), event(), SLACK).body)["blocks"]) == 2


@pytest.mark.parametrize(("name", "secret"), [("slack", SLACK), ("teams", TEAMS)])
def test_a_message_goes_to_the_secret_address(name: str, secret: str) -> None:
    message = sent(webhook(name, f"https://{urlsplit(secret).hostname}"), event(), secret)
    assert message.url == secret
    assert secret not in repr(message) and secret.encode() not in message.body
    assert not set(message.headers) & {"Authorization"}


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("slack", ""),
        ("slack", "not a url"),
        ("slack", "ftp://hooks.slack.com/x"),
        ("teams", ""),
        ("teams", "https://contoso.webhook.office.com/webhookb2/1"),
        ("teams", "https://webhook.office.com/1"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_being_shown(name: str, secret: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        FORMATS.named(name).check_secret({}, secret)
    assert refusal.value.problems[0].pointer == "/secret"
    assert not secret or secret not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "answer", "error", "final"),
    [
        ("slack", Answer(200, excerpt="ok"), None, False),
        ("slack", Answer(200, excerpt="<html>"), "did not answer ok", False),
        ("slack", Answer(400, excerpt="invalid_blocks"), "400", True),
        ("slack", Answer(403, excerpt="invalid_token"), "403", True),
        ("slack", Answer(429, "1"), "429", False),
        ("teams", Answer(202), None, False),
        ("teams", Answer(404), "404", True),
        ("teams", Answer(413), "413", True),
    ],
)
def test_what_an_answer_means(name: str, answer: Answer, error: str | None, final: bool) -> None:
    verdict = FORMATS.named(name).verdict(answer)
    assert (verdict.error is None) == (error is None) and (error or "") in (verdict.error or "")
    assert verdict.final is final
