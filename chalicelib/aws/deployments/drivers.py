"""The drivers by name. Each is a module of this folder, imported when first used."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from botocore.exceptions import ClientError

from chalicelib.aws.deployments.platform import Platform, failed, passing, refusal
from chalicelib.domain.deployments.driving import Order, Step

Driver = Callable[[Order], Step]

NAMES: Final = (
    "appconfig",
    "codepipeline",
    "ecs_service",
    "lambda_alias",
    "sagemaker_endpoint",
    "ssm_parameter",
    "step_functions",
)


def driver(name: str, platform: Platform) -> Driver:
    """The driver called ``name``, one of ``NAMES``.

    It reads the platform, then makes at most one call that changes something. Names and tokens come from the order, so
    a step may be cut off anywhere, or made twice at once. A refusal of AWS that does not pass by itself is FAILED; any
    other error is raised, and the same step may be tried again.
    """
    if name not in NAMES:
        raise ValueError(f"There is no driver {name!r}.")
    step: Callable[[Order, Platform], Step] = import_module(f"{__package__}.{name}").step

    def drive(order: Order) -> Step:
        try:
            return step(order, platform)
        except ClientError as error:
            if passing(error):
                raise
            return failed(order, refusal(error))

    return drive
