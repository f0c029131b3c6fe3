"""A stack as ``python -m tools.ops`` sees it. Queues and archive are moto's; CloudFormation and Lambda answer here."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.aws.services import Services
from infra.workload import WORKLOADS
from tools.ops.__main__ import main
from tools.ops.parts import ARCHIVE, DELIVERIES, RULES, STEPS, WITH_DEAD_LETTERS

HASH = "0A1B2C3D"
REGION = "eu-central-1"


class Stack:
    """The stack ``Moorage-test``. ``invoked`` has what functions were invoked with; ``fails`` says which fail.

    ``hidden_seconds`` are for how long the messages were hidden that the commands received.
    """

    def __init__(self, registry: Services) -> None:
        self.sqs = boto3.client("sqs", region_name=REGION)
        self.events = boto3.client("events", region_name=REGION)
        self.invoked: list[tuple[str, Any]] = []
        self.hidden_seconds: list[int] = []
        self.fails: Callable[[Any], bool] = lambda payload: False
        self.names = {workload.resource: f"{name}-function" for name, workload in WORKLOADS.items()}
        for name in WITH_DEAD_LETTERS:
            queue = self.sqs.create_queue(QueueName=f"{name}-dead-letters")["QueueUrl"]
            self.names[f"Messaging{name.capitalize()}DeadLetters{HASH}"] = queue
        self.names[DELIVERIES + HASH] = registry.settings.delivery_queue_url
        self.names[STEPS + HASH] = registry.settings.step_queue_url
        self._outputs = [{"OutputKey": "TableName", "OutputValue": registry.table.name}]

    def archive(self) -> None:
        """Give the stack its bus with rules and an archive, as the stack on AWS has them."""
        bus = self.events.create_event_bus(Name="moorage")["EventBusArn"]
        self.events.create_archive(ArchiveName="kept", EventSourceArn=bus)
        self.names[ARCHIVE + HASH] = "kept"
        for logical_id in RULES.values():
            pattern = json.dumps({"source": ["moorage"]})
            self.events.put_rule(Name=logical_id, EventBusName="moorage", EventPattern=pattern)
            self.names[logical_id + HASH] = f"moorage|{logical_id}"

    def __call__(self, service: str, **given: Any) -> Any:
        """An AWS client, as ``boto3.client`` makes it. Its parameters are checked against AWS's own model."""
        made = boto3.client(service, region_name=REGION, **given)
        if service == "cloudformation":
            made.meta.events.register("before-call.cloudformation.ListStackResources", self._listed)
            made.meta.events.register("before-call.cloudformation.DescribeStacks", self._described)
        if service == "sqs":
            made.meta.events.register("provide-client-params.sqs.ReceiveMessage", self._received)
        if service == "lambda":
            made.meta.events.register("before-call.lambda.Invoke", self._invoke)
        return made

    def run(self, *arguments: str) -> int:
        return main(["--stage", "test", *arguments], self)

    def put(self, function: str, body: object, **attributes: str) -> None:
        """Put a message into the dead-letter queue of a function."""
        text = body if isinstance(body, str) else json.dumps(body)
        given = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        self.sqs.send_message(QueueUrl=self.queue(function), MessageBody=text, MessageAttributes=given)

    def queue(self, function: str) -> str:
        return self.names[f"Messaging{function.capitalize()}DeadLetters{HASH}"]

    def left(self, url: str) -> list[str]:
        """The bodies that anybody would receive from a queue now."""
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        return [message["Body"] for message in found]

    def _received(self, params: dict[str, Any], **_: Any) -> None:
        self.hidden_seconds.append(params["VisibilityTimeout"])

    def _listed(self, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        summaries = [{"LogicalResourceId": one, "PhysicalResourceId": name} for one, name in self.names.items()]
        return _answer(params), {"StackResourceSummaries": summaries}

    def _described(self, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        assert params["body"]["StackName"] == "Moorage-test"
        return _answer(params), {"Stacks": [{"Outputs": self._outputs}]}

    def _invoke(self, params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        payload = json.loads(params["body"])
        self.invoked.append((params["url_path"].split("/")[3], payload))
        failed = {"errorType": "ValueError", "errorMessage": "no"}
        if self.fails(payload):
            return _answer(params), {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(failed).encode())}
        return _answer(params), {"Payload": io.BytesIO(b"null")}


def _answer(params: dict[str, Any]) -> AWSResponse:
    return AWSResponse(params.get("url", ""), 200, HTTPHeaders(), None)
