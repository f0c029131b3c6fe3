"""Finding the driver of a kind of target."""

from functools import partial
from importlib import import_module
from typing import Final

from chalicelib.aws.deployments.platform import Driver, Platform, driver
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.kinds import Kind

# Some calls of SageMaker and Lambda answer late. What was done by a call that was given up, the next step finds.
_READ_SECONDS: Final = 20


def driver_of(services: Services, kind: Kind) -> Driver | None:
    """The driver of a kind, imported when it is first asked for; None if somebody outside deploys to its targets."""
    if not kind.driver:
        return None
    module, _, name = kind.driver.partition(":")
    platform = Platform(partial(services.client, read_timeout=_READ_SECONDS), services.clock)
    return driver(getattr(import_module(module), name), platform)
