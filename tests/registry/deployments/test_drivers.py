"""Every kind of target that the registry deploys to has a driver, and a move reaches the platform through it."""

import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest

from chalicelib.aws.deployments.step_queue import QueuedStep
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.external import EXTERNAL
from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.target import Policy
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.target_kinds import KINDS
from chalicelib.reactions.deployments.deployer import deployer
from chalicelib.registry.deployments import deployments, drivers, stepping, targets
from tests.aws.deployments.sagemaker_fake import SageMakerFake
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, request
from tests.registry.deployments.deploying import newest, open_for, statuses, told, versions_in_production

BUILT_IN = [kind for kind in KINDS if kind is not EXTERNAL]


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_the_driver_of_a_kind_is_that_of_its_platform(kind: Kind) -> None:
    module, _, name = kind.driver.partition(":")
    assert callable(getattr(import_module(module), name))
    assert name == kind.name.replace("-", "_")
    assert callable(import_module(f"chalicelib.aws.deployments.{name}").step)


def test_a_version_that_enters_a_stage_reaches_the_platform(registry: Services) -> None:
    setting = Setting("production", [MODEL], stage="production", config={"parameter": "/models/fraud"})
    targets.set_target(registry, request(), "eu", "ssm-parameter", setting)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    deployer({"detail": json.loads(json.dumps(newest(registry)))}, SimpleNamespace(aws_request_id="lambda-1"))
    deployed = deployments.get_deployment(registry, MODEL, 1)
    assert deployed.status is Status.SUCCEEDED
    (link,) = deployed.links.values()
    assert link.startswith("https://eu-central-1.console.aws.amazon.com/")
    value = json.loads(registry.client("ssm").get_parameter(Name="/models/fraud")["Parameter"]["Value"])
    assert (value["model"], value["version"], value["digest"]) == (MODEL, 1, deployed.digest)
    assert value["uri"].startswith(f"s3://{registry.settings.bucket}/artifacts/")


def test_a_roll_back_of_sagemaker_ends_the_deployment_as_failed_with_the_reason(registry: Services) -> None:
    fake = SageMakerFake()
    registry._clients["sagemaker", drivers._READ_SECONDS] = fake.client
    config = {
        "endpoint": "moorage-fraud",
        "execution_role": "arn:aws:iam::123456789012:role/serving",
        "image": "registry.example/fraud:1",
        "instance_type": "ml.m5.large",
    }
    rollout = {"shift": "canary", "percent": 10, "wait_seconds": 600, "alarms": ["fraud-errors"]}
    setting = Setting("production", [MODEL], stage="production", config=config, policy=Policy(rollout=rollout))
    targets.set_target(registry, request(), "eu", "sagemaker-endpoint", setting)
    for number, event in enumerate(versions_in_production(registry, 2), 1):
        fake.rings = number == 2
        open_for(registry, event)
        for _ in range(20):
            pass_time(registry, timedelta(minutes=1))
            stepping.step(registry, QueuedStep(MODEL, number, 1), "lambda-1")
            fake.advance()
    assert statuses(registry) == ["succeeded", "failed"]
    assert "An alarm rang during the deployment." in deployments.get_deployment(registry, MODEL, 2).detail
    assert [kind for kind, subject in told(registry) if subject == "2"] == ["opened", "started", "failed"]
    assert len(fake.updates) == 1
