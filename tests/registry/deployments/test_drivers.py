"""Every kind of target that the registry deploys to has a driver."""

import json

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.driving import Found
from chalicelib.domain.deployments.external import EXTERNAL
from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import ssm_parameter
from chalicelib.domain.target_kinds import KINDS
from chalicelib.registry.deployments.drivers import driver_of
from tests.aws.deployments.stepping import order


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_only_external_targets_have_no_driver(registry: Services, kind: Kind) -> None:
    assert callable(driver_of(registry, kind)) == (kind is not EXTERNAL)


def test_a_driver_uses_the_clients_of_the_registry(registry: Services) -> None:
    drive = driver_of(registry, ssm_parameter.KIND)
    assert drive is not None
    assert drive(order(ssm_parameter.config({"parameter": "/models/fraud"}), {})).found == Found.SERVING
    value = registry.client("ssm").get_parameter(Name="/models/fraud")["Parameter"]["Value"]
    assert json.loads(value)["model"] == "fraud"
