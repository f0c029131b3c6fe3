"""The drivers on services that really run: what callers of a target get changes with the version."""

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from chalicelib.aws.deployments.platform import Driver, Platform, driver
from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.deployments.platforms import (
    appconfig,
    ecs_service,
    lambda_alias,
    ssm_parameter,
    step_functions,
)
from chalicelib.domain.instants import Instant
from tests.e2e.functions import ALIAS, Function, serving_function
from tests.e2e.service_roles import service_role
from tests.e2e.stack import Stack, eventually

NOON = Instant("2026-11-28T12:00:00.000000Z")
LATER = Instant("2026-11-28T12:10:00.000000Z")


def ordered(stack: Stack, config: dict[str, Any], rollout: dict[str, Any], version: int) -> Order:
    bucket = stack.outputs["BucketName"]
    return Order(
        deployment=f"0199d3c0a1b2{version:020x}",
        model="fraud",
        version=version,
        digest=f"{version:064x}",
        uri=f"s3://{bucket}/artifacts/{version}/",
        config=config,
        policy=rollout,
    )


def driver_of(stack: Stack, name: str, now: Instant = NOON) -> Driver:
    step = import_module(f"chalicelib.aws.deployments.{name}").step
    return driver(step, Platform(stack.aws, lambda: now))


def finished(stack: Stack, name: str, order: Order, now: Instant = NOON) -> Step:
    """Step until the deployment has ended, as the deployer does."""
    drive = driver_of(stack, name, now)
    present = order

    def ended() -> Step | None:
        nonlocal present
        step = drive(present)
        present = replace(present, memo=step.memo)
        return step if step.found != Found.WORKING else None

    return eventually(ended, f"the end of the deployment by {name}")


@pytest.fixture
def function(stack: Stack) -> Iterator[Function]:
    with serving_function(stack, "score") as made:
        yield made


def function_order(stack: Stack, function: Function, version: int, **rollout: Any) -> Order:
    config = lambda_alias.config({"function": function.name, "alias": ALIAS})
    return ordered(stack, config, lambda_alias.rollout(rollout, config), version)


def test_the_answers_of_a_lambda_alias_change_with_the_version(stack: Stack, function: Function) -> None:
    for version in (1, 2, 1):
        order = function_order(stack, function, version)
        if version == 1 and function.client.list_aliases(FunctionName=function.name)["Aliases"]:
            order = replace(order, deployment="f" * 32)  # the roll-back is a deployment of its own
        assert finished(stack, "lambda_alias", order).found == Found.SERVING
        assert function.answer() == {"version": str(version), "uri": order.uri}


def test_a_canary_has_its_share_until_its_time_is_over(stack: Stack, function: Function) -> None:
    finished(stack, "lambda_alias", function_order(stack, function, 1))
    drive = driver_of(stack, "lambda_alias")
    order = function_order(stack, function, 2, shift="canary", percent=50, wait_seconds=600)

    def shared() -> bool:
        nonlocal order
        step = drive(order)
        order = replace(order, memo=step.memo)
        return "50 %" in step.detail and "since" in step.memo

    eventually(shared, "the canary's share")
    # The emulator keeps the weights, and sends all calls to the alias's own version.
    assert function.weights() == [0.5]
    assert function.answer()["version"] == "1"
    assert finished(stack, "lambda_alias", order, LATER).found == Found.SERVING
    assert function.answer()["version"] == "2"


def test_a_service_of_ecs_runs_a_task_definition_with_the_version(stack: Stack) -> None:
    ecs, name = stack.aws("ecs"), stack.fresh_name("serving")
    ecs.create_cluster(clusterName=name)
    container = {"name": "app", "image": "registry.example/fraud:1", "memory": 128}
    first = ecs.register_task_definition(family=name, containerDefinitions=[container])["taskDefinition"]
    ecs.create_service(cluster=name, serviceName="fraud", taskDefinition=first["taskDefinitionArn"], desiredCount=0)
    config = ecs_service.config(
        {"cluster": name, "service": "fraud", "container": "app", "image": "registry.example/fraud:{version}"}
    )
    order = replace(
        ordered(stack, config, ecs_service.rollout({}, config), 2), deployment=name.rpartition("-")[2].zfill(32)
    )
    assert finished(stack, "ecs_service", order).found == Found.SERVING
    (service,) = ecs.describe_services(cluster=name, services=["fraud"])["services"]
    described = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    (app,) = described["containerDefinitions"]
    assert app["image"] == "registry.example/fraud:2"
    assert {"name": "MODEL_VERSION", "value": "2"} in app["environment"]


def test_a_state_machine_is_given_the_version(stack: Stack) -> None:
    states, name = stack.aws("stepfunctions"), stack.fresh_name("deploy")
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})
    with service_role(stack, name, "states") as role:
        machine = states.create_state_machine(name=name, roleArn=role, definition=definition)["stateMachineArn"]
        order = ordered(stack, step_functions.config({"state_machine": machine}), {}, 2)
        assert finished(stack, "step_functions", order).found == Found.SERVING
    (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
    given = json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
    assert given == {
        "deployment": order.deployment,
        "model": "fraud",
        "version": 2,
        "uri": order.uri,
        "digest": order.digest,
    }


def test_a_parameter_names_the_version(stack: Stack) -> None:
    name = f"/models/{stack.fresh_name('fraud')}"
    for version in (1, 2):
        order = ordered(stack, ssm_parameter.config({"parameter": name}), {}, version)
        assert finished(stack, "ssm_parameter", order).found == Found.SERVING
        value = stack.aws("ssm").get_parameter(Name=name)["Parameter"]["Value"]
        assert json.loads(value)["version"] == version


def test_a_configuration_of_appconfig_names_the_version(stack: Stack) -> None:
    client = stack.aws("appconfig")
    application = client.create_application(Name=stack.fresh_name("serving"))["Id"]
    environment = client.create_environment(ApplicationId=application, Name="production")["Id"]
    profile = client.create_configuration_profile(ApplicationId=application, Name="fraud", LocationUri="hosted")["Id"]
    strategy = client.create_deployment_strategy(
        Name=stack.fresh_name("at-once"), DeploymentDurationInMinutes=0, GrowthFactor=100.0, FinalBakeTimeInMinutes=0
    )["Id"]
    config = {"application": application, "environment": environment, "profile": profile, "strategy": strategy}
    for version in (1, 2):
        order = ordered(stack, appconfig.config(config), {}, version)
        assert finished(stack, "appconfig", order).found == Found.SERVING
    session = stack.aws("appconfigdata").start_configuration_session(
        ApplicationIdentifier=application, EnvironmentIdentifier=environment, ConfigurationProfileIdentifier=profile
    )
    latest = stack.aws("appconfigdata").get_latest_configuration(
        ConfigurationToken=session["InitialConfigurationToken"]
    )
    assert json.load(latest["Configuration"])["version"] == 2
