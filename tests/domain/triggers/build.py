"""Webhooks of the formats of products, and what they send."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.formats import Message, Outgoing
from chalicelib.domain.webhooks.webhook import TEST_EVENT, Webhook
from tests.domain.build import NOW, stamp

URL = "https://ci.example.com/base"
SECRET = "a-token"
# The settings that each format needs.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "generic": {"template": {"model": "$.detail.model"}},
    "github-dispatch": {"repository": "example/models"},
    "github-workflow": {"repository": "example/models", "workflow": "deploy.yml", "ref": "main"},
    "github-deployment": {"repository": "example/models", "ref": "main", "environment": "production"},
    "gitlab": {"project": "team/models", "ref": "main"},
    "jenkins": {"job": "models/deploy", "user": "moorage"},
    "azure-devops": {"organization": "contoso", "project": "models", "pipeline": 7, "ref": "main"},
    "argo-events": {},
    "slack": {},
    "teams": {},
    "pagerduty": {},
}
ADDRESSES = ("slack", "teams")


def event(event_type: str = "version.transitioned", **fields: Any) -> dict[str, Any]:
    """An event of a model's ledger."""
    return {
        "schema_version": 1,
        "id": "e" * 32,
        "ledger": "model:fraud",
        "sequence": 7,
        "type": event_type,
        "time": NOW,
        "actor": "token:ci",
        "model": "fraud",
        "version": 3,
        "alias": None,
        "subject": None,
        "reason": "better recall",
        "details": None,
        "before": {"stage": "staging"},
        "after": {"stage": "production"},
        **fields,
    }


def webhook(name: str, url: str = URL, **settings: Any) -> Webhook:
    """A webhook of a format, with the settings that it needs and these."""
    given = WebhookChange(settings={**NEEDED[name], **settings}, sealed_secret="sealed")
    return decisions.create(RegistryState(), "w1", url, given, stamp(), FORMATS.named(name)).result


def sent(of: Webhook, told: Mapping[str, Any] | None, secret: str = SECRET, part: int | None = None) -> Message:
    """What a webhook sends of an event, or of a part of it; None for a test."""
    event_type = TEST_EVENT if told is None else told["type"]
    delivery = Delivery("d" * 32, "w1", event_type, None if told is None else "model:fraud", None, NOW, part=part)
    return FORMATS.named(of.format).message(Outgoing(of, delivery, told, secret, 0))


# Texts that markup, JSON, forms and headers would stumble over.
HOSTILE = st.one_of(
    st.text(max_size=50),
    st.sampled_from(
        [
            "<!channel> & <https://evil.example|click>",
            "[click](https://evil.example) **bold** `code`",
            '"}, {"injected": true, "x": "',
            "a=b&token=stolen",
            "line\r\nX-Injected: 1",
            "\u202egnp.exe\u2066",
            "𝔘" * 400,
            "\x00\x1b" * 300,
            "$.detail.records",
        ]
    ),
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), HOSTILE),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=30), inner, max_size=4)),
    max_leaves=4,
)
# Events whose texts and values anybody may have chosen, long ones among them.
EVENTS = st.builds(
    lambda model, reason, actor, before, after, large: event(
        model=model,
        reason=reason,
        actor=actor,
        before=before,
        after={**after, **({"description": "é" * 70_000} if large else {})},
    ),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.dictionaries(st.text(max_size=60), _VALUES, max_size=6),
    st.dictionaries(st.text(max_size=60), _VALUES, max_size=6),
    st.booleans(),
)
