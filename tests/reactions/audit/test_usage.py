"""Lines of the API's log become counters."""

import base64
import gzip
import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.instants import Instant
from chalicelib.reactions.audit.usage import usage
from chalicelib.registry.audit.usage import list_usage
from tests.registry.build import model
from tests.registry.faults import Crash, CrashAt

CONTEXT = SimpleNamespace(aws_request_id="lambda-1")


def use(second: int, alias: str | None = None, principal: str = "token:serving", version: int = 3) -> Use:
    return Use("fraud", version, principal, FILE, Instant(f"2026-11-23T09:30:0{second}.000Z"), alias)


def batch(*messages: Use | str, batch_id: str = "b", kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """A batch as CloudWatch Logs sends it."""
    lines = [
        {
            "id": f"{batch_id}-{number}",
            "timestamp": 1,
            "message": message if isinstance(message, str) else json.dumps({"log": "usage", **message.document()}),
        }
        for number, message in enumerate(messages)
    ]
    content = json.dumps({"messageType": kind, "logGroup": "api", "logEvents": lines})
    return {"awslogs": {"data": base64.b64encode(gzip.compress(content.encode())).decode()}}


def counted(registry: Services) -> list[tuple[int, str, int, str, str, str | None]]:
    return [
        (u.version, u.principal, u.count, u.first_at[17:19], u.last_at[17:19], u.last_alias)
        for u in list_usage(registry, "fraud", None, 100, None).items
    ]


def test_uses_are_counted_by_version_and_principal(registry: Services) -> None:
    model(registry)
    usage(batch(use(1, "champion"), use(2), use(4, principal="token:ci"), use(3, version=2)), CONTEXT)
    usage(batch(use(5), batch_id="c"), CONTEXT)
    assert counted(registry) == [
        (2, "token:serving", 1, "03", "03", None),
        (3, "token:ci", 1, "04", "04", None),
        (3, "token:serving", 3, "01", "05", "champion"),
    ]


def test_a_batch_that_comes_again_is_not_counted_again(registry: Services) -> None:
    model(registry)
    usage(batch(use(1)), CONTEXT)
    usage(batch(use(1)), CONTEXT)
    assert [entry[2] for entry in counted(registry)] == [1]


def test_a_batch_that_failed_half_way_is_finished_by_its_retry(registry: Services) -> None:
    model(registry)
    lines = batch(use(1), use(2, principal="token:z"))
    with CrashAt(registry.client("dynamodb"), "UpdateItem", "before", spared=1), pytest.raises(Crash):
        usage(lines, CONTEXT)
    usage(lines, CONTEXT)
    assert [entry[2] for entry in counted(registry)] == [1, 1]


def test_an_older_batch_adds_its_count_and_leaves_the_last_use(registry: Services) -> None:
    model(registry)
    usage(batch(use(5, "champion")), CONTEXT)
    usage(batch(use(2, "challenger"), batch_id="late"), CONTEXT)
    assert counted(registry) == [(3, "token:serving", 2, "05", "05", "champion")]


def test_other_lines_of_the_log_are_passed_over(registry: Services) -> None:
    model(registry)
    other = ["START RequestId: 1 usage", '{"log": "request", "route": "/usage"}', '["usage"]', '"usage"']
    usage(batch(*other), CONTEXT)
    usage(batch("CWL CONTROL MESSAGE: checking", kind="CONTROL_MESSAGE"), CONTEXT)
    assert counted(registry) == []
