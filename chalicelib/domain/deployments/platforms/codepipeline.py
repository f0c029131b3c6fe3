"""Targets of the kind ``codepipeline``: a pipeline of CodePipeline that puts the version into service."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.platforms import rollouts
from chalicelib.domain.deployments.platforms.fields import Fields

NAME: Final = "codepipeline"


def config(given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked configuration. Raises InvalidInputError."""
    fields = Fields(given, "/config")
    checked = {"pipeline": fields.text("pipeline", r"[A-Za-z0-9.@_-]{1,100}", "the name of a pipeline")}
    fields.end()
    return checked


def rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    """The checked rollout: empty. Raises InvalidInputError."""
    return rollouts.nothing(given)


KIND: Final = Kind(NAME, config, rollout, driver="chalicelib.registry.deployments.drivers:codepipeline")
