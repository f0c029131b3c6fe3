"""Watching where an alias points."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from moorage import Client, NotFoundError, RetryPolicy, UnauthenticatedError, UnreachableError
from moorage.watching import Watcher, alias_in

from tests.client import lines
from tests.client.conftest import URL
from tests.client.lines import Line
from tests.conftest import ADMIN_TOKEN

Action = Callable[[], object]


def nothing() -> None:
    return None


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def meanwhile() -> list[Action]:
    """What happens during the pauses, one after another."""
    return []


@pytest.fixture
def watching(client: Client, api: Line, pauses: list[float], meanwhile: list[Action]) -> Iterator[Client]:
    """A client whose pauses take no time. ``fraud`` has two versions, and ``champion`` points at the first."""

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        meanwhile.pop(0)()

    for _ in range(2):
        client.register("fraud")
    client.aliases.set("fraud", "champion", 1)
    retry = RetryPolicy(attempts=1, sleep=pause, jitter=lambda: 0.25)
    with Client(URL, ADMIN_TOKEN, retry=retry, transport=api) as opened:
        api.calm()
        yield opened


def moved(client: Client, version: int) -> Action:
    return lambda: client.aliases.set("fraud", "champion", version)


def test_it_yields_at_once_and_after_each_move(client: Client, watching: Client, meanwhile: list[Action]) -> None:
    meanwhile += [nothing, moved(client, 2), nothing, nothing, moved(client, 1)]
    seen = watching.watch("fraud@champion")
    assert [next(seen).version for _ in range(3)] == [1, 2, 1]
    assert meanwhile == []


def test_an_alias_that_has_not_moved_is_answered_without_a_document(
    watching: Client, api: Line, meanwhile: list[Action], client: Client
) -> None:
    answers: list[httpx.Response] = []

    def recorded(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        answers.append(forward(request))
        return answers[-1]

    api.disturb(recorded, lambda request: request.method == "GET", times=4)
    meanwhile += [nothing, nothing, moved(client, 2)]
    seen = watching.watch("fraud@champion")
    assert [next(seen).version, next(seen).version] == [1, 2]
    assert [answer.status_code for answer in answers] == [200, 304, 304, 200]
    assert [answer.content for answer in answers[1:3]] == [b"", b""]


def test_a_change_that_is_no_move_is_not_told(client: Client, watching: Client, meanwhile: list[Action]) -> None:
    meanwhile += [lambda: client.aliases.protect("fraud", "champion"), nothing, moved(client, 2)]
    seen = watching.watch("fraud@champion")
    assert [next(seen).version, next(seen).version] == [1, 2]
    assert meanwhile == []


def test_it_goes_on_when_the_registry_is_away_and_says_so(
    client: Client, watching: Client, api: Line, meanwhile: list[Action], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="moorage.watching")
    meanwhile += [
        lambda: api.disturb(lines.lose_request),
        lambda: api.disturb(lines.unavailable),
        moved(client, 2),
    ]
    seen = watching.watch("fraud@champion")
    assert [next(seen).version, next(seen).version] == [1, 2]
    told = [record.getMessage() for record in caplog.records if record.name == "moorage.watching"]
    assert len(told) == 2
    assert told[0].startswith(
        "fraud@champion cannot be read, but is watched on: https://registry.example does not answer"
    )


def test_an_alias_that_is_deleted_is_watched_until_it_is_set_again(
    client: Client, watching: Client, meanwhile: list[Action], caplog: pytest.LogCaptureFixture
) -> None:
    meanwhile += [lambda: client.aliases.delete("fraud", "champion"), moved(client, 2)]
    seen = watching.watch("fraud@champion")
    assert [next(seen).version, next(seen).version] == [1, 2]
    assert "fraud@champion does not exist any more" in caplog.text


def test_a_registry_that_is_away_or_an_alias_that_is_not_there_is_an_error_at_the_start(
    watching: Client, api: Line
) -> None:
    with pytest.raises(NotFoundError):
        next(watching.watch("fraud@challenger"))
    api.disturb(lines.lose_request)
    with pytest.raises(UnreachableError):
        next(watching.watch("fraud@champion"))


def test_what_does_not_pass_by_itself_ends_it(watching: Client, api: Line, meanwhile: list[Action]) -> None:
    meanwhile.append(lambda: api.disturb(lambda request, _: httpx.Response(401, json={"detail": "revoked"})))
    seen = watching.watch("fraud@champion")
    next(seen)
    with pytest.raises(UnauthenticatedError, match="revoked"):
        next(seen)


def test_pauses_vary_around_the_interval(watching: Client, pauses: list[float], meanwhile: list[Action]) -> None:
    meanwhile += [nothing, nothing]
    seen = watching.watch("fraud@champion", interval=40)
    next(seen)
    with pytest.raises(IndexError):  # nothing is left to happen
        next(seen)
    assert pauses == [30.0, 30.0, 30.0]


def test_it_ends_when_the_time_is_up_after_a_last_look(client: Client, watching: Client) -> None:
    now = 100.0

    def pause(seconds: float) -> None:
        nonlocal now
        now += seconds
        if now == 160.0:
            client.aliases.set("fraud", "champion", 2)

    retry = RetryPolicy(sleep=pause, jitter=lambda: 0.5)
    seen = Watcher(watching._connection, retry, lambda: now).watch("fraud", "champion", interval=25, timeout=60)
    assert [alias.version for alias in seen] == [1, 2]
    assert now == 160.0


def test_closing_it_ends_it(watching: Client, api: Line) -> None:
    seen = watching.watch("fraud@champion")
    next(seen)
    seen.close()
    assert list(seen) == []
    assert len(api.requests) == 1


def test_a_reference_names_a_model_and_an_alias() -> None:
    assert alias_in("fraud@champion") == ("fraud", "champion")
    assert alias_in("a@b@champion") == ("a@b", "champion")
    assert alias_in("a@b/@champion") == ("a@b", "champion")


@pytest.mark.parametrize("reference", ["fraud", "fraud/3", "@champion", "/@champion", "fraud@", ""])
def test_another_reference_is_refused_before_any_call(watching: Client, api: Line, reference: str) -> None:
    with pytest.raises(ValueError, match=r"names no alias|is not of the form"):
        watching.watch(reference)
    assert api.requests == []


def test_an_alias_says_since_when_it_points_there(watching: Client) -> None:
    alias = next(watching.watch("fraud@champion"))
    assert (alias.model, alias.alias) == ("fraud", "champion")
    assert alias.updated_at is not None and alias.updated_at <= datetime.now(UTC)
