"""A format needs a name and a message; everything else has a default."""

import pytest

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.domain.webhooks.formats import Format, Formats, Message, Outgoing, PlannedDelivery, UnknownFormatError
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import Webhook
from tests.domain.build import NOW, stamp

URL = "https://chat.example.com/hooks/1"
CHAT = Format("chat", lambda outgoing: Message({}, outgoing.delivery.event_type.encode()))


def made(webhook_format: Format, given: WebhookChange | None = None) -> Webhook:
    return decisions.create(RegistryState(), "w1", URL, given or WebhookChange(), stamp(), webhook_format).result


def test_a_format_with_defaults_takes_the_registrys_events_and_sends_each_once() -> None:
    webhook = made(CHAT)
    assert (webhook.format, webhook.events) == ("chat", ("*",))
    assert CHAT.deliveries({"type": "version.ready"}, {}) == (PlannedDelivery("version.ready"),)
    outgoing = Outgoing(webhook, Delivery("d1", "w1", "version.ready", None, None, NOW), None, "", 0)
    assert CHAT.message(outgoing).body == b"version.ready"


def test_each_registered_format_is_found_by_its_name() -> None:
    assert [FORMATS.named(known.name) for known in FORMATS] == list(FORMATS)
    assert FORMATS.named("standard") is STANDARD_FORMAT
    assert [known.name for known in FORMATS] == [
        "standard",
        "mlflow",
        "generic",
        "github-dispatch",
        "github-workflow",
        "github-deployment",
        "gitlab",
        "jenkins",
        "azure-devops",
        "argo-events",
        "slack",
        "teams",
        "pagerduty",
    ]


def test_an_unknown_format_is_named_in_the_error_with_those_that_are_known() -> None:
    with pytest.raises(UnknownFormatError, match=r"'chat'.*standard, mlflow, "):
        FORMATS.named("chat")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        (WebhookChange(events=["registered_model.created"]), "/events/0"),
        (WebhookChange(name="ci"), "/name"),
        (WebhookChange(sealed_secret="sealed"), "/secret"),
        (WebhookChange(settings={"repository": "o/r"}), "/settings"),
    ],
)
def test_a_field_that_the_format_does_not_have_is_refused(given: WebhookChange, pointer: str) -> None:
    webhook = made(STANDARD_FORMAT)
    for act in (
        lambda: made(STANDARD_FORMAT, given),
        lambda: decisions.update(RegistryState(), webhook, given, stamp(), FORMATS),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            act()
        assert refusal.value.problems[0].pointer == pointer


def test_a_webhook_of_an_unknown_format_can_be_disabled_but_not_get_other_events() -> None:
    webhook, others = made(CHAT), Formats({"standard": "chalicelib.domain.webhooks.standard:STANDARD_FORMAT"})
    disabled = decisions.update(RegistryState(), webhook, WebhookChange(enabled=False), stamp(), others)
    assert isinstance(disabled, Decision) and not disabled.result.enabled
    with pytest.raises(UnknownFormatError):
        decisions.update(RegistryState(), webhook, WebhookChange(events=["*"]), stamp(), others)


def test_a_secret_is_not_shown_with_an_attempt() -> None:
    delivery = Delivery("d1", "w1", "version.ready", None, None, NOW)
    assert "whsec" not in repr(Outgoing(made(CHAT), delivery, None, "whsec_a", 0))
