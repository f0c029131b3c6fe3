"""What a process remembers, and the ids that it makes."""

from collections.abc import Callable
from itertools import count

import pytest

from chalicelib.aws.services import MEMORY_SECONDS, Services
from chalicelib.aws.settings import Settings
from tests.registry.faults import Calls

Later = Callable[[float], None]


@pytest.fixture
def memory() -> Services:
    return Services(Settings.from_environment({}))


@pytest.fixture
def later(memory: Services, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time pass."""
    now = [1_000.0]
    monkeypatch.setattr(memory, "monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_a_value_is_made_again_when_it_is_too_old(memory: Services, later: Later) -> None:
    numbers = count(1)
    make = numbers.__next__
    assert [memory.remember(("key",), make) for _ in range(2)] == [1, 1]
    later(MEMORY_SECONDS)
    assert memory.remember(("key",), make) == 1
    later(1)
    assert memory.remember(("key",), make) == 2


def test_values_are_remembered_by_key_and_for_their_own_time(memory: Services, later: Later) -> None:
    numbers = count(1)
    memory.remember(("short",), numbers.__next__, seconds=1)
    memory.remember(("long",), numbers.__next__, seconds=float("inf"))
    later(MEMORY_SECONDS)
    assert memory.remember(("short",), numbers.__next__, seconds=1) == 3
    assert memory.remember(("long",), numbers.__next__, seconds=float("inf")) == 2


def test_a_failure_is_not_remembered(memory: Services) -> None:
    def fail() -> int:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        memory.remember(("key",), fail)
    assert memory.remember(("key",), lambda: 1) == 1


def test_nothing_at_all_is_remembered_too(memory: Services) -> None:
    made: list[None] = []
    for _ in range(2):
        memory.remember(("key",), lambda: made.append(None))
    assert len(made) == 1


def test_memory_is_bounded(memory: Services) -> None:
    for number in range(2_500):
        memory.remember((str(number),), str)
    assert len(memory._memory) <= 1_000


def test_a_secret_is_read_once_for_many_requests(registry: Services) -> None:
    calls = Calls(registry.client("secretsmanager"))
    assert registry.signing_key() == registry.signing_key() == b"s" * 64
    assert calls.operations == ["GetSecretValue"]


def test_an_adapter_is_made_once_and_clients_by_their_timeout(registry: Services) -> None:
    assert registry.table is registry.table
    assert registry.client("s3") is registry.client("s3")
    assert registry.client("s3", 600).meta.config.read_timeout == 600
    assert registry.client("s3").meta.config.read_timeout != 600


def test_ids_sort_by_the_time_at_which_they_were_made(monkeypatch: pytest.MonkeyPatch, memory: Services) -> None:
    now = [1_795_426_200_000_000_000]
    monkeypatch.setattr("time.time_ns", lambda: now[0])
    ids = []
    for _ in range(20):
        ids.append(memory.new_id())
        now[0] += 1_000_000
    assert ids == sorted(ids)
    assert {len(each) for each in ids} == {32}
    assert all(set(each) <= set("0123456789abcdef") for each in ids)
    assert memory.new_id() != memory.new_id(), "of one millisecond"


def test_without_an_anchor_key_anchors_are_not_signed(memory: Services) -> None:
    assert memory.anchor_key is None


def test_what_is_forgotten_is_made_again(memory: Services) -> None:
    make = count(1).__next__
    assert memory.remember(("key",), make) == 1
    memory.forget(("key",))
    assert memory.remember(("key",), make) == 2
    memory.forget(("unknown",))
