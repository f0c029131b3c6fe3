from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as IndependentVerifier
from standardwebhooks.webhooks import WebhookVerificationError

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.instants import epoch_seconds, instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Put
from chalicelib.domain.ledger.events import Head
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.signature import derived_secret, payload, signed_headers
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import MAX_PATTERNS, Webhook, endpoint, event_patterns, matches, model_patterns
from tests.domain.build import NOW, stamp
from tests.domain.stored import read_back

URL = "https://ci.example.com/hooks?team=a"
KEY = b"k" * 64


def made(**given: object) -> Webhook:
    change = WebhookChange(**given)  # type: ignore[arg-type]
    return decisions.create(RegistryState(), "w1", URL, change, stamp(), STANDARD_FORMAT).result


@pytest.mark.parametrize(
    ("patterns", "event_type", "taken"),
    [
        (["*"], "version.ready", True),
        (["version.ready"], "version.ready", True),
        (["version.ready"], "version.created", False),
        (["version.*"], "version.created", True),
        (["version.*"], "versions.created", False),
        (["alias.*", "version.*"], "version.created", True),
    ],
)
def test_event_filters_take_types_prefixes_and_everything(patterns: list[str], event_type: str, taken: bool) -> None:
    assert matches(patterns, ["*"], event_type, "fraud") is taken


def test_an_event_must_pass_both_filters() -> None:
    webhook = made(events=["version.*"], models=["fraud-*"])
    assert webhook.wants("version.ready", "fraud-eu")
    assert not webhook.wants("version.ready", "credit")
    assert not webhook.wants("alias.set", "fraud-eu")


def test_events_of_no_model_go_only_to_webhooks_that_watch_all_models() -> None:
    assert made(models=["*"]).wants("token.created", None)
    assert not made(models=["f*"]).wants("token.created", None)


def test_a_disabled_webhook_wants_nothing() -> None:
    assert not made(enabled=False).wants("version.ready", "fraud")


@given(st.sampled_from(sorted(event_types.ALL)))
def test_every_event_type_is_taken_by_itself_and_by_its_group(event_type: str) -> None:
    group = event_type.split(".", maxsplit=1)[0]
    assert matches(event_patterns([event_type]), ["*"], event_type, "fraud")
    assert matches(event_patterns([f"{group}.*"]), ["*"], event_type, "fraud")


@pytest.mark.parametrize("pattern", ["version", "version.", "nothing.*", "version.*.x", ".*", "", "version.unknown"])
def test_a_filter_that_no_event_could_pass_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        event_patterns(["*", pattern])
    assert refusal.value.problems[0].pointer == "/events/1"


def test_filters_are_bounded_in_number_and_length() -> None:
    with pytest.raises(InvalidInputError):
        event_patterns([])
    with pytest.raises(InvalidInputError):
        model_patterns(["a"] * (MAX_PATTERNS + 1))
    with pytest.raises(InvalidInputError):
        model_patterns(["a" * 257])
    assert model_patterns(["a", "a", "b"]) == ("a", "b")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "example.com/hook",
        "https://",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com/#part",
        "https://example.com/#",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: inside",
        "https://example.com\\@inside/",
        "https://bücher.example/",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://[::1/",
        "https://-example.com/",
        "https://example..com/",
        "https://" + "a" * 2048,
        "",
    ],
)
def test_an_unfit_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        endpoint(url)
    assert refusal.value.problems[0].pointer == "/url"


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://example.com",
        "http://127.0.0.1:8080/x",
        "https://[2600::1]:8443/",
        "https://a_b.example./x?y=%20",
    ],
)
def test_a_fit_url_keeps_its_parts(url: str) -> None:
    assert endpoint(url) == urlsplit(url)


@given(st.text(max_size=80))
def test_no_url_text_gets_through_that_could_break_a_request(text: str) -> None:
    try:
        parts = endpoint("https://example.com/" + text)
    except InvalidInputError:
        return
    assert parts.hostname == "example.com"
    assert all("!" <= character <= "~" for character in parts.path + parts.query)


def test_a_new_webhook_is_told_everything_unless_it_says_otherwise() -> None:
    assert (made().events, made().models, made().enabled) == (("*",), ("*",), True)


def test_events_of_webhooks_tell_what_changed() -> None:
    ledger = RegistryState(Head(7, "0" * 64, "e7"))
    outcome = decisions.update(ledger, made(), WebhookChange(description="for CI"), stamp(), FORMATS)
    assert isinstance(outcome, Decision)
    assert outcome.event.type == event_types.WEBHOOK_UPDATED
    assert (outcome.event.before, outcome.event.after) == (
        {"description": ""},
        {"description": "for CI"},
    )


def test_a_change_to_what_stands_already_is_no_change() -> None:
    webhook = made(events=["version.*"])
    outcome = decisions.update(RegistryState(), webhook, WebhookChange(events=["version.*"]), stamp(), FORMATS)
    assert isinstance(outcome, NoChange)


def test_neither_record_nor_event_of_a_webhook_holds_its_secret() -> None:
    decision = decisions.create(RegistryState(), "w1", URL, WebhookChange(), stamp(), STANDARD_FORMAT)
    written = repr(decision)
    assert derived_secret(KEY, "w1", 1) not in written
    assert "secret" not in decision.event.after  # type: ignore[operator]


def test_a_stored_webhook_reads_back_the_same() -> None:
    webhook = made(events=["version.*", "alias.set"], models=["a*", "b"], enabled=False)
    assert read_back(webhook) == webhook


def test_secrets_differ_by_webhook_generation_and_key() -> None:
    others = {derived_secret(KEY, "w2", 1), derived_secret(KEY, "w1", 2), derived_secret(b"other", "w1", 1)}
    assert len(others | {derived_secret(KEY, "w1", 1)}) == 4
    assert derived_secret(KEY, "w1", 1) == derived_secret(KEY, "w1", 1)


def test_an_independent_verifier_accepts_the_signature_and_no_other_body() -> None:
    # The verifier holds the timestamp against its own clock.
    now = epoch_seconds(instant(datetime.now(UTC)))
    body = payload("version.ready", NOW, {"model": "Überweisung"})
    headers = signed_headers([derived_secret(KEY, "w1", 1)], "d1", now, body)
    verifier = IndependentVerifier(derived_secret(KEY, "w1", 1))
    assert verifier.verify(body, headers) == {
        "type": "version.ready",
        "timestamp": NOW,
        "data": {"model": "Überweisung"},
    }
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        IndependentVerifier(derived_secret(KEY, "w2", 1)).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body, {**headers, "webhook-id": "d2"})


def test_an_old_secret_signs_for_its_grace() -> None:
    once = rotated(made(), 60)
    ends = later(NOW, timedelta(seconds=60))
    assert (once.signing_generations(NOW), once.signing_generations(ends)) == ((2, 1), (2,))
    assert once.old_secrets_end_at == ends and read_back(once) == once
    at_once = rotated(once, 0)
    assert (at_once.signing_generations(NOW), at_once.old_secrets_end_at) == ((3,), None)


def test_a_second_rotation_keeps_the_grace_of_older_secrets_but_does_not_extend_it() -> None:
    twice = rotated(rotated(made(), 60), 3600)
    assert twice.signing_generations(NOW) == (3, 2, 1)
    assert twice.signing_generations(later(NOW, timedelta(seconds=60))) == (3, 2)
    assert rotated(twice, 30).old_secrets_end_at == later(NOW, timedelta(seconds=30))
    many = made()
    for _ in range(5):
        many = rotated(many, 60)
    assert many.signing_generations(NOW) == (6, 5, 4, 3)


def test_the_event_of_a_rotation_shows_that_there_was_one_and_no_secret() -> None:
    event = decisions.rotate_secret(RegistryState(), made(), 0, stamp(), FORMATS).event
    assert (event.type, event.after) == ("webhook.updated", {"secret_generation": 2, "old_secrets_end_at": None})


def rotated(webhook: Webhook, grace_seconds: int) -> Webhook:
    return decisions.rotate_secret(RegistryState(), webhook, grace_seconds, stamp(), FORMATS).result


@pytest.mark.parametrize("seconds", [-1, 86_401])
def test_an_old_secret_ends_within_a_day(seconds: int) -> None:
    with pytest.raises(InvalidInputError, match="/grace_seconds"):
        decisions.rotate_secret(RegistryState(), made(), seconds, stamp(), FORMATS)


def test_a_message_is_signed_with_each_secret() -> None:
    one, other = (derived_secret(KEY, "w1", generation) for generation in (1, 2))
    both = signed_headers([other, one], "d1", 7, b"{}")["webhook-signature"].split()
    assert both == [signed_headers([secret], "d1", 7, b"{}")["webhook-signature"] for secret in (other, one)]


def test_a_webhook_is_disabled_once_with_an_event_of_its_own() -> None:
    outcome = decisions.disable(RegistryState(), made(), "the receiver answered 410 Gone")
    assert isinstance(outcome, Decision)
    assert (outcome.event.type, outcome.event.reason) == ("webhook.disabled", "the receiver answered 410 Gone")
    (change,) = outcome.changes
    assert change == Put(replace(made(), enabled=False, disabled_reason="the receiver answered 410 Gone"))
    assert isinstance(decisions.disable(RegistryState(), replace(made(), enabled=False), "again"), NoChange)


def updated(webhook: Webhook, **given: object) -> Webhook:
    change = WebhookChange(**given)  # type: ignore[arg-type]
    return decisions.update(RegistryState(), webhook, change, stamp(), FORMATS).result


def test_whoever_enables_a_webhook_that_was_disabled_clears_the_reason() -> None:
    disabled = replace(made(), enabled=False, disabled_reason="it was gone")
    assert updated(disabled, description="x").disabled_reason == "it was gone"
    assert updated(disabled, enabled=True).disabled_reason == ""


def test_a_webhook_with_filters_headers_and_limits_reads_back_the_same() -> None:
    webhook = made(
        only_stages=["production"],
        only_tags={"team": "risk*"},
        only_fields=["tags/team"],
        custom_headers={"X-Env": "prod"},
        secret_headers=["X-Api-Key"],
        sealed_headers="sealed",
        rate_limit=60,
        max_attempts=3,
    )
    assert read_back(webhook) == webhook
    assert "sealed" not in str(decisions.public_document(webhook))


def test_null_limits_are_no_limits() -> None:
    webhook = made(rate_limit=60, max_attempts=3)
    unlimited = updated(webhook, rate_limit=0, max_attempts=0)
    assert (unlimited.rate_limit, unlimited.max_attempts) == (None, None)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"rate_limit": 6_001}, "/rate_limit"),
        ({"rate_limit": -1}, "/rate_limit"),
        ({"max_attempts": 11}, "/max_attempts"),
        ({"only_stages": ["s"] * 21}, "/only_stages"),
        ({"only_stages": [""]}, "/only_stages/0"),
        ({"only_fields": ["f" * 301]}, "/only_fields/0"),
        ({"only_tags": {"": "*"}}, "/only_tags"),
        ({"only_tags": {str(number): "*" for number in range(11)}}, "/only_tags"),
        ({"custom_headers": {"X-A": "1"}, "secret_headers": ["x-a"], "sealed_headers": "s"}, "/custom_headers/x-a"),
    ],
)
def test_a_limit_or_filter_out_of_bounds_is_refused(given: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        made(**given)
    assert refusal.value.problems[0].pointer == pointer


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/hooks", "http://ci.example.com/", "https://ci.example.com:8443/hooks"]
)
def test_secret_headers_do_not_follow_a_webhook_to_another_host(url: str) -> None:
    webhook = made(secret_headers=["X-Api-Key"], sealed_headers="sealed")
    with pytest.raises(InvalidInputError) as refusal:
        updated(webhook, url=url)
    assert refusal.value.problems[0].pointer == "/secret_headers"
    assert updated(webhook, url="https://ci.example.com/other").sealed_headers == "sealed"
    assert updated(webhook, url=url, secret_headers=[], sealed_headers="").url == url


def test_the_event_of_new_secret_headers_shows_that_there_were_some_and_no_value() -> None:
    webhook = made(secret_headers=["X-Api-Key"], sealed_headers="one")
    change = WebhookChange(secret_headers=["X-Api-Key"], sealed_headers="two")
    outcome = decisions.update(RegistryState(), webhook, change, stamp(), FORMATS)
    assert isinstance(outcome, Decision)
    assert outcome.event.after == {"headers_generation": 1}
