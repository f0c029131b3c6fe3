"""Unexpected errors as problem documents."""

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.aws.services import Services
from tests.api.gateway import Caller


def test_an_outage_of_a_service_is_a_503_that_asks_to_retry(
    admin: Caller, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    host = "-".join(("inner", "host"))

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url=host)

    events = registry.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.BatchGetItem", fail)
    refused = admin.get("/v1/models/fraud")
    events.unregister("before-call.dynamodb.BatchGetItem", fail)
    assert (refused.status, refused.code) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert host not in refused.text + capsys.readouterr().out


def test_a_fault_of_our_own_is_a_500_without_internals(
    admin: Caller, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("inner words")

    events = registry.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.BatchGetItem", fail)
    refused = admin.get("/v1/models/fraud")
    events.unregister("before-call.dynamodb.BatchGetItem", fail)
    assert (refused.status, refused.code) == (500, "internal_error")
    assert "inner words" not in refused.text
    assert "RuntimeError" in capsys.readouterr().out
