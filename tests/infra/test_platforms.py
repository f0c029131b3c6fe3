"""What the deployer may do on platforms: what the operator named, and nothing without that."""

from typing import Any

import aws_cdk as cdk
import pytest

from infra.options import StackOptions
from infra.platforms import patterns_in, platform_statements
from tests.infra.conftest import PASSED_ROLE
from tests.infra.template import FUNCTIONS, Template

ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
# With each option: an action that it allows, and where.
ALLOWED = {
    ("deploy_sagemaker_endpoints", "Moorage-*"): (
        "sagemaker:DescribeEndpoint",
        ARN.format("sagemaker", "endpoint/moorage-*"),
    ),
    ("deploy_lambda_functions", "score"): ("lambda:UpdateAlias", ARN.format("lambda", "function:score")),
    ("deploy_ecs_services", "serving/fraud"): ("ecs:UpdateService", ARN.format("ecs", "service/serving/fraud")),
    ("deploy_state_machines", "deploy"): ("states:StartExecution", ARN.format("states", "stateMachine:deploy")),
    ("deploy_pipelines", "deploy"): ("codepipeline:StartPipelineExecution", ARN.format("codepipeline", "deploy")),
    ("deploy_ssm_parameters", "/models/*"): ("ssm:PutParameter", ARN.format("ssm", "parameter/models/*")),
    ("deploy_appconfig", "abc1234"): ("appconfig:StartDeployment", ARN.format("appconfig", "application/abc1234")),
}
# These accept no resource, and change nothing.
EVERYWHERE = {
    "cloudwatch:DescribeAlarms",
    "ecs:DescribeTaskDefinition",
    "sagemaker:ListEndpointConfigs",
    "sagemaker:ListModels",
}
# What each driver calls, and no more.
CALLS = {
    "deploy_sagemaker_endpoints": {
        "sagemaker:CreateEndpoint",
        "sagemaker:CreateEndpointConfig",
        "sagemaker:CreateModel",
        "sagemaker:DeleteEndpointConfig",
        "sagemaker:DeleteModel",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
        "sagemaker:ListEndpointConfigs",
        "sagemaker:ListModels",
        "sagemaker:UpdateEndpoint",
    },
    "deploy_lambda_functions": {
        "cloudwatch:DescribeAlarms",
        "lambda:CreateAlias",
        "lambda:GetAlias",
        "lambda:GetFunctionConfiguration",
        "lambda:ListVersionsByFunction",
        "lambda:PublishVersion",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionConfiguration",
    },
    "deploy_ecs_services": {
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:RegisterTaskDefinition",
        "ecs:TagResource",
        "ecs:UpdateService",
    },
    "deploy_state_machines": {"states:DescribeExecution", "states:DescribeStateMachine", "states:StartExecution"},
    "deploy_pipelines": {"codepipeline:GetPipelineExecution", "codepipeline:StartPipelineExecution"},
    "deploy_ssm_parameters": {"ssm:GetParameter", "ssm:PutParameter"},
    "deploy_appconfig": {
        "appconfig:CreateHostedConfigurationVersion",
        "appconfig:GetDeployment",
        "appconfig:ListDeployments",
        "appconfig:ListHostedConfigurationVersions",
        "appconfig:StartDeployment",
    },
}


def allowed(**options: str) -> list[dict[str, Any]]:
    """The statements of a stack with these options, with ``Action`` and ``Resource`` as lists."""
    app = cdk.App()
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="123456789012", region="eu-central-1"))
    statements = platform_statements(StackOptions.from_context(options.get), stack)
    documents = [stack.resolve(statement.to_statement_json()) for statement in statements]
    return [
        one | {field: one[field] if isinstance(one[field], list) else [one[field]] for field in ("Action", "Resource")}
        for one in documents
    ]


def text(resource: Any) -> str:
    """An ARN, whose partition the synthesis leaves open."""
    if isinstance(resource, str):
        return resource
    return "".join(part if isinstance(part, str) else "aws" for part in resource["Fn::Join"][1])


def test_the_deployer_may_touch_nothing_unless_an_option_names_it() -> None:
    assert allowed() == []


@pytest.mark.parametrize("given", ALLOWED, ids=lambda given: given[0])
def test_an_option_allows_its_drivers_calls_on_what_it_names(given: tuple[str, str]) -> None:
    option, value = given
    statements = allowed(**{option: value})
    assert {action for one in statements for action in one["Action"]} == CALLS[option]
    action, resource = ALLOWED[given]
    found = [text(where) for one in statements if action in one["Action"] for where in one["Resource"]]
    assert resource in found
    for one in statements:
        assert one["Effect"] == "Allow"
        assert ("*" in one["Resource"]) == bool(EVERYWHERE.issuperset(one["Action"]))


def test_what_the_drivers_make_is_touched_only_under_their_own_names() -> None:
    for one in allowed(deploy_sagemaker_endpoints="fraud", deploy_ecs_services="serving/fraud"):
        for resource in map(text, one["Resource"]):
            if resource != "*":
                assert resource.rpartition("/")[2] in ("fraud", "moorage-*")


@pytest.mark.parametrize(
    ("options", "receivers"),
    [
        ({"deploy_sagemaker_endpoints": "fraud"}, ["sagemaker.amazonaws.com"]),
        ({"deploy_ecs_services": "serving/fraud"}, ["ecs-tasks.amazonaws.com"]),
        (
            {"deploy_sagemaker_endpoints": "fraud", "deploy_ecs_services": "serving/fraud"},
            ["ecs-tasks.amazonaws.com", "sagemaker.amazonaws.com"],
        ),
    ],
)
def test_roles_are_passed_only_by_name_and_only_to_the_services_that_are_deployed_to(
    options: dict[str, str], receivers: list[str]
) -> None:
    assert not any("iam:PassRole" in one["Action"] for one in allowed(**options))
    (passing,) = [
        one for one in allowed(deploy_passable_roles=PASSED_ROLE, **options) if "iam:PassRole" in one["Action"]
    ]
    assert passing["Resource"] == [PASSED_ROLE]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": receivers}}


def test_every_resource_with_a_star_is_named_once_for_cdk_nag() -> None:
    app = cdk.App()
    statements = platform_statements(
        StackOptions.from_context({"deploy_ecs_services": "a/b*", "deploy_lambda_functions": "f"}.get),
        cdk.Stack(app, "S"),
    )
    found = list(patterns_in(statements))
    assert len(found) == len(set(found)) == 4
    assert all("*" in resource for resource in found)


def test_only_the_deployers_role_reaches_platforms_and_only_in_a_stack_with_these_options(
    production: Template, enterprise: Template
) -> None:
    called = set().union(*CALLS.values()) | {"iam:PassRole"}
    for function in FUNCTIONS:
        assert not called.intersection(production.allowed(function))
        reached = called.intersection(enterprise.allowed(function))
        assert reached == (called if function == "deployer" else set())
    (passing,) = [one for one in enterprise.statements("deployer") if one["Action"] == "iam:PassRole"]
    assert passing["Resource"] == PASSED_ROLE
