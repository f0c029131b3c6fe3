"""Targets into which somebody outside puts the versions: Argo CD, a pipeline, people. They report what became of it."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.documents import free_json


def _kept(pointer: str) -> Any:
    def check(given: Mapping[str, Any]) -> Mapping[str, Any]:
        free_json(given, pointer)
        return given

    return check


# The registry keeps both documents for who reads them, and looks into neither.
EXTERNAL: Final = Kind("external", config=_kept("/config"), rollout=_kept("/policy/rollout"))
