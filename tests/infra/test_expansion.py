"""The stack as CloudFormation deploys it, after SAM has added what the synthesised template does not show."""

import json
from typing import Any

import pytest

from infra.network import NETWORK_ACTIONS
from tests.infra.conftest import HOST_PYTHON
from tests.infra.template import FUNCTIONS, Template

# X-Ray, ECS and SageMaker take no resources for these. CloudWatch shows composite alarms only to who may see all.
WITHOUT_RESOURCES = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ecs:DescribeTaskDefinition",
    "sagemaker:ListEndpointConfigs",
    "sagemaker:ListModels",
    "cloudwatch:DescribeAlarms",
}


def test_each_api_is_reached_through_its_one_guarded_stage_only(expanded: Template) -> None:
    stages = {
        (expanded.short(stage["Properties"]["RestApiId"]), stage["Properties"]["StageName"]): stage["Properties"]
        for stage in expanded.of_type("AWS::ApiGateway::Stage").values()
    }
    assert set(stages) == {("RestAPI", "api"), ("IamAPI", "iam")}
    for stage in stages.values():
        assert stage["AccessLogSetting"]["DestinationArn"]
        (settings,) = stage["MethodSettings"]
        assert settings["ThrottlingRateLimit"] and settings["ThrottlingBurstLimit"]
    # A deployment with the name of a stage would make that stage too, without throttle, log and alarms.
    deployments = expanded.of_type("AWS::ApiGateway::Deployment").values()
    assert len(deployments) == 2
    assert not [found for found in deployments if "StageName" in found["Properties"]]


def test_the_api_definitions_are_deployed_as_they_were_synthesised(production: Template, expanded: Template) -> None:
    for api in ("RestAPI", "IamAPI"):
        synthesised = production.properties(api)["DefinitionBody"]
        deployed = expanded.properties(api)["Body"]
        assert deployed["swagger"] == synthesised["swagger"] == "2.0"
        assert set(deployed["paths"]) == set(synthesised["paths"])
        assert deployed["securityDefinitions"] == synthesised["securityDefinitions"]


@pytest.mark.parametrize("stack", ["expanded", "enterprise"])
def test_no_policy_allows_every_action_or_every_resource(stack: str, request: pytest.FixtureRequest) -> None:
    seen = 0
    for statement in _statements(request.getfixturevalue(stack)):
        if statement["Effect"] != "Allow" or _leaves_a_key_to_its_account(statement):
            continue
        seen += 1
        actions = _listed(statement["Action"])
        assert not [action for action in actions if "*" in action], statement
        assert statement.get("Principal") not in ("*", {"AWS": "*"}), statement
        if "*" in _listed(statement.get("Resource", [])):
            assert set(actions) <= WITHOUT_RESOURCES | set(NETWORK_ACTIONS), statement
    assert seen > len(FUNCTIONS)


def test_the_expansion_adds_no_role_and_no_function(production: Template, expanded: Template) -> None:
    assert set(expanded.of_type("AWS::IAM::Role")) == set(production.of_type("AWS::IAM::Role"))
    assert set(FUNCTIONS.values()) <= set(expanded.of_type("AWS::Lambda::Function"))
    assert not [kind for kind in map(_kind, expanded.document["Resources"].values()) if "Serverless" in kind]


def test_every_function_runs_on_the_one_python_that_the_stack_names(expanded: Template) -> None:
    functions = expanded.of_type("AWS::Lambda::Function").values()
    assert {function["Properties"]["Runtime"] for function in functions} == {f"python{HOST_PYTHON}"}
    assert {tuple(function["Properties"]["Architectures"]) for function in functions} == {("arm64",)}


def _statements(template: Template) -> list[dict[str, Any]]:
    """Every statement of every policy, wherever it is in the template."""
    found: list[dict[str, Any]] = []
    waiting: list[Any] = [template.document["Resources"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if {"Effect", "Action"} <= set(value):
                found.append(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return sorted(found, key=json.dumps)


def _leaves_a_key_to_its_account(statement: dict[str, Any]) -> bool:
    """Whether this is the statement that every key's policy has: it lets IAM policies of the key's account count.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    account = ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]
    return statement["Action"] == "kms:*" and statement["Principal"] == {"AWS": {"Fn::Join": ["", account]}}


def _kind(resource: dict[str, Any]) -> str:
    kind: str = resource["Type"]
    return kind


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
