"""The reference handler: the least work that any endpoint here does, to which their CPU time is compared.

One Chalice route reads one item by botocore and answers its document as JSON. It pays for what every endpoint pays
for: routing, one signed request, a parsed answer, JSON on both sides. It uses nothing of chalicelib, so our own changes
move the ratio and a change of the interpreter, of Chalice or of botocore moves both sides.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import boto3
from botocore.config import Config
from chalice.app import Chalice

from bench.gateway_event import CONTEXT, gateway_event
from bench.replay import answered

_PATH: Final = "/v1/reference/{name}"
# About a kilobyte, as a version's item is.
_DOCUMENT: Final = {f"field-{index}": "v" * 30 for index in range(20)}
_ITEM: Final = {
    "PK": {"S": "MODEL#reference"},
    "SK": {"S": "VERSION#7"},
    "revision": {"N": "14"},
    "body": {"S": json.dumps(_DOCUMENT)},
}


class Reference:
    """The handler, with its client's transport stubbed."""

    def __init__(self) -> None:
        self._app = _app(_client(json.dumps({"Item": _ITEM}).encode()))

    def __call__(self) -> None:
        """Handle one request."""
        event = gateway_event("GET", _PATH, "/v1/reference/some", {"name": "some"})
        answer = self._app(event, CONTEXT)
        if answer["statusCode"] != 200:
            raise RuntimeError(f"The reference handler answered {answer['statusCode']}: {answer['body']}")


def _client(answer: bytes) -> Any:
    """A DynamoDB client with the registry's retries that gets ``answer`` to every call."""
    client = boto3.client(
        "dynamodb",
        region_name="eu-central-1",
        aws_access_key_id="bench",
        aws_secret_access_key="bench",
        config=Config(retries={"mode": "standard", "total_max_attempts": 4}),
    )
    headers = {"Content-Type": "application/x-amz-json-1.0"}
    client.meta.events.register_first("before-send.*.*", partial(_answer, headers, answer))
    return client


def _answer(headers: Mapping[str, str], content: bytes, **_: Any) -> Any:
    return answered(200, headers, content)


def _app(client: Any) -> Chalice:
    app = Chalice("reference", configure_logs=False)

    @app.route(_PATH, methods=["GET"])
    def read(name: str) -> Any:
        key = {"PK": {"S": f"MODEL#{name}"}, "SK": {"S": "VERSION#7"}}
        item = client.get_item(TableName="reference", Key=key, ConsistentRead=True)["Item"]
        return json.loads(item["body"]["S"])

    return app
