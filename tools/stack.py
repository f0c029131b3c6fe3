"""A deployed stack, as the tools of an operator see it: its template, its outputs, and waiting for its updates."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

POLL_SECONDS = 5
UPDATED = "UPDATE_COMPLETE"
# An update that was rolled back left the stack as it was before.
READY = frozenset({"CREATE_COMPLETE", UPDATED, "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"})
# The stack of `cdk bootstrap`. Its bucket receives templates that are too long to be sent with a call.
BOOTSTRAP_STACK = "CDKToolkit"


class ToolFailure(Exception):
    """The operation cannot go on. The message says why, and what to do."""


class Stack:
    """The stack called ``name``. ``client`` makes AWS clients, as ``boto3.client`` does; ``sleep`` waits seconds."""

    def __init__(self, name: str, client: Callable[..., Any], sleep: Callable[[float], None]) -> None:
        self.name = name
        self._client = client
        self._cloudformation = client("cloudformation")
        self._sleep = sleep

    def output(self, name: str) -> str:
        outputs = {one["OutputKey"]: one["OutputValue"] for one in self._described(self.name)["Outputs"]}
        return str(outputs[name])

    def resource(self, logical_id: str) -> str:
        """The physical name of one of its resources."""
        found = self._cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def resources(self) -> dict[str, str]:
        """The physical names of its resources, by their logical ids."""
        self._described(self.name)
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
            if one.get("PhysicalResourceId")
        }

    def template(self) -> dict[str, Any]:
        """The template that was deployed last, as it was handed to CloudFormation."""
        body = self._cloudformation.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        return dict(json.loads(body) if isinstance(body, str) else body)

    def update(self, template: dict[str, Any], token: str) -> None:
        """Update the stack to ``template``, with the parameters that it has, and wait for it.

        ``token`` names the update: its template is kept under it in CDK's bucket.
        """
        parameters = [{"ParameterKey": name, "UsePreviousValue": True} for name in template.get("Parameters", {})]
        self._cloudformation.update_stack(
            StackName=self.name,
            TemplateURL=self._uploaded(template, token),
            Parameters=parameters,
            # The stack has roles, and SAM resources that CloudFormation expands.
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        if (status := self._settled()) != UPDATED:
            raise ToolFailure(f"The update of {self.name} ended as {status}. {self._reason()}")

    def settle(self) -> None:
        """Wait until no update is under way. Raises ToolFailure if the stack cannot be updated."""
        if (status := self._settled()) not in READY:
            raise ToolFailure(f"The stack {self.name} is {status}, so it cannot be updated. {self._reason()}")

    def _settled(self) -> str:
        while (status := str(self._described(self.name)["StackStatus"])).endswith("_IN_PROGRESS"):
            self._sleep(POLL_SECONDS)
        return status

    def _described(self, name: str) -> dict[str, Any]:
        try:
            (described,) = self._cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise ToolFailure(
                f"There is no stack {name} in the region {self._cloudformation.meta.region_name}. "
                "Check STAGE and AWS_REGION."
            ) from error
        return dict(described)

    def _uploaded(self, template: dict[str, Any], token: str) -> str:
        bucket = {one["OutputKey"]: one["OutputValue"] for one in self._described(BOOTSTRAP_STACK)["Outputs"]}[
            "BucketName"
        ]
        s3 = self._client("s3")
        key = f"moorage/{self.name}-{token}.json"
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
        # CloudFormation reads it with the caller's permissions, so the URL needs no signature.
        signed = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        return str(urlsplit(signed)._replace(query="").geturl())

    def _reason(self) -> str:
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        for event in events:
            reason = str(event.get("ResourceStatusReason", ""))
            if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
                return f"{event['LogicalResourceId']}: {reason}"
        return "Its events in CloudFormation say why."
