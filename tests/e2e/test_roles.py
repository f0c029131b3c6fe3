"""The emulator holds every function to its role, so a run that passes shows that the roles suffice.

A probe is a function of the test's own that runs under the role of one of the stack's functions.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from infra.workload import (
    ANCHORER,
    API,
    AUTHORIZER,
    DEPLOYER,
    INTAKE,
    KEEPER,
    NOTIFIER,
    PROMOTER,
    QUARANTINE,
    RELAY,
    SCANNER,
    SENDER,
    SIGNER,
    USAGE,
    WORKLOADS,
)
from tests.e2e.stack import Stack

_CODE: Final = """
import boto3
from botocore.exceptions import ClientError

def call(event, context):
    try:
        getattr(boto3.client(event["service"]), event["operation"])(**event["parameters"])
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"
"""
_KEY: Final = {"PK": {"S": "PROBE"}, "SK": {"S": "PROBE"}}


@dataclass(frozen=True)
class Call:
    """One AWS call; ``parameters`` are made of the stack's outputs."""

    service: str
    operation: str
    parameters: Callable[[dict[str, str]], dict[str, Any]]


def _on_table(operation: str, **parameters: Any) -> Call:
    return Call("dynamodb", operation, lambda outputs: {"TableName": outputs["TableName"], **parameters})


_GET: Final = _on_table("get_item", Key=_KEY)
_PUT: Final = _on_table("put_item", Item=_KEY)
_UPDATE: Final = _on_table("update_item", Key=_KEY)
_DELETE: Final = _on_table("delete_item", Key=_KEY)
_QUERY: Final = _on_table(
    "query", KeyConditionExpression="PK = :pk", ExpressionAttributeValues={":pk": _KEY["PK"]}, Limit=1
)
_BATCH_GET: Final = Call(
    "dynamodb", "batch_get_item", lambda outputs: {"RequestItems": {outputs["TableName"]: {"Keys": [_KEY]}}}
)
_VERDICT: Final = {"PK": {"S": "SCANNED#probe"}, "SK": {"S": "PROBE"}}
_KEEP_VERDICT: Final = _on_table("put_item", Item=_VERDICT)
_PUT_BYTES: Final = Call(
    "s3", "put_object", lambda outputs: {"Bucket": outputs["BucketName"], "Key": "artifacts/probe/x", "Body": ""}
)
_PUT_EVENTS: Final = Call(
    "events",
    "put_events",
    lambda outputs: {
        "Entries": [{"Source": "probe", "DetailType": "probe", "Detail": "{}", "EventBusName": outputs["BusName"]}]
    },
)
_READ_BYTES: Final = Call(
    "s3", "get_object", lambda outputs: {"Bucket": outputs["BucketName"], "Key": "artifacts/probe/probe.bin"}
)
_WRITE_LOGGED: Final = Call(
    "s3", "put_object", lambda outputs: {"Bucket": outputs["BucketName"], "Key": "mlflow/probe/probe.bin", "Body": ""}
)
_DELETE_ANCHOR: Final = Call(
    "s3", "delete_object", lambda outputs: {"Bucket": outputs["AnchorBucketName"], "Key": "anchors/probe.json"}
)
_ADMIN_SECRET: Final = Call(
    "secretsmanager", "get_secret_value", lambda outputs: {"SecretId": outputs["AdminSecretArn"]}
)

# A call that the function lives by, and one that only another function may make.
ALLOWED_AND_REFUSED: Final = {
    API: (_GET, _PUT_EVENTS),
    AUTHORIZER: (_ADMIN_SECRET, _PUT),
    RELAY: (_PUT_EVENTS, _GET),
    PROMOTER: (_QUERY, _PUT_EVENTS),
    NOTIFIER: (_QUERY, _PUT),
    SENDER: (_BATCH_GET, _DELETE),
    INTAKE: (_BATCH_GET, _WRITE_LOGGED),
    DEPLOYER: (_QUERY, _PUT_EVENTS),
    KEEPER: (_DELETE, _READ_BYTES),
    ANCHORER: (_BATCH_GET, _DELETE_ANCHOR),
    USAGE: (_UPDATE, _GET),
    SCANNER: (_KEEP_VERDICT, _UPDATE),
    QUARANTINE: (_BATCH_GET, _QUERY),
    SIGNER: (_BATCH_GET, _PUT_BYTES),
}


@pytest.mark.parametrize("function", WORKLOADS)
def test_a_function_may_do_what_its_role_allows_and_nothing_else(stack: Stack, function: str) -> None:
    allowed, refused = ALLOWED_AND_REFUSED[function]
    with _probe(stack, function) as outcome:
        assert outcome(allowed) == "done"
        assert outcome(refused).startswith("AccessDenied")


def test_the_scanner_changes_neither_a_model_nor_its_bytes(stack: Stack) -> None:
    """The emulator does not know the condition on leading keys; tests/infra looks at that in the template."""
    with _probe(stack, SCANNER) as outcome:
        for call in (_UPDATE, _DELETE, _QUERY, _PUT_BYTES, _WRITE_LOGGED, _PUT_EVENTS, _ADMIN_SECRET):
            assert outcome(call).startswith("AccessDenied")


@contextmanager
def _probe(stack: Stack, function: str) -> Iterator[Callable[[Call], str]]:
    """Make calls under the role of ``function``; each is answered with ``done`` or the code of its error."""
    functions = stack.aws("lambda")
    role = functions.get_function_configuration(FunctionName=stack.function(function))["Role"]
    name = stack.fresh_name(f"probe-{function}")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="probe.call",
        Code={"ZipFile": _package()},
        Timeout=30,
    )

    def outcome(call: Call) -> str:
        event = {
            "service": call.service,
            "operation": call.operation,
            "parameters": call.parameters(stack.outputs),
        }
        answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
        told: str = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, told
        return told

    try:
        yield outcome
    finally:
        functions.delete_function(FunctionName=name)


def _package() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("probe.py", _CODE)
    return packed.getvalue()
