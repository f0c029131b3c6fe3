"""Versions handed to what puts them into service by itself: state machines, pipelines, parameters, configurations."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest

from chalicelib.aws.deployments import appconfig as appconfig_driver
from chalicelib.aws.deployments import codepipeline as codepipeline_driver
from chalicelib.aws.deployments import ssm_parameter as ssm_parameter_driver
from chalicelib.aws.deployments import step_functions as step_functions_driver
from chalicelib.aws.deployments.platform import Driver
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.driving import Found, Order
from chalicelib.domain.deployments.platforms import appconfig, codepipeline, ssm_parameter, step_functions
from tests.aws.deployments.imitation import Refused
from tests.aws.deployments.pipelines_fake import (
    APPLICATION,
    ENVIRONMENT,
    MACHINE,
    PIPELINE,
    PROFILE,
    AppConfigFake,
    CodePipelineFake,
    StepFunctionsFake,
)
from tests.aws.deployments.stepping import DEPLOYMENT, drive, drive_killed, drive_twice, made, order

STRATEGY = "AppConfig.AllAtOnce"
NAMED = {"model": "fraud", "version": 3, "uri": "s3://artifacts/artifacts/3/", "digest": "3" * 64}


@dataclass
class Kind:
    """A kind of target on an imitated service. ``done`` are how many of each thing were made."""

    fake: Any
    driven: Driver
    order: Order
    done: Callable[[], list[int]]


def machines() -> Kind:
    fake = StepFunctionsFake()
    given = order(step_functions.config({"state_machine": MACHINE}), {})
    return Kind(
        fake, made(step_functions_driver, {"stepfunctions": fake.client}), given, lambda: [len(fake.executions)]
    )


def strict_machines() -> Kind:
    kind = machines()
    kind.fake.forgiving = False
    return kind


def pipelines() -> Kind:
    fake = CodePipelineFake()
    given = order(codepipeline.config({"pipeline": PIPELINE}), {})
    return Kind(fake, made(codepipeline_driver, {"codepipeline": fake.client}), given, lambda: [len(fake.executions)])


def configurations() -> Kind:
    fake = AppConfigFake()
    config = {"application": APPLICATION, "environment": ENVIRONMENT, "profile": PROFILE, "strategy": STRATEGY}
    given = order(appconfig.config(config), {})
    driven = made(appconfig_driver, {"appconfig": fake.client})
    return Kind(fake, driven, given, lambda: [len(fake.hosted), len(fake.rollouts)])


KINDS = [machines, strict_machines, pipelines, configurations]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_deployment_cut_off_at_any_call_is_handed_over_once(make: Callable[[], Kind], when: str) -> None:
    nth, more = 0, True
    while more:
        nth, kind = nth + 1, make()
        step, more = drive_killed(kind.driven, kind.order, [kind.fake.client], nth, when, kind.fake.advance)
        assert step.found == Found.SERVING
        assert set(kind.done()) == {1}
    assert nth > 2


@pytest.mark.parametrize("make", KINDS)
def test_two_processes_at_once_hand_a_deployment_over_once(make: Callable[[], Kind]) -> None:
    nth, more = 0, True
    while more:
        nth, kind = nth + 1, make()
        step, more = drive_twice(kind.driven, kind.order, [kind.fake.client], nth, kind.fake.advance)
        assert step.found == Found.SERVING
        assert set(kind.done()) == {1}
    assert nth > 2


def test_a_state_machine_is_given_the_version_and_the_execution_is_named_like_the_deployment() -> None:
    kind = machines()
    assert kind.driven(kind.order).found == Found.WORKING
    assert kind.driven(kind.order).detail == f"The execution {DEPLOYMENT} runs."
    ((arn, execution),) = kind.fake.executions.items()
    assert arn.endswith(f":execution:deploy:{DEPLOYMENT}")
    assert json.loads(execution["input"]) == NAMED | {"deployment": DEPLOYMENT}
    kind.fake.advance()
    step = kind.driven(kind.order)
    assert step.links["Execution"].endswith(f"states/home#/v2/executions/details/{arn}")


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_that_fails_fails_the_deployment_with_its_cause(status: str) -> None:
    kind = machines()
    kind.fake.outcome = {"status": status, "error": "States.TaskFailed", "cause": "The endpoint is full."}
    step = drive(kind.driven, kind.order, kind.fake.advance)
    assert step.found == Found.FAILED and "States.TaskFailed: The endpoint is full." in step.detail


def test_an_express_state_machine_is_not_started_because_it_cannot_be_followed() -> None:
    kind = machines()
    kind.fake.kind = "EXPRESS"
    assert kind.driven(kind.order).found == Found.FAILED
    assert kind.fake.executions == {}


def test_a_pipeline_is_given_the_version_in_variables() -> None:
    kind = pipelines()
    assert drive(kind.driven, kind.order, kind.fake.advance).found == Found.SERVING
    assert kind.fake.variables == {
        "MODEL_NAME": "fraud",
        "MODEL_VERSION": "3",
        "MODEL_URI": "s3://artifacts/artifacts/3/",
        "MODEL_DIGEST": "3" * 64,
        "MODEL_DEPLOYMENT": DEPLOYMENT,
    }


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Cancelled", "Superseded"])
def test_a_pipeline_that_does_not_succeed_fails_the_deployment(status: str) -> None:
    kind = pipelines()
    kind.fake.outcome = {"status": status, "statusSummary": "Nobody approved it."}
    step = drive(kind.driven, kind.order, kind.fake.advance)
    assert step.found == Found.FAILED and status in step.detail and "Nobody approved it." in step.detail


def test_an_execution_that_codepipeline_does_not_show_yet_is_waited_for() -> None:
    kind = pipelines()
    begun = replace(kind.order, memo=kind.driven(kind.order).memo)
    kind.fake.refusals["GetPipelineExecution"] = Refused(
        "PipelineExecutionNotFoundException", "The pipeline execution was not found.", 400
    )
    assert kind.driven(begun).found == Found.WORKING
    assert drive(kind.driven, begun, kind.fake.advance).found == Found.SERVING


def test_a_pipeline_that_takes_no_such_variables_fails_the_deployment() -> None:
    kind = pipelines()
    kind.fake.refusals["StartPipelineExecution"] = Refused("ValidationException", "Variable MODEL_URI is unknown.")
    step = kind.driven(kind.order)
    assert step.found == Found.FAILED and "MODEL_URI is unknown" in step.detail


def test_a_pipeline_with_too_many_executions_is_started_later() -> None:
    kind = pipelines()
    kind.fake.refusals["StartPipelineExecution"] = Refused("ConcurrentPipelineExecutionsLimitExceededException", "")
    with pytest.raises(kind.fake.client.exceptions.ConcurrentPipelineExecutionsLimitExceededException):
        kind.driven(kind.order)
    assert drive(kind.driven, kind.order, kind.fake.advance).found == Found.SERVING


def test_a_hosted_configuration_names_the_version_when_its_rollout_is_complete() -> None:
    kind = configurations()
    assert drive(kind.driven, kind.order, kind.fake.advance).found == Found.SERVING
    assert json.loads(kind.fake.served()) == NAMED


def test_a_configuration_that_appconfig_rolls_back_fails_the_deployment_with_the_reason() -> None:
    kind = configurations()
    kind.fake.rings = True
    step = drive(kind.driven, kind.order, kind.fake.advance)
    assert step.found == Found.FAILED and "The alarm errors rang." in step.detail


def test_another_rollout_in_the_environment_is_waited_for() -> None:
    kind = configurations()
    kind.fake.hosted.append({"VersionNumber": 1, "VersionLabel": "by-hand", "Content": b"{}"})
    kind.fake.start_deployment({"ConfigurationVersion": "1", "ConfigurationProfileId": PROFILE})
    kind.driven(kind.order)
    step = kind.driven(kind.order)
    assert (step.found, step.again_in) == (Found.WORKING, 30)
    assert drive(kind.driven, kind.order, kind.fake.advance).found == Found.SERVING
    assert len(kind.fake.rollouts) == 2


@pytest.fixture
def ssm(registry: Services) -> Any:
    make_client: Callable[..., Any] = boto3.client
    return make_client("ssm")


def parameter(driven_by: Any) -> tuple[Driver, Order]:
    return made(ssm_parameter_driver, {"ssm": driven_by}), order(
        ssm_parameter.config({"parameter": "/models/fraud"}), {}
    )


def test_a_parameter_names_the_version_in_a_new_version_of_itself_only_if_it_named_another(ssm: Any) -> None:
    driven, given = parameter(ssm)
    for _ in range(2):
        step = driven(given)
        assert step.found == Found.SERVING
        stored = ssm.get_parameter(Name="/models/fraud")["Parameter"]
        assert (json.loads(stored["Value"]), stored["Version"], stored["Type"]) == (NAMED, 1, "String")
    (link,) = step.links.values()
    assert link.endswith("/systems-manager/parameters/models/fraud/description")


def test_a_parameter_that_exists_keeps_its_type(ssm: Any) -> None:
    driven, given = parameter(ssm)
    ssm.put_parameter(Name="/models/fraud", Value="old", Type="SecureString")
    assert driven(given).found == Found.SERVING
    stored = ssm.get_parameter(Name="/models/fraud", WithDecryption=True)["Parameter"]
    assert (json.loads(stored["Value"]), stored["Type"]) == (NAMED, "SecureString")


@pytest.mark.parametrize("nth", [1, 2])
def test_two_processes_at_once_write_a_parameter_once(ssm: Any, nth: int) -> None:
    driven, given = parameter(ssm)
    step, interfered = drive_twice(driven, given, [ssm], nth, lambda: None)
    assert interfered and step.found == Found.SERVING
    assert ssm.get_parameter(Name="/models/fraud")["Parameter"]["Version"] == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_parameter_whose_writing_is_cut_off_is_written_once(ssm: Any, nth: int, when: str) -> None:
    driven, given = parameter(ssm)
    step, struck = drive_killed(driven, given, [ssm], nth, when, lambda: None)
    assert struck and step.found == Found.SERVING
    assert ssm.get_parameter(Name="/models/fraud")["Parameter"]["Version"] == 1
