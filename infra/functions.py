"""The Chalice functions, each with its own role, log group, size and environment."""

from pathlib import Path

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from chalicelib.aws.names import TOKEN_STAGE
from infra.log_group import RetainedLogGroup
from infra.network import Network
from infra.options import StackOptions
from infra.package import Application
from infra.package_source import named_packages_only
from infra.runtime import checked_runtime
from infra.workload import API, KEEPER, QUARANTINE, SCANNER, SENDER, WORKLOADS, Workload

API_STAGE = TOKEN_STAGE


class Functions(Construct):
    """The application as Chalice packages it, with one least-privilege role for each function.

    Chalice's construct reads one size, role and environment for all functions and ignores its own per-function
    configuration. Overrides of the template set them for each function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        source: Path,
        environment: dict[str, str],
        network: Network,
        permissions: dict[str, list[iam.PolicyStatement]],
    ) -> None:
        super().__init__(scope, construct_id)
        self._network = network
        self._runtime = checked_runtime(options.python)
        self._concurrency = {SENDER: options.sender_concurrency}
        self._roles = {name: self._role(name) for name in WORKLOADS}
        self.log_groups = {name: RetainedLogGroup(self, f"{name.capitalize()}Log", options) for name in WORKLOADS}
        with named_packages_only():
            self.chalice = self._application(options, source, environment)
        self.policies: dict[str, iam.Policy] = {}
        self.handles: dict[str, lambda_.IFunction] = {}
        for name, workload in WORKLOADS.items():
            self._configure(name, workload, permissions[name])
        # It asks for new scans as soon as it knows later rules. Those who answer must know them by then: an answer by
        # the earlier ones would end the scan, and nobody would ask again.
        for name in (SCANNER, QUARANTINE):
            self.deploy_before_keeper(self.chalice.get_resource(WORKLOADS[name].resource))

    def deploy_before_keeper(self, answering: IDependable) -> None:
        """Have CloudFormation deploy what answers the keeper before the keeper."""
        self.chalice.get_resource(WORKLOADS[KEEPER].resource).node.add_dependency(answering)

    def _application(self, options: StackOptions, source: Path, environment: dict[str, str]) -> Application:
        return Application(
            self,
            "Application",
            source_dir=str(source),
            stage_config={
                "api_gateway_stage": API_STAGE,
                "api_gateway_endpoint_type": "REGIONAL",
                "lambda_architecture": options.architecture,
                # Chalice requires one role for all functions; each function gets its own below.
                "manage_iam_role": False,
                "iam_role_arn": self._roles[API].role_arn,
                "environment_variables": environment,
                "xray": True,
            },
        )

    def _role(self, name: str) -> iam.Role:
        return iam.Role(
            self,
            f"{name.capitalize()}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What the Moorage function {name} may do",
        )

    def _configure(self, name: str, workload: Workload, statements: list[iam.PolicyStatement]) -> None:
        role, log_group = self._roles[name], self.log_groups[name]
        attachment = self._network.attachment(name)
        policy = iam.Policy(
            self,
            f"{name.capitalize()}Policy",
            roles=[role],
            statements=[
                *statements,
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
                # X-Ray has no resources: these two actions accept only "*".
                iam.PolicyStatement(actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"]),
                *([attachment.statement] if attachment else []),
            ],
        )
        self.policies[name] = policy
        resource = self.chalice.get_resource(workload.resource)
        resource.add_property_override("Role", role.role_arn)
        resource.add_property_override("Timeout", workload.timeout_seconds)
        resource.add_property_override("MemorySize", workload.memory_megabytes)
        resource.add_property_override("LoggingConfig", {"LogGroup": log_group.log_group_name})
        resource.add_property_override("Runtime", self._runtime)
        if attachment:
            resource.add_property_override("VpcConfig", attachment.configuration)
        if self._concurrency.get(name):
            resource.add_property_override("ReservedConcurrentExecutions", self._concurrency[name])
        # A function that is invoked at once would fail until its policy exists.
        resource.node.add_dependency(policy)
        # Built from attributes, because no permissions can be added to a function that Chalice returns:
        # rules and mappings on it would silently never fire.
        self.handles[name] = lambda_.Function.from_function_attributes(
            self,
            f"{name.capitalize()}Function",
            function_arn=resource.get_att("Arn").to_string(),
            role=role.without_policy_updates(),
            same_environment=True,
        )
