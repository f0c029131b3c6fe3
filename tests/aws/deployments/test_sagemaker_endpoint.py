"""A version on an endpoint of SageMaker, whatever SageMaker, other people or the end of the process do meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.deployments import sagemaker_endpoint as driver
from chalicelib.aws.deployments import sagemaker_requests as requests
from chalicelib.aws.deployments.platform import Driver
from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.deployments.platforms import sagemaker_endpoint
from tests.aws.deployments.imitation import Refused
from tests.aws.deployments.sagemaker_fake import SageMakerFake
from tests.aws.deployments.stepping import drive, drive_killed, drive_twice, made, order

ENDPOINT = "moorage-fraud"
REAL_TIME = {
    "endpoint": ENDPOINT,
    "execution_role": "arn:aws:iam::123456789012:role/serving",
    "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/fraud:{version}",
    "instance_type": "ml.m5.large",
}
SERVERLESS = {**REAL_TIME, "memory_mb": 2_048} | {}
SERVERLESS.pop("instance_type")
CANARY = {"shift": "canary", "percent": 10, "wait_seconds": 600, "alarms": ["fraud-errors"]}


def asked(version: int = 3, config: dict[str, Any] = REAL_TIME, rollout: dict[str, Any] = CANARY) -> Order:
    checked = sagemaker_endpoint.config(config)
    return order(
        checked,
        sagemaker_endpoint.rollout(rollout, checked),
        version,
        deployment=f"0199d3c0a1b2{version:020x}",
    )


@pytest.fixture
def fake() -> SageMakerFake:
    return SageMakerFake()


@pytest.fixture
def driven(fake: SageMakerFake) -> Driver:
    return made(driver, {"sagemaker": fake.client})


@pytest.fixture
def served(fake: SageMakerFake, driven: Driver) -> Order:
    """A first version is in service."""
    first = asked(1)
    assert drive(driven, first, fake.advance).found == Found.SERVING
    fake.calls.clear()
    return first


def of(fake: SageMakerFake) -> str:
    name: str = fake.endpoints[ENDPOINT]["EndpointConfigName"]
    return name


def until(driven: Driver, given: Order, call: str, fake: SageMakerFake) -> Order:
    """Step until a call was made; the order that follows."""
    fake.calls.clear()
    while call not in fake.calls:
        given = replace(given, memo=driven(given).memo)
    return given


def test_a_first_version_gets_a_model_a_configuration_and_an_endpoint(fake: SageMakerFake, driven: Driver) -> None:
    step = drive(driven, asked(), fake.advance)
    assert step.found == Found.SERVING
    assert fake.changes() == ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"]
    assert of(fake) == requests.name(asked())
    assert len(of(fake)) <= 63
    assert fake.models[of(fake)]["PrimaryContainer"] == {
        "Image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/fraud:3",
        "Environment": {
            "MODEL_NAME": "fraud",
            "MODEL_VERSION": "3",
            "MODEL_URI": "s3://artifacts/artifacts/3/",
            "MODEL_DIGEST": "3" * 64,
            "MODEL_DEPLOYMENT": asked().deployment,
        },
        "ModelDataSource": {
            "S3DataSource": {
                "S3Uri": "s3://artifacts/artifacts/3/",
                "S3DataType": "S3Prefix",
                "CompressionType": "None",
            }
        },
    }
    (link,) = step.links.values()
    assert link == "https://eu-central-1.console.aws.amazon.com/sagemaker/home#/endpoints/moorage-fraud"


def test_the_next_version_is_rolled_out_as_the_rollout_says(fake: SageMakerFake, driven: Driver, served: Order) -> None:
    assert drive(driven, asked(2), fake.advance).found == Found.SERVING
    (update,) = fake.updates
    assert update["DeploymentConfig"] == {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "WaitIntervalInSeconds": 600,
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
            }
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "fraud-errors"}]},
    }
    assert update["RetainAllVariantProperties"] is False
    assert of(fake) == requests.name(asked(2))


@pytest.mark.parametrize(
    ("rollout", "routing"),
    [
        ({}, {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}),
        (
            {"shift": "linear", "percent": 25, "wait_seconds": 60},
            {
                "Type": "LINEAR",
                "WaitIntervalInSeconds": 60,
                "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            },
        ),
    ],
)
def test_traffic_moves_at_once_or_in_steps(
    fake: SageMakerFake, driven: Driver, served: Order, rollout: dict[str, Any], routing: dict[str, Any]
) -> None:
    drive(driven, asked(2, rollout=rollout), fake.advance)
    (update,) = fake.updates
    assert update["DeploymentConfig"] == {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


def test_capacity_that_scaling_has_set_is_retained_on_demand(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    drive(driven, asked(2, {**REAL_TIME, "retain_capacity": True}), fake.advance)
    assert fake.updates[0]["RetainAllVariantProperties"] is True


def test_a_serverless_endpoint_has_memory_and_no_guardrails(fake: SageMakerFake, driven: Driver) -> None:
    for version in (1, 2):
        assert drive(driven, asked(version, SERVERLESS, {}), fake.advance).found == Found.SERVING
    (variant,) = fake.configs[of(fake)]["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 2_048, "MaxConcurrency": 5}
    assert "ModelDataSource" not in fake.models[of(fake)]["PrimaryContainer"]
    assert fake.updates == [{"EndpointName": ENDPOINT, "EndpointConfigName": of(fake)}]


def test_one_archive_of_the_version_is_given_as_such(fake: SageMakerFake, driven: Driver) -> None:
    drive(driven, asked(1, {**REAL_TIME, "files": "archive", "archive": "model.tar.gz"}), fake.advance)
    container = fake.models[of(fake)]["PrimaryContainer"]
    assert container["ModelDataUrl"] == "s3://artifacts/artifacts/1/model.tar.gz"
    assert "ModelDataSource" not in container


def test_an_endpoint_that_serves_its_old_configuration_again_has_failed_with_the_reason(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    fake.rings = True
    step = drive(driven, asked(2), fake.advance)
    assert step.found == Found.FAILED
    assert fake.endpoints[ENDPOINT]["EndpointStatus"] == "InService"
    assert "An alarm rang during the deployment." in step.detail and requests.name(served) in step.detail
    assert len(fake.updates) == 1


def test_a_step_after_a_roll_back_that_nobody_saw_does_not_update_again(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    """The process ends right after the call, and the platform rolls back before the next one looks."""
    fake.rings = True
    given = asked(2)
    while "modified" not in given.memo:
        given = replace(given, memo=driven(given).memo)
    driven(given)
    for _ in range(5):
        fake.advance()
    assert driven(given).found == Found.FAILED
    assert len(fake.updates) == 1


@pytest.mark.parametrize("status", ["Updating", "SystemUpdating", "RollingBack", "Creating"])
def test_an_endpoint_that_something_else_changes_is_waited_for(
    fake: SageMakerFake, driven: Driver, served: Order, status: str
) -> None:
    fake.become(ENDPOINT, status)
    step = driven(asked(2))
    assert (step.found, step.again_in) == (Found.WORKING, 30)
    assert fake.changes() == []
    assert drive(driven, asked(2), fake.advance).found == Found.SERVING


@pytest.mark.parametrize("status", ["Failed", "UpdateRollbackFailed", "OutOfService", "Deleting"])
def test_an_endpoint_that_cannot_be_updated_fails_the_deployment_untouched(
    fake: SageMakerFake, driven: Driver, served: Order, status: str
) -> None:
    fake.become(ENDPOINT, status, "The image cannot be pulled.")
    step = driven(asked(2))
    assert step.found == Found.FAILED and "The image cannot be pulled." in step.detail
    assert fake.changes() == []


def test_an_endpoint_that_is_deleted_under_its_deployment_is_not_made_again(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    given = until(driven, asked(2), "UpdateEndpoint", fake)
    del fake.endpoints[ENDPOINT]
    step = driven(given)
    assert step.found == Found.FAILED and "was deleted during the deployment" in step.detail
    assert ENDPOINT not in fake.endpoints


def test_an_update_by_somebody_else_is_told_from_ours(fake: SageMakerFake, driven: Driver, served: Order) -> None:
    given = until(driven, asked(2), "UpdateEndpoint", fake)
    fake.endpoints[ENDPOINT].pop("PendingDeploymentSummary")
    fake.endpoints[ENDPOINT]["EndpointConfigName"] = "by-hand"
    fake.become(ENDPOINT, "InService")
    step = driven(given)
    assert step.found == Found.FAILED and "by-hand" in step.detail


def test_the_last_good_configuration_is_kept_and_older_ones_are_removed(fake: SageMakerFake, driven: Driver) -> None:
    fake.configs["moorage-of-somebody"] = {"CreationTime": fake._tick()}
    for version in range(1, 6):
        assert drive(driven, asked(version), fake.advance).found == Found.SERVING
    kept = {requests.name(asked(4)), requests.name(asked(5))}
    assert fake.configs.keys() == kept | {"moorage-of-somebody"}
    assert fake.models.keys() == kept


def test_what_a_failed_deployment_left_is_removed_by_the_next_good_one(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    fake.rings = True
    drive(driven, asked(2), fake.advance)
    fake.rings = False
    assert drive(driven, asked(3), fake.advance).found == Found.SERVING
    assert fake.configs.keys() == fake.models.keys() == {requests.name(served), requests.name(asked(3))}


def test_a_late_step_of_an_old_deployment_leaves_a_newer_one_alone(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    second = asked(2)
    memo = drive(driven, second, fake.advance).memo
    newer = until(driven, asked(3), "CreateEndpointConfig", fake)
    assert driven(replace(second, memo={**memo, "removed": "0"})).found == Found.SERVING
    assert requests.name(newer) in fake.configs and requests.name(newer) in fake.models


def test_an_old_configuration_that_may_not_be_removed_does_not_fail_the_deployment(
    fake: SageMakerFake, driven: Driver, served: Order
) -> None:
    drive(driven, asked(2), fake.advance)
    fake.refusals["DeleteEndpointConfig"] = Refused("AccessDeniedException", "is not authorized")
    step = drive(driven, asked(3), fake.advance)
    assert step.found == Found.SERVING and "is not authorized" in step.detail


def test_a_refusal_fails_the_deployment_and_says_what_was_refused(fake: SageMakerFake, driven: Driver) -> None:
    fake.refusals["CreateModel"] = Refused("ValidationException", "Could not find model data at s3://artifacts/3/.")
    step = driven(asked())
    assert step.found == Found.FAILED
    assert "CreateModel" in step.detail and "Could not find model data" in step.detail


def test_what_passes_by_itself_is_raised(fake: SageMakerFake, driven: Driver) -> None:
    for refusal in (Refused("ThrottlingException", "Rate exceeded"), Refused("Unknown", "", status=500)):
        fake.refusals["DescribeEndpoint"] = refusal
        with pytest.raises(fake.client.exceptions.ClientError):
            driven(asked())


def _same_end(fake: SageMakerFake, step: Step, served: Order, given: Order) -> None:
    assert step.found == Found.SERVING
    assert len(fake.updates) == 2
    assert of(fake) == requests.name(given)
    assert fake.configs.keys() == fake.models.keys() == {requests.name(asked(2)), requests.name(given)}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_deployment_cut_off_at_any_call_reaches_the_same_end(when: str) -> None:
    nth, more = 0, True
    while more:
        nth += 1
        fake = SageMakerFake()
        driven = made(driver, {"sagemaker": fake.client})
        for version in (1, 2):
            drive(driven, asked(version), fake.advance)
        step, more = drive_killed(driven, asked(3), [fake.client], nth, when, fake.advance)
        _same_end(fake, step, asked(1), asked(3))
    assert nth > 20


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_first_deployment_cut_off_at_any_call_makes_one_endpoint(when: str) -> None:
    nth, more = 0, True
    while more:
        nth += 1
        fake = SageMakerFake()
        driven = made(driver, {"sagemaker": fake.client})
        step, more = drive_killed(driven, asked(), [fake.client], nth, when, fake.advance)
        assert step.found == Found.SERVING
        assert of(fake) == requests.name(asked())
        assert fake.updates == []
    assert nth > 5


@pytest.mark.parametrize("rings", [False, True])
def test_two_processes_at_once_update_an_endpoint_once(rings: bool) -> None:
    nth, more = 0, True
    while more:
        nth += 1
        fake = SageMakerFake()
        driven = made(driver, {"sagemaker": fake.client})
        drive(driven, asked(1), fake.advance)
        fake.rings = rings
        step, more = drive_twice(driven, asked(2), [fake.client], nth, fake.advance)
        assert step.found == (Found.FAILED if rings else Found.SERVING)
        assert len(fake.updates) == 1
        assert of(fake) == requests.name(asked(1 if rings else 2))
    assert nth > 5
