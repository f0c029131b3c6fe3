"""Targets of the kind ``step-functions``: a standard state machine that puts the version into service."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "step-functions"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked = {
        "state_machine": fields.text(
            "state_machine",
            r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[A-Za-z0-9_-]{1,80}",
            "the ARN of a state machine, without a version or an alias",
        )
    }
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout: empty. Raises InvalidInputError."""
    return rollouts.nothing(given)


KIND: Final = Kind(NAME, config, rollout, driver="chalicelib.registry.deployments.drivers:step_functions")
