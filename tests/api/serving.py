"""Callers of the dialects that serve models: what they say of a model with files, and the uses that are counted."""

import json
from collections.abc import Mapping

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.registry.versions.versions import get_version
from tests.api.gateway import Function
from tests.registry import build

FILES: Mapping[str, bytes] = {
    "config.json": b"{}",
    "model.safetensors": b"weights",
    "onnx/model.onnx": b"graph",
    "onnx/notes.md": b"# Notes",
}


def as_role(role: Role = Role.CONSUMER, models: str = "*") -> Function:
    """A caller with ``role`` on ``models``."""
    return Function(Principal("token:serving", (Grant(role, models),)))


def champion(registry: Services) -> str:
    """The model ``fraud`` with a READY version 1 of FILES, which is its champion. Returns the version's digest."""
    build.model(registry)
    build.ready_with(registry, *FILES.items())
    point(registry, "champion", 1)
    return get_version(registry, build.MODEL, "1").digest


def point(registry: Services, alias: str, number: int) -> None:
    pointed = as_role(Role.ADMIN).put(f"/v1/models/fraud/aliases/{alias}", {"version": number})
    assert pointed.status == 200, pointed.text


def uses(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, str | None]]:
    """What was counted since the last look: the kind of use, the version, and the alias that was named."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(line["what"], line["version"], line["alias"]) for line in lines if line["log"] == "usage"]
