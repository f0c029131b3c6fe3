"""What an upgrade asks of CloudFormation, answered by a stand-in: the emulator's tests run it whole."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import names
from tools.indexes import index_from, wanted
from tools.stack import Stack, ToolFailure
from tools.upgrade import upgrade

NAME = "Moorage-test"


class Cloud:
    """CloudFormation, S3 and API Gateway with one stack. ``asked`` holds the index names of each update."""

    def __init__(self, template: dict[str, Any], statuses: list[str], stages: list[str]) -> None:
        self.template = template
        self.statuses = statuses
        self.stages = stages
        self.objects: dict[str, bytes] = {}
        self.asked: list[list[str]] = []
        self.meta = type("Meta", (), {"region_name": "eu-central-1"})()

    def __call__(self, _service: str) -> "Cloud":
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 (AWS's names)
        if StackName not in (NAME, "CDKToolkit"):
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        outputs = [{"OutputKey": "BucketName", "OutputValue": "assets"}]
        return {"Stacks": [{"StackStatus": status, "Outputs": outputs}]}

    def get_template(self, **_: Any) -> dict[str, Any]:
        return {"TemplateBody": json.loads(json.dumps(self.template))}

    def put_object(self, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803
        self.objects[f"https://assets/{Key}"] = Body

    def generate_presigned_url(self, _operation: str, Params: dict[str, str]) -> str:  # noqa: N803
        return f"https://{Params['Bucket']}/{Params['Key']}?signature"

    def update_stack(self, TemplateURL: str, Parameters: list[Any], **_: Any) -> None:  # noqa: N803
        assert Parameters == [{"ParameterKey": "BootstrapVersion", "UsePreviousValue": True}]
        self.template = json.loads(self.objects[TemplateURL])
        table = self.template["Resources"]["Table"]["Properties"]
        self.asked.append([index["IndexName"] for index in table["GlobalSecondaryIndexes"]])

    def describe_stack_events(self, **_: Any) -> dict[str, Any]:
        failed = {"LogicalResourceId": "Table", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "no quota"}
        return {"StackEvents": [failed]}

    def describe_stack_resource(self, LogicalResourceId: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {"StackResourceDetail": {"PhysicalResourceId": LogicalResourceId.lower()}}

    def get_stages(self, **_: Any) -> dict[str, Any]:
        return {"item": [{"stageName": stage} for stage in self.stages]}

    def delete_stage(self, stageName: str, **_: Any) -> None:  # noqa: N803
        self.stages.remove(stageName)


def _deployed(indexes: int, statuses: list[str] | None = None, stages: list[str] | None = None) -> Cloud:
    """A stack whose table has the first so many of the indexes."""
    table = {"GlobalSecondaryIndexes": [index.definition for index in wanted()[:indexes]]}
    resources = {
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table},
        "RestAPI": {"Type": "AWS::Serverless::Api", "Properties": {}},
    }
    template = {"Resources": resources, "Parameters": {"BootstrapVersion": {"Type": "String"}}}
    return Cloud(template, statuses or ["UPDATE_COMPLETE"], stages or ["api"])


def test_each_update_creates_one_index_until_all_are_there() -> None:
    cloud = _deployed(len(names.INDEXES) - 3)
    upgrade(NAME, cloud, lambda _: None)
    every = [index.name for index in wanted()]
    assert cloud.asked == [every[:-2], every[:-1], every]
    table = cloud.template["Resources"]["Table"]["Properties"]
    assert [index_from(definition) for definition in table["GlobalSecondaryIndexes"]] == wanted()


def test_a_stack_that_is_up_to_date_is_not_updated() -> None:
    cloud = _deployed(len(names.INDEXES))
    upgrade(NAME, cloud, lambda _: None)
    assert cloud.asked == []


def test_an_update_under_way_is_waited_for() -> None:
    cloud = _deployed(
        len(names.INDEXES), ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    )
    waited: list[float] = []
    upgrade(NAME, cloud, waited.append)
    assert len(waited) == 2


def test_the_open_stage_of_an_api_is_removed_and_ours_is_kept() -> None:
    cloud = _deployed(len(names.INDEXES), stages=["api", "Stage"])
    upgrade(NAME, cloud, lambda _: None)
    assert cloud.stages == ["api"]


def test_an_update_that_failed_says_which_resource_and_why() -> None:
    cloud = _deployed(1, ["UPDATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
    with pytest.raises(ToolFailure, match=r"ended as UPDATE_ROLLBACK_COMPLETE\. Table: no quota"):
        upgrade(NAME, cloud, lambda _: None)
    assert len(cloud.asked) == 1


def test_a_stack_is_upgraded_again_after_an_update_was_rolled_back() -> None:
    cloud = _deployed(len(names.INDEXES) - 1, ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"])
    upgrade(NAME, cloud, lambda _: None)
    assert len(cloud.asked) == 1


def test_a_stack_that_cannot_be_updated_is_left_alone() -> None:
    cloud = _deployed(1, ["UPDATE_ROLLBACK_FAILED"])
    with pytest.raises(ToolFailure, match=r"is UPDATE_ROLLBACK_FAILED, so it cannot be updated\. Table: no quota"):
        upgrade(NAME, cloud, lambda _: None)
    assert cloud.asked == []


def test_a_stack_that_does_not_exist_is_named_with_its_region() -> None:
    with pytest.raises(ToolFailure, match=r"no stack Moorage-other in the region eu-central-1\. Check STAGE"):
        Stack("Moorage-other", _deployed(1), lambda _: None).settle()
