"""Callers with tokens and with AWS identities."""

from typing import Any

import pytest

from chalicelib.aws.services import MEMORY_SECONDS, services
from tests.api.gateway import Caller, Function, Reply

ARN = "arn:aws:iam::123456789012:role/deploy"
SESSION = "arn:aws:sts::123456789012:assumed-role/deploy/run-7"
VIEWER = [{"role": "viewer", "models": "*"}]
ADMIN = [{"role": "admin", "models": "*"}]


def iam(arn: str | None = SESSION, stage: str = "iam") -> Function:
    """A caller whose AWS signature the gateway has checked."""
    return Function(None, stage=stage, identity={"userArn": arn, "sourceIp": "203.0.113.9"})


def ok(reply: Reply) -> Any:
    """The document of a call that must succeed."""
    assert reply.status in (200, 201), reply.text
    return reply.document


def token(admin: Caller, name: str, grants: object = VIEWER, **more: Any) -> tuple[str, Caller]:
    """The id of a new token, and a caller with it."""
    created = ok(admin.post("/v1/tokens", {"name": name, "grants": grants, **more}))
    return created["id"], Caller(created["token"])


def forget(patch: pytest.MonkeyPatch) -> None:
    """Let everything that the process remembers expire."""
    later = services().monotonic() + MEMORY_SECONDS + 1
    patch.setattr(services(), "monotonic", lambda: later)
