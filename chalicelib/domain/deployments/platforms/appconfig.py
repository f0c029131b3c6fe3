"""Targets of the kind ``appconfig``: a hosted configuration of AppConfig from which consumers read what to serve."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "appconfig"
_ID: Final = r"[a-z0-9]{4,7}"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked = {
        name: fields.text(name, _ID, "an id of AppConfig, of 4 to 7 lower-case letters and digits")
        for name in ("application", "environment", "profile")
    }
    checked["strategy"] = fields.text(
        "strategy",
        rf"{_ID}|AppConfig\.[A-Za-z0-9]{{9,40}}",
        "a deployment strategy's id, or one of AWS such as AppConfig.AllAtOnce",
    )
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout: empty. Alarms belong to the environment in AppConfig. Raises InvalidInputError."""
    return rollouts.nothing(given)


def room(configuration: Mapping[str, Any]) -> str:
    """The profile, in the environment of the application."""
    return "/".join(str(configuration[name]) for name in ("application", "environment", "profile"))


KIND: Final = Kind(NAME, config, rollout, driver="chalicelib.registry.deployments.drivers:appconfig", room=room)
