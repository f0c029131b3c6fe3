"""The drivers of the kinds of targets that the registry deploys to, with the clients of the process's services.

The kinds name them as ``chalicelib.registry.deployments.drivers:<name>``.
"""

from functools import partial
from importlib import import_module
from typing import Final

from chalicelib.aws.deployments.platform import Driver, Platform, driver
from chalicelib.aws.services import services
from chalicelib.domain.deployments.driving import Order, Step

# Some calls of SageMaker and Lambda answer late. What was done by a call that was given up, the next step finds.
_READ_SECONDS: Final = 20


def _driver(name: str) -> Driver:
    """The driver of a platform. Its module is imported when it takes its first step."""

    def drive(order: Order) -> Step:
        step = import_module(f"chalicelib.aws.deployments.{name}").step
        client = partial(services().client, read_timeout=_READ_SECONDS)
        return driver(step, Platform(client, services().clock))(order)

    return drive


appconfig: Final = _driver("appconfig")
codepipeline: Final = _driver("codepipeline")
ecs_service: Final = _driver("ecs_service")
lambda_alias: Final = _driver("lambda_alias")
sagemaker_endpoint: Final = _driver("sagemaker_endpoint")
ssm_parameter: Final = _driver("ssm_parameter")
step_functions: Final = _driver("step_functions")
