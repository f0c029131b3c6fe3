"""Registry tokens: who is refused and why, and the record of their last use."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Grant, Role
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.instants import later
from chalicelib.registry.access import tokens
from chalicelib.registry.access.authentication import LAST_USED_EVERY, authenticate
from tests.conftest import ADMIN_TOKEN
from tests.registry.build import request
from tests.registry.faults import Calls

Created = tuple[str, str]


@pytest.fixture
def token(registry: Services) -> Created:
    """The id and the text of a token."""
    created = tokens.create_token(registry, request(), "ci", [Grant(Role.VIEWER, "fraud")], 7).result
    assert created.plain is not None
    return created.token.id, created.plain


def refusal(registry: Services, credential: str) -> CredentialsRefusedError:
    with pytest.raises(CredentialsRefusedError) as refused:
        authenticate(registry, f"Bearer {credential}")
    return refused.value


def test_a_token_brings_its_grants(registry: Services, token: Created) -> None:
    principal = authenticate(registry, f"Bearer {token[1]}")
    assert principal.name == "token:ci"
    assert principal.may(Action.READ, "fraud") and not principal.may(Action.READ, "credit")


def test_the_bootstrap_token_administers_and_costs_no_read(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    assert authenticate(registry, f"Bearer {ADMIN_TOKEN}").may_registry(Action.ADMINISTER)
    assert calls.operations == []


def test_the_reason_of_a_refusal_is_logged_and_not_told(
    registry: Services, token: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_id, text = token
    other = "0" if text[-1] != "0" else "1"
    wrong = {
        refusal(registry, text[:-1] + other).reason,
        refusal(registry, text.replace(token_id, "0" * len(token_id))).reason,
        refusal(registry, ADMIN_TOKEN[:-1] + "0").reason,
    }
    assert {"wrong_secret", "unknown_token"} == wrong
    now = later(registry.clock(), timedelta(days=8))
    monkeypatch.setattr(registry, "clock", lambda: now)
    expired = refusal(registry, text)
    assert (expired.reason, str(expired)) == ("expired", str(refusal(registry, text[:-1] + other)))


def test_a_use_is_recorded_at_most_once_an_hour(
    registry: Services, token: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_id, text = token
    start = registry.clock()
    recorded = []
    for passed in (timedelta(0), LAST_USED_EVERY - timedelta(seconds=1), LAST_USED_EVERY):
        now = later(start, passed)
        monkeypatch.setattr(registry, "clock", lambda now=now: now)
        authenticate(registry, f"Bearer {text}")
        recorded.append(tokens.get_token(registry, token_id).last_used_at)
    assert recorded == [start, start, later(start, LAST_USED_EVERY)]


def test_a_use_that_cannot_be_recorded_is_logged_and_the_caller_let_in(
    registry: Services, token: Created, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://aws.example")

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.UpdateItem", fail)
    assert authenticate(registry, f"Bearer {token[1]}").name == "token:ci"
    line = json.loads(capsys.readouterr().out)
    assert line == {"log": "last_use_not_recorded", "token": token[0], "error": "ReadTimeoutError"}


def test_an_older_use_does_not_replace_a_newer_one(
    registry: Services, token: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests find the token unused; the one that began earlier writes last."""
    token_id, text = token
    start = registry.clock()
    newer = later(start, timedelta(minutes=1))
    clock: list[Any] = [start]
    monkeypatch.setattr(registry, "clock", lambda: clock[0])

    def overtake(**_: Any) -> None:
        registry.client("dynamodb").meta.events.unregister("before-call.dynamodb.UpdateItem", overtake)
        clock[0] = newer
        authenticate(registry, f"Bearer {text}")

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.UpdateItem", overtake)
    authenticate(registry, f"Bearer {text}")
    assert tokens.get_token(registry, token_id).last_used_at == newer
