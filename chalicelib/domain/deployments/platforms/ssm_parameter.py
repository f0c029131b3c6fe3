"""Targets of the kind ``ssm-parameter``: a parameter of Systems Manager from which consumers read what to serve."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "ssm-parameter"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked = {
        "parameter": fields.text(
            "parameter",
            # A name of one level, or a path of at most 15.
            r"(?!(?i:/?(aws|ssm)))([A-Za-z0-9_.-]{1,512}|(/[A-Za-z0-9_.-]{1,200}){1,15})",
            "a parameter's name such as /models/fraud, which does not begin with aws or ssm",
        )
    }
    if len(checked["parameter"]) > 1_011:
        fields.refuse("parameter", "must have at most 1,011 characters")
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout: empty. Raises InvalidInputError."""
    return rollouts.nothing(given)


def room(configuration: Mapping[str, Any]) -> str:
    """The parameter."""
    return str(configuration["parameter"])


KIND: Final = Kind(NAME, config, rollout, driver="chalicelib.registry.deployments.drivers:ssm_parameter", room=room)
