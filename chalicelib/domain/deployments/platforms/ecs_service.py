"""Targets of the kind ``ecs-service``: a service of ECS, one of whose containers serves the model."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "ecs-service"
_NAME: Final = r"[A-Za-z0-9_-]{1,255}"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked: dict[str, Any] = {
        name: fields.text(name, _NAME, f"the name of a {name}, not its ARN")
        for name in ("cluster", "service", "container")
    }
    if "image" in fields:
        checked["image"] = fields.image("image")
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout. How traffic moves is set at the service itself. Raises InvalidInputError."""
    return rollouts.watching(given)


def room(configuration: Mapping[str, Any]) -> str:
    """The container of the service."""
    return "/".join(str(configuration[name]) for name in ("cluster", "service", "container"))


KIND: Final = Kind(NAME, config, rollout, driver="chalicelib.registry.deployments.drivers:ecs_service", room=room)
