"""A version in a service of ECS, whatever ECS or other people do meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.deployments import ecs_service as driver
from chalicelib.aws.deployments.platform import Driver
from chalicelib.domain.deployments.driving import Found, Order
from chalicelib.domain.deployments.platforms import ecs_service
from tests.aws.deployments.ecs_fake import CLUSTER, SERVICE, EcsFake
from tests.aws.deployments.stepping import drive, drive_killed, drive_twice, made, order

CONFIG = {"cluster": CLUSTER, "service": SERVICE, "container": "app"}


def asked(version: int = 3, rollout: dict[str, Any] | None = None, **changed: Any) -> Order:
    return order(
        ecs_service.config(CONFIG | changed),
        ecs_service.rollout(rollout or {}, CONFIG),
        version,
        deployment=f"0199d3c0a1b2{version:020x}",
    )


@pytest.fixture
def fake() -> EcsFake:
    return EcsFake()


@pytest.fixture
def driven(fake: EcsFake) -> Driver:
    return made(driver, {"ecs": fake.client})


def running(fake: EcsFake) -> str:
    (rollout,) = fake.described["deployments"]
    name: str = rollout["taskDefinition"].rpartition("/")[2]
    return name


def until_updated(driven: Driver, given: Order, fake: EcsFake) -> Order:
    while not fake.updates:
        given = replace(given, memo=driven(given).memo)
    return given


def test_the_service_runs_its_present_definition_with_the_version_in_one_container(
    fake: EcsFake, driven: Driver
) -> None:
    step = drive(driven, asked(image="registry.example/fraud:v{version}"), fake.advance)
    assert step.found == Found.SERVING
    definition = fake.definitions[running(fake)]
    assert definition["cpu"] == "256"
    assert definition["tags"] == [{"key": "team", "value": "ml"}]
    app, proxy = definition["containerDefinitions"]
    assert app["image"] == "registry.example/fraud:v3"
    assert proxy == {"name": "proxy", "image": "registry.example/proxy:7"}
    assert {one["name"]: one["value"] for one in app["environment"]} == {
        "LEVEL": "info",
        "MODEL_NAME": "fraud",
        "MODEL_VERSION": "3",
        "MODEL_URI": "s3://artifacts/artifacts/3/",
        "MODEL_DIGEST": "3" * 64,
        "MODEL_DEPLOYMENT": asked().deployment,
    }
    assert len(app["environment"]) == 6


def test_the_image_stays_unless_the_target_names_one(fake: EcsFake, driven: Driver) -> None:
    drive(driven, asked(), fake.advance)
    assert fake.definitions[running(fake)]["containerDefinitions"][0]["image"] == "registry.example/fraud:1"


def test_the_services_own_way_of_rolling_out_gets_a_circuit_breaker_and_the_alarms(
    fake: EcsFake, driven: Driver
) -> None:
    drive(driven, asked(rollout={"alarms": ["errors"]}), fake.advance)
    assert fake.described["deploymentConfiguration"] == {
        "maximumPercent": 150,
        "strategy": "BLUE_GREEN",
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True},
    }


def test_the_next_version_starts_from_the_last_one(fake: EcsFake, driven: Driver) -> None:
    for version in (3, 4):
        assert drive(driven, asked(version), fake.advance).found == Found.SERVING
    (app, _) = fake.definitions[running(fake)]["containerDefinitions"]
    assert {"name": "MODEL_VERSION", "value": "4"} in app["environment"]
    assert len(app["environment"]) == 6


def test_a_rollout_that_ecs_rolls_back_has_failed_with_the_reason(fake: EcsFake, driven: Driver) -> None:
    fake.broken = True
    step = drive(driven, asked(), fake.advance)
    assert step.found == Found.FAILED and "tasks failed to start." in step.detail


def test_a_roll_back_that_nobody_saw_is_not_followed_by_another_update(fake: EcsFake, driven: Driver) -> None:
    fake.broken = True
    given = asked()
    while "before" not in given.memo:
        given = replace(given, memo=driven(given).memo)
    driven(given)
    for _ in range(3):
        fake.advance()
    assert running(fake) == "fraud:1"
    step = driven(given)
    assert step.found == Found.FAILED and "rolled back" in step.detail
    assert len(fake.updates) == 1


def test_an_update_by_somebody_else_ends_the_deployment(fake: EcsFake, driven: Driver) -> None:
    given = until_updated(driven, asked(), fake)
    fake.start("fraud:1")
    assert driven(given).found == Found.WORKING
    fake.advance()
    step = driven(given)
    assert step.found == Found.FAILED and "fraud:1" in step.detail


def test_a_rollout_that_runs_already_is_waited_for(fake: EcsFake, driven: Driver) -> None:
    fake.start("fraud:1")
    step = driven(asked())
    assert step.found == Found.WORKING and "already" in step.detail
    assert fake.changes() == []
    assert drive(driven, asked(), fake.advance).found == Found.SERVING


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "DRAINING"}, "not active"),
        ({"deploymentController": {"type": "CODE_DEPLOY"}}, "controller of its own"),
    ],
)
def test_a_service_that_cannot_be_updated_is_left_alone(
    fake: EcsFake, driven: Driver, change: dict[str, Any], said: str
) -> None:
    fake.described |= change
    step = driven(asked())
    assert step.found == Found.FAILED and said in step.detail
    assert fake.changes() == []


def test_a_service_whose_rollouts_cannot_be_followed_is_left_alone(fake: EcsFake, driven: Driver) -> None:
    del fake.described["deployments"][0]["rolloutState"]
    step = driven(asked())
    assert step.found == Found.FAILED and "Classic Load Balancer" in step.detail
    assert fake.changes() == []


def test_what_does_not_exist_fails_the_deployment(fake: EcsFake, driven: Driver) -> None:
    for changed, said in (
        ({"service": "absent"}, "not active"),
        ({"cluster": "absent"}, "ClusterNotFoundException"),
        ({"container": "absent"}, "no container absent"),
    ):
        step = driven(asked(**changed))
        assert step.found == Found.FAILED and said in step.detail
    assert fake.changes() == []


def _reached_the_end(fake: EcsFake) -> None:
    assert running(fake) == f"moorage-{asked().deployment}:1"
    assert fake._rollouts == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_deployment_cut_off_at_any_call_reaches_the_same_end(when: str) -> None:
    nth, more = 0, True
    while more:
        nth, fake = nth + 1, EcsFake()
        driven = made(driver, {"ecs": fake.client})
        step, more = drive_killed(driven, asked(), [fake.client], nth, when, fake.advance)
        assert step.found == Found.SERVING
        _reached_the_end(fake)
        assert list(fake.definitions) == ["fraud:1", running(fake)]
    assert nth > 9


def test_two_processes_at_once_begin_one_rollout() -> None:
    nth, more = 0, True
    while more:
        nth, fake = nth + 1, EcsFake()
        driven = made(driver, {"ecs": fake.client})
        step, more = drive_twice(driven, asked(), [fake.client], nth, fake.advance)
        assert step.found == Found.SERVING
        _reached_the_end(fake)
    assert nth > 9
