"""Calls to the registry: requests, retries, and the errors for each response."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from moorage import (
    Client,
    ConflictError,
    ForbiddenError,
    Grant,
    InvalidRequestError,
    MoorageError,
    NotConfiguredError,
    NotFoundError,
    PreconditionFailedError,
    PromotionRule,
    RateLimitedError,
    ServerError,
    UnauthenticatedError,
    UnreachableError,
)

from tests.client import lines
from tests.client.conftest import URL
from tests.client.lines import Line


def answering(status: int, document: object = None, **headers: str) -> lines.Forward:
    return lambda request: httpx.Response(status, json=document, headers=headers)


def client_of(forward: lines.Forward) -> Client:
    return Client(URL, "moor_id_secret", transport=Line(forward))


def test_a_model_is_created_once_and_found_after(client: Client) -> None:
    created = client.get_or_create_model("Größe & Co", owner="risk")
    assert (created.owner, created.versions) == ("risk", 0)
    assert client.get_or_create_model("Größe & Co", owner="other").owner == "risk"


def test_a_model_that_another_creates_in_between_is_taken(client: Client, api: Line) -> None:
    client.models.create("fraud", owner="first")
    api.disturb(lambda request, _: httpx.Response(404, json={"code": "model_not_found"}))
    assert client.get_or_create_model("fraud").owner == "first"


def test_names_are_one_path_segment_whatever_is_in_them(client: Client) -> None:
    for name in ("50%off", "a?b#c", "naïve model", "a@b"):
        client.models.create(name)
        assert client.models.get(name).name == name


def test_a_lost_answer_has_one_effect(client: Client, api: Line) -> None:
    api.disturb(lines.lose_answer)
    assert client.models.create("fraud").name == "fraud"
    first, second = api.sent("POST", "/models")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_every_call_has_the_token_that_a_file_has_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    monkeypatch.setenv("MOORAGE_TOKEN_FILE", str(file))
    file.write_text("first")
    line = Line(answering(200, {"principal": "ci"}))
    with Client(URL, transport=line) as client:
        client.whoami()
        file.write_text("second")
        client.whoami()
    assert [request.headers["Authorization"] for request in line.requests] == ["Bearer first", "Bearer second"]


def test_calls_say_what_they_belong_to_if_the_environment_does(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(answering(200, {"principal": "ci"}))
    for given in ("", "ci/run-7"):
        monkeypatch.setenv("MOORAGE_CORRELATION_ID", given)
        with Client(URL, "moor_id_secret", transport=line) as client:
            client.whoami()
    assert [request.headers.get("X-Correlation-Id") for request in line.requests] == [None, "ci/run-7"]


@pytest.mark.parametrize("given", ["two words", "-a", "a" * 129, "a\n", "é"])
def test_a_correlation_id_that_the_registry_would_pass_over_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("MOORAGE_CORRELATION_ID", given)
    with pytest.raises(NotConfiguredError, match="MOORAGE_CORRELATION_ID"):
        Client(URL, "moor_id_secret")


def test_two_calls_have_two_keys(client: Client, api: Line) -> None:
    client.models.create("one")
    client.models.create("two")
    first, second = api.sent("POST", "/models")
    assert first.headers["Idempotency-Key"] != second.headers["Idempotency-Key"]


def test_a_busy_registry_is_given_the_time_it_asks_for(client: Client, api: Line, waits: list[float]) -> None:
    api.disturb(lines.unavailable, times=2)
    assert client.whoami().principal
    assert waits == [7.0, 7.0]


def test_a_registry_that_stays_away_is_given_up_after_the_last_attempt(client: Client, api: Line) -> None:
    api.disturb(lines.lose_request, times=99)
    with pytest.raises(UnreachableError, match=r"registry\.example does not answer") as gone:
        client.whoami()
    assert len(api.requests) == 4
    assert gone.value.retryable


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_registry_that_fails_once_is_asked_again_with_the_same_key(client: Client, api: Line, status: int) -> None:
    api.disturb(lambda request, _: httpx.Response(status, json={"detail": "a defect"}), times=2)
    assert client.models.create("fraud").name == "fraud"
    assert len({request.headers["Idempotency-Key"] for request in api.sent("POST", "/models")}) == 1
    api.disturb(lambda request, _: httpx.Response(status))
    assert client.models.get("fraud").name == "fraud"


def test_a_registry_that_keeps_failing_is_an_error_that_may_pass(client: Client, api: Line) -> None:
    api.disturb(lambda request, _: httpx.Response(500, json={"detail": "a defect"}), times=99)
    with pytest.raises(ServerError, match="a defect") as failed:
        client.whoami()
    assert failed.value.retryable
    assert len(api.requests) == 4


def test_contention_is_tried_again(client: Client, api: Line) -> None:
    api.disturb(lambda request, _: httpx.Response(409, json={"code": "contention", "detail": "busy"}))
    assert client.models.create("fraud").name == "fraud"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, UnauthenticatedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (412, PreconditionFailedError),
        (413, InvalidRequestError),
        (415, InvalidRequestError),
        (422, InvalidRequestError),
        (418, MoorageError),
        (501, ServerError),
    ],
)
def test_an_answer_becomes_the_error_of_its_status(status: int, kind: type[MoorageError]) -> None:
    problem = {
        "detail": "what was wrong",
        "code": "some_code",
        "request_id": "r-1",
        "errors": [{"pointer": "/name", "message": "is blank"}],
    }
    with client_of(answering(status, problem)) as client, pytest.raises(kind) as raised:
        client.whoami()
    error = raised.value
    assert type(error) is kind
    assert (error.message, error.status, error.code, error.request_id) == (
        "what was wrong",
        status,
        "some_code",
        "r-1",
    )
    assert str(error) == "what was wrong\n  /name: is blank"
    assert not error.retryable


def test_too_many_calls_is_an_error_only_after_the_retries(client: Client, api: Line, waits: list[float]) -> None:
    api.disturb(lambda request, _: httpx.Response(429, json={}), times=99)
    with pytest.raises(RateLimitedError):
        client.whoami()
    assert len(waits) == 3


def test_an_answer_that_is_no_problem_document_is_still_an_error() -> None:
    def gateway(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, text="<html>", headers={"X-Request-Id": "r-2"})

    with client_of(gateway) as client, pytest.raises(ForbiddenError, match="answered 403") as raised:
        client.whoami()
    assert raised.value.request_id == "r-2"


def test_a_page_that_is_not_the_registry_is_said_to_be_so() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<html>")

    with client_of(page) as client, pytest.raises(ServerError, match="other than JSON"):
        client.whoami()


def test_a_redirect_is_not_followed_with_the_token() -> None:
    seen: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

    with client_of(elsewhere) as client, pytest.raises(MoorageError):
        client.whoami()
    assert seen == ["registry.example"]


def test_lists_are_read_page_after_page_up_to_the_limit(client: Client) -> None:
    for number in range(7):
        client.models.create(f"model-{number}")
    assert [model.name for model in client.models.list(prefix="model-", limit=3)] == [
        "model-0",
        "model-1",
        "model-2",
    ]
    assert len(list(client.models.list())) == 7


def test_a_list_follows_its_cursors() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        following = {None: "a", "a": "b", "b": None}[cursor]
        model = {"name": f"after-{cursor}", "created_at": "2026-11-23T09:30:00.000Z"}
        return httpx.Response(200, json={"items": [model], "next_cursor": following})

    with client_of(page) as client:
        assert [model.name for model in client.models.list()] == ["after-None", "after-a", "after-b"]


def test_a_stale_change_is_refused(client: Client) -> None:
    stale = client.models.create("fraud")
    client.models.update("fraud", description="newer")
    with pytest.raises(PreconditionFailedError):
        client.models.update("fraud", if_match=stale.etag, description="older")
    fresh = client.models.get("fraud")
    assert client.models.update("fraud", if_match=fresh.etag, description="newest").description == "newest"


def test_an_alias_moves_only_from_where_it_is_expected(client: Client) -> None:
    for _ in range(2):
        client.register("fraud")
    client.aliases.set("fraud", "champion", 1, expected=None)
    with pytest.raises(ConflictError) as moved:
        client.aliases.set("fraud", "champion", 2, expected=None)
    assert moved.value.code == "alias_moved"
    client.aliases.set("fraud", "champion", 2, expected=1, reason="better")
    assert client.aliases.roll_back("fraud", "champion").version == 1
    assert [move.version for move in client.aliases.history("fraud", "champion")] == [1, 2, 1]
    assert [(alias.alias, alias.version) for alias in client.aliases.list("fraud")] == [("champion", 1)]


def test_stages_are_moved_and_rolled_back(client: Client) -> None:
    for _ in range(2):
        number = client.register("fraud").number
        moved = client.versions.transition("fraud", number, "production", expected_stage="development")
        assert moved.stage == "production"
    assert client.stages.roll_back("fraud", "production", reason="drift").number == 1
    held = {stage.name: stage.version for stage in client.stages.list("fraud")}
    assert held["production"] == 1
    newest = next(client.stages.history("fraud", "production"))
    assert (newest.version, newest.previous_version, newest.reason) == (1, 2, "drift")


def test_a_promotion_rule_comes_back_as_it_was_set(client: Client) -> None:
    client.models.create("fraud")
    rule = PromotionRule(metric="auc", to_stage="production", at_least=0.9)
    assert client.models.set_promotion_rule("fraud", rule) == rule
    assert client.models.promotion_rule("fraud") == rule
    client.models.clear_promotion_rule("fraud")
    with pytest.raises(NotFoundError):
        client.models.promotion_rule("fraud")


def test_times_of_metadata_are_datetimes_wherever_metadata_is_read(client: Client) -> None:
    trained = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    metadata = {"training": {"at": trained, "epochs": [1, 2]}}
    client.models.create("fraud", metadata=metadata)
    client.register("fraud", metadata=metadata)
    assert client.models.get("fraud").metadata == metadata
    assert next(client.models.list()).metadata == metadata
    assert client.versions.get("fraud", 1).metadata == metadata
    assert next(client.search.versions()).metadata == metadata
    created = next(client.events.list("fraud", order="oldest"))
    assert created.before is None
    assert created.after is not None and created.after["metadata"] == metadata
    assert created.document["after"]["metadata"]["training"]["at"] == {"$time": "2026-11-23T09:30:00.000Z"}
    changed = {change.field: change.after for change in client.changes.list("fraud")}
    assert changed["metadata/training/at"] == trained


def test_what_is_no_time_in_metadata_is_said_to_be_so() -> None:
    model = {"name": "fraud", "created_at": "2026-11-23T09:30:00.000Z", "metadata": {"at": {"$time": "soon"}}}
    with client_of(answering(200, model)) as client, pytest.raises(MoorageError, match=r"Model\.metadata"):
        client.models.get("fraud")


def test_a_token_whose_secret_was_lost_on_the_way_is_replaced(client: Client, api: Line) -> None:
    api.disturb(lines.lose_answer)
    created = client.tokens.create("ci", [Grant("contributor", "fraud-*")], expires_in_days=7)
    assert created.token is not None
    usable = [token.id for token in client.tokens.list() if token.revoked_at is None]
    assert usable == [created.id]
    assert created.token not in repr(created)
    client.tokens.revoke(created.id)
    assert client.tokens.get(created.id).revoked_at is not None


def test_the_chain_is_verified_here_and_by_the_registry(client: Client) -> None:
    client.register("fraud")
    head = client.events.verify("fraud")
    found = client.events.verified_by_registry("fraud")
    assert (head.sequence, head.hash) == (3, found.head_hash)
    assert found.intact
    assert found.checked == 3
    newest = next(client.events.list("fraud"))
    assert (newest.type, newest.document["hash"]) == ("version.ready", head.hash)


def test_a_webhook_is_kept_with_its_secret_shown_once(client: Client, api: Line) -> None:
    answer = {
        "id": "wh_1",
        "url": "https://ci.example/hook",
        "events": ["*"],
        "models": ["*"],
        "description": "",
        "enabled": True,
        "secret": "whsec_c2VjcmV0",
        "created_at": "2026-11-23T09:30:00.000Z",
        "created_by": "token:bootstrap",
        "updated_at": "2026-11-23T09:30:00.000Z",
    }
    # The real call resolves the host's name, but tests must not use the network.
    api.disturb(lambda request, _: httpx.Response(201, json=answer))
    created = client.webhooks.create(url="https://ci.example/hook")
    assert created.secret == "whsec_c2VjcmV0"
    assert "whsec" not in repr(created)
    assert list(client.webhooks.list()) == []


def test_a_webhook_with_a_secret_of_ones_own_is_created_once(client: Client, api: Line) -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request, _: object) -> httpx.Response:
        sent.append(json.loads(request.content))
        settings, secret = {"project": "team/models", "ref": "main"}, None
        made = {"id": "wh_1", "url": "https://gitlab.com", "format": "gitlab", "settings": settings, "secret": secret}
        return httpx.Response(201, json={**made, "secret_set": True})

    # The real call resolves the host's name, but tests must not use the network.
    api.disturb(answer)
    settings = {"project": "team/models", "ref": "main"}
    created = client.webhooks.create(format="gitlab", settings=settings, secret="glptt-token")
    assert sent == [{"format": "gitlab", "settings": settings, "secret": "glptt-token"}]
    assert (created.secret, created.secret_set, created.settings) == (None, True, settings)


def test_a_webhook_whose_secret_was_lost_on_the_way_is_replaced(client: Client, api: Line) -> None:
    webhook = {"id": "wh_1", "url": "https://ci.example/hook", "secret": None}
    answers = [
        httpx.Response(201, json=webhook),
        httpx.Response(204),
        httpx.Response(201, json={**webhook, "id": "wh_2", "secret": "whsec_c2VjcmV0"}),
    ]
    asked: list[str] = []

    def answer(request: httpx.Request, _: object) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return answers[len(asked) - 1]

    api.disturb(answer, times=3)
    created = client.webhooks.create(url="https://ci.example/hook")
    assert (created.id, created.secret) == ("wh_2", "whsec_c2VjcmV0")
    assert asked[1].startswith("DELETE ") and asked[1].endswith("/webhooks/wh_1")
