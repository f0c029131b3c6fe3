"""Targets of the kind ``lambda-alias``: an alias of a Lambda function whose code loads what its environment names."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "lambda-alias"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked = {
        "function": fields.text(
            "function",
            r"[A-Za-z0-9_-]{1,64}",
            "the name of a function in the registry's account and region, not its ARN",
        ),
        "alias": fields.text("alias", r"(?!\d+$)[A-Za-z0-9_-]{1,128}", "an alias: letters, digits, - and _, to 128"),
    }
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout, with its defaults. Raises InvalidInputError."""
    checked = rollouts.shifting(given)
    if checked["shift"] == rollouts.ALL_AT_ONCE and (checked["alarms"] or checked["wait_seconds"]):
        # Nobody would look at the alarms: the deployment ends as soon as the alias has moved.
        Fields(given, rollouts.WHERE).refuse("shift", "must be canary or linear, for alarms or a waiting time")
    return checked


def room(configuration: Mapping[str, Any]) -> str:
    """The alias of the function."""
    return f"{configuration['function']}:{configuration['alias']}"


KIND: Final = Kind(
    NAME,
    config,
    rollout,
    driver="chalicelib.registry.deployments.drivers:lambda_alias",
    room=room,
    lasts=rollouts.lasting,
)
