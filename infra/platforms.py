"""What the deployer may do on the platforms that targets are on: nothing but what the options named ``deploy_`` allow.

Resources of each action: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from infra.options import StackOptions

# The names of everything that drivers make begin so.
_MADE = "moorage-*"


class _Arns:
    """ARNs of resources in the stack's account and region."""

    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack

    def __call__(self, service: str, kind: str, names: Iterable[str]) -> list[str]:
        where = f"{self._stack.region}:{self._stack.account}"
        return [f"arn:{self._stack.partition}:{service}:{where}:{kind}{name}" for name in names]


def platform_statements(options: StackOptions, stack: cdk.Stack) -> list[iam.PolicyStatement]:
    """The policy statements of the deployer's role for platforms; none unless an option names something."""
    arns = _Arns(stack)
    return [
        *_sagemaker(arns, options.deploy_sagemaker_endpoints),
        *_lambda(arns, options.deploy_lambda_functions),
        *_ecs(arns, options.deploy_ecs_services),
        *_step_functions(arns, options.deploy_state_machines),
        *_codepipeline(arns, options.deploy_pipelines),
        *_parameters(arns, options.deploy_ssm_parameters),
        *_appconfig(arns, options.deploy_appconfig),
        *_passed_roles(options),
    ]


def patterns_in(statements: Iterable[iam.PolicyStatement]) -> Iterator[str]:
    """The resources of the statements that hold a ``*``, each once."""
    yield from dict.fromkeys(resource for one in statements for resource in one.resources if "*" in resource)


def _sagemaker(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if not names:
        return
    # SageMaker writes the names in its ARNs in lower case.
    endpoints = arns("sagemaker", "endpoint/", [name.lower() for name in names])
    configs, models = (arns("sagemaker", f"{kind}/", [_MADE]) for kind in ("endpoint-config", "model"))
    yield _allow(["sagemaker:DescribeEndpoint"], endpoints)
    yield _allow(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], [*endpoints, *configs])
    yield _allow(["sagemaker:CreateEndpointConfig"], [*configs, *models])
    yield _allow(["sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig"], configs)
    yield _allow(["sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:DescribeModel"], models)
    # These two accept only "*".
    yield _allow(["sagemaker:ListEndpointConfigs", "sagemaker:ListModels"], ["*"])


def _lambda(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if not names:
        return
    # A function, and its versions and aliases.
    functions = arns("lambda", "function:", [*names, *(f"{name}:*" for name in names)])
    calls = ("GetAlias", "GetFunctionConfiguration", "ListVersionsByFunction", "PublishVersion")
    changes = ("CreateAlias", "UpdateAlias", "UpdateFunctionConfiguration")
    yield _allow([f"lambda:{call}" for call in (*calls, *changes)], functions)
    # CloudWatch answers composite alarms only to who may describe all alarms.
    yield _allow(["cloudwatch:DescribeAlarms"], ["*"])


def _ecs(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if not names:
        return
    definitions = arns("ecs", "task-definition/", [_MADE])
    yield _allow(["ecs:DescribeServices", "ecs:UpdateService"], arns("ecs", "service/", names))
    yield _allow(["ecs:RegisterTaskDefinition"], definitions)
    # The tags of the task definition that is registered again.
    registering = {"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}}
    yield _allow(["ecs:TagResource"], definitions, registering)
    # This one accepts only "*".
    yield _allow(["ecs:DescribeTaskDefinition"], ["*"])


def _step_functions(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if names:
        machines = arns("states", "stateMachine:", names)
        yield _allow(["states:DescribeStateMachine", "states:StartExecution"], machines)
        yield _allow(["states:DescribeExecution"], arns("states", "execution:", [f"{name}:*" for name in names]))


def _codepipeline(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if names:
        calls = ["codepipeline:GetPipelineExecution", "codepipeline:StartPipelineExecution"]
        yield _allow(calls, arns("codepipeline", "", names))


def _parameters(arns: _Arns, names: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if names:
        # A parameter's ARN has the name without the slash before it.
        parameters = arns("ssm", "parameter/", [name.lstrip("/") for name in names])
        yield _allow(["ssm:GetParameter", "ssm:PutParameter"], parameters)


def _appconfig(arns: _Arns, applications: Sequence[str]) -> Iterator[iam.PolicyStatement]:
    if not applications:
        return
    # An application, and its environments, profiles and deployments.
    within = arns("appconfig", "application/", [*applications, *(f"{one}/*" for one in applications)])
    lists = ("ListDeployments", "ListHostedConfigurationVersions")
    calls = ("CreateHostedConfigurationVersion", "GetDeployment", *lists)
    yield _allow([f"appconfig:{call}" for call in calls], within)
    yield _allow(["appconfig:StartDeployment"], [*within, *arns("appconfig", "deploymentstrategy/", ["*"])])


def _passed_roles(options: StackOptions) -> Iterator[iam.PolicyStatement]:
    """The roles that may be given to what the deployer makes, each only to the services whose option is set."""
    receivers = {
        "ecs-tasks.amazonaws.com": options.deploy_ecs_services,
        "sagemaker.amazonaws.com": options.deploy_sagemaker_endpoints,
    }
    if options.deploy_passable_roles:
        only = {"iam:PassedToService": [service for service, given in receivers.items() if given]}
        yield _allow(["iam:PassRole"], options.deploy_passable_roles, {"StringEquals": only})


def _allow(
    actions: Sequence[str], resources: Sequence[str], conditions: Mapping[str, object] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
