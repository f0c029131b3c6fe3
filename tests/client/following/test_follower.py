"""Following an alias: which version answers after each look."""

import logging
from collections.abc import Callable

import pytest
from moorage import Client, IntegrityError
from moorage.following.follower import Follower
from moorage.serving.served import Served, Slot

from tests.client import lines
from tests.client.lines import Line
from tests.client.serving.build import served

Loads = dict[int, Served | Exception]


@pytest.fixture
def slot() -> Slot:
    return Slot(served(1))


@pytest.fixture
def tried() -> list[int]:
    """The versions that were tried to be loaded."""
    return []


@pytest.fixture
def loads() -> Loads:
    """What loading gives for each version; by default a version that answers."""
    return {}


@pytest.fixture
def follower(client: Client, slot: Slot, tried: list[int], loads: Loads) -> Follower:
    for _ in range(4):
        client.register("fraud")
    client.aliases.set("fraud", "champion", 1)

    def load(version: int) -> Served:
        tried.append(version)
        found = loads.get(version, served(version))
        if isinstance(found, Exception):
            raise found
        return found

    return Follower(slot, client._watcher.position("fraud", "champion"), load)


Move = Callable[[int], object]


@pytest.fixture
def move(client: Client) -> Move:
    return lambda version: client.aliases.set("fraud", "champion", version)


def test_each_version_that_the_alias_moves_to_takes_over(follower: Follower, slot: Slot, move: Move) -> None:
    seen = []
    for version in (1, 2, 3, 2, 2):
        move(version)
        follower.look()
        seen.append(slot.current.version)
    assert seen == [1, 2, 3, 2, 2]
    assert slot.standing.following == "fraud@champion"


def test_an_alias_that_has_not_moved_is_neither_loaded_nor_read_again(
    follower: Follower, tried: list[int], api: Line
) -> None:
    follower.look()
    api.calm()
    follower.look()
    assert tried == []
    (asked,) = api.requests
    assert asked.headers["if-none-match"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(IntegrityError("model.bin was changed"), "model.bin was changed"), (RuntimeError("odd"), "RuntimeError: odd")],
)
def test_a_version_that_cannot_be_loaded_is_refused_and_the_one_before_answers(
    follower: Follower,
    slot: Slot,
    move: Move,
    loads: Loads,
    error: Exception,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    loads[2] = error
    move(2)
    follower.look()
    assert slot.current.version == 1
    assert slot.standing.refused == {"version": 2, "reason": reason}
    assert f"fraud/2 is refused, and fraud/1 is served on: {reason}" in caplog.text
    move(3)
    follower.look()
    assert slot.current.version == 3 and slot.standing.refused is None


def test_a_refused_version_is_tried_again_ever_more_seldom(
    follower: Follower, slot: Slot, move: Move, loads: Loads, tried: list[int]
) -> None:
    loads[2] = IntegrityError("changed")
    move(2)
    attempts = []
    for look in range(1, 100):
        before = len(tried)
        follower.look()
        if len(tried) > before:
            attempts.append(look)
    assert attempts == [1, 2, 4, 8, 16, 32, 64, 96]
    del loads[2]
    for _ in range(32):
        follower.look()
    assert slot.current.version == 2 and slot.standing.refused is None


def test_going_back_to_the_version_that_answers_forgets_the_refusal(
    follower: Follower, slot: Slot, move: Move, loads: Loads, tried: list[int]
) -> None:
    loads[2] = IntegrityError("changed")
    for version in (2, 1):
        move(version)
        follower.look()
    assert slot.standing.refused is None
    move(2)
    follower.look()
    assert tried == [2, 2]


def test_a_registry_that_is_away_is_said_and_the_version_answers_on(
    follower: Follower, slot: Slot, move: Move, api: Line, caplog: pytest.LogCaptureFixture
) -> None:
    api.disturb(lines.lose_request, times=8)
    follower.look()
    follower.look()
    problem = slot.standing.problem
    assert problem is not None and "does not answer" in problem and slot.current.version == 1
    told = [record for record in caplog.records if record.name == "moorage.following.follower"]
    assert len(told) == 1 and told[0].levelno == logging.WARNING
    move(2)
    follower.look()
    assert slot.standing.problem is None and slot.current.version == 2


def test_an_alias_that_is_deleted_leaves_the_version_in_service(
    follower: Follower, slot: Slot, move: Move, client: Client
) -> None:
    client.aliases.delete("fraud", "champion")
    follower.look()
    assert slot.current.version == 1 and slot.standing.problem is not None
    move(2)
    follower.look()
    assert slot.current.version == 2
