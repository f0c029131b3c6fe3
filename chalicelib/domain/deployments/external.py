"""Targets into which somebody outside puts the versions: Argo CD, a pipeline, people. They report what became of it."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.documents import free_json


# The registry keeps both documents for who reads them, and looks into neither.
def _config(given: Mapping[str, Any]) -> Mapping[str, Any]:
    free_json(given, "/config")
    return given


def _rollout(given: Mapping[str, Any], _: Mapping[str, Any]) -> Mapping[str, Any]:
    free_json(given, "/policy/rollout")
    return given


EXTERNAL: Final = Kind("external", _config, _rollout)
