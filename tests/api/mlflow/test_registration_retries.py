"""MLflow's clients send no key. A call that got no answer is repeated as it was, and registers nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.registry.models.models import get_model
from tests.api.mlflow.calling import Mlflow
from tests.registry.faults import CrashAt
from tests.registry.mlflow.logged import logged

EXTERNAL = "s3://bucket/model"


class Time:
    """A clock that only sleeping, and the test, move."""

    def __init__(self, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self._start, self.passed = registry.clock(), 0.0
        monkeypatch.setattr(registry, "clock", lambda: later(self._start, timedelta(seconds=self.passed)))
        monkeypatch.setattr(registry, "monotonic", lambda: self.passed)
        monkeypatch.setattr(registry, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.passed += max(seconds, 1.0)


@pytest.fixture
def time(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(registry, monkeypatch)


@pytest.fixture(params=["external", "logged"])
def source(request: pytest.FixtureRequest, registry: Services, mlflow: Mlflow) -> str:
    mlflow.model()
    return EXTERNAL if request.param == "external" else f"models:/{logged(registry).id}"


def unanswered(registry: Services, create: Callable[[], Any]) -> None:
    """A call that dies after its commit, so that its client learns nothing."""
    with CrashAt(registry.client("dynamodb"), "TransactWriteItems", "after"):
        assert create().status == 500


def create(mlflow: Mlflow, source: str, **given: Any) -> Any:
    return mlflow.raw("POST", "model-versions/create", name="fraud", source=source, **given)


def last_version(registry: Services) -> int:
    return get_model(registry, "fraud").model.last_version


@pytest.mark.parametrize("pause", [0.0, 31.0, 600.0])
def test_a_repeated_call_that_had_no_answer_gets_the_version_that_the_first_one_made(
    registry: Services, mlflow: Mlflow, time: Time, source: str, pause: float
) -> None:
    unanswered(registry, lambda: create(mlflow, source))
    time.passed += pause
    while (answer := create(mlflow, source)).status == 429:
        time.passed += 4.0
    made = answer.document["model_version"]
    assert (made["version"], made["status"]) == ("1", "READY")
    assert last_version(registry) == 1


def test_the_same_call_after_an_answer_makes_another_version(registry: Services, mlflow: Mlflow, source: str) -> None:
    numbers = [create(mlflow, source).document["model_version"]["version"] for _ in range(3)]
    assert numbers == ["1", "2", "3"]


def test_a_repeated_call_that_has_its_answer_is_done_with(
    registry: Services, mlflow: Mlflow, time: Time, source: str
) -> None:
    unanswered(registry, lambda: create(mlflow, source))
    time.passed += 31.0
    numbers = [create(mlflow, source).document["model_version"]["version"] for _ in range(2)]
    assert numbers == ["1", "2"]


@pytest.mark.parametrize(
    "other", [{"description": "x"}, {"run_id": "r1"}, {"run_link": "https://x"}, {"tags": [{"key": "a", "value": "b"}]}]
)
def test_another_call_does_not_get_the_version_of_one_that_had_no_answer(
    registry: Services, mlflow: Mlflow, time: Time, other: dict[str, Any]
) -> None:
    mlflow.model()
    unanswered(registry, lambda: create(mlflow, EXTERNAL))
    time.passed += 31.0
    assert create(mlflow, EXTERNAL, **other).document["model_version"]["version"] == "2"


def test_another_caller_does_not_get_it_either(registry: Services, mlflow: Mlflow, time: Time) -> None:
    mlflow.model()
    unanswered(registry, lambda: create(mlflow, EXTERNAL))
    time.passed += 31.0
    assert create(Mlflow(name="token:bob"), EXTERNAL).document["model_version"]["version"] == "2"


def test_of_two_repeated_calls_at_once_one_gets_the_version_that_had_no_answer(
    registry: Services, mlflow: Mlflow, time: Time
) -> None:
    mlflow.model()
    unanswered(registry, lambda: create(mlflow, EXTERNAL))
    time.passed += 31.0
    numbers: list[str] = []

    def another(**_: object) -> None:
        registry.client("dynamodb").meta.events.unregister("before-call.dynamodb.UpdateItem", another)
        numbers.append(create(mlflow, EXTERNAL).document["model_version"]["version"])

    # The second call has read the receipt when the first one claims it.
    registry.client("dynamodb").meta.events.register("before-call.dynamodb.UpdateItem", another)
    numbers.append(create(mlflow, EXTERNAL).document["model_version"]["version"])
    assert sorted(numbers) == ["1", "2"]


def test_a_call_that_is_answered_too_late_does_not_get_the_version_of_the_repeated_one(
    registry: Services, mlflow: Mlflow, time: Time
) -> None:
    mlflow.model()
    numbers: list[str] = []

    def slow(**_: object) -> None:
        registry.client("dynamodb").meta.events.unregister("after-call.dynamodb.TransactWriteItems", slow)
        time.passed += 31.0
        numbers.append(create(mlflow, EXTERNAL).document["model_version"]["version"])

    registry.client("dynamodb").meta.events.register("after-call.dynamodb.TransactWriteItems", slow)
    late = create(mlflow, EXTERNAL)
    assert late.status == 503
    assert late.document["error_code"] == "TEMPORARILY_UNAVAILABLE"
    numbers.append(create(mlflow, EXTERNAL).document["model_version"]["version"])
    assert numbers == ["1", "2"]
