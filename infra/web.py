"""The web interface: a function that answers with its files, and its paths in the REST API.

It is no function of Chalice's: those share one package of ten megabytes, and each request of a first visit that finds
no running instance would wait until one is loaded.
"""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.function_role import function_role
from infra.functions import Functions
from infra.log_group import RetainedLogGroup
from infra.options import StackOptions
from infra.runtime import checked_runtime
from infra.storage import hosts_of

# API Gateway's greedy path does not match the path before it, so each is named.
PATHS = ("/", "/ui", "/ui/{proxy+}")
# What web/server/handler.py calls it.
STORAGE_HOSTS = "MOORAGE_STORAGE_HOSTS"
TIMEOUT_SECONDS = 10
MEMORY_MEGABYTES = 128


class Web(Construct):
    """The function ``web``. It may write its log and nothing else."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        options: StackOptions,
        *,
        package: Path,
        functions: Functions,
        bucket: s3.IBucket,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = cdk.Stack.of(self)
        hosts = hosts_of(bucket.bucket_name, stack.region, stack.url_suffix)
        log_group = RetainedLogGroup(self, "Log", options)
        role, self.policy = function_role(self, "web", log_group)
        self.function = lambda_.CfnFunction(
            self,
            "Function",
            description="Answers with the files of the web interface",
            code=_uploaded(self, package),
            handler="server.handler.answer",
            runtime=checked_runtime(options.python),
            architectures=[options.architecture],
            memory_size=MEMORY_MEGABYTES,
            timeout=TIMEOUT_SECONDS,
            environment=lambda_.CfnFunction.EnvironmentProperty(variables={STORAGE_HOSTS: ",".join(hosts)}),
            role=role.role_arn,
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=log_group.log_group_name),
        )
        self.function.node.add_dependency(self.policy)
        api = functions.chalice.get_resource("RestAPI")
        for path in PATHS:
            api.add_property_override(f"DefinitionBody.paths.{path}", {"get": self._operation(stack, path)})
        lambda_.CfnPermission(
            self,
            "Invoke",
            action="lambda:InvokeFunction",
            function_name=self.function.ref,
            principal="apigateway.amazonaws.com",
            source_arn=f"arn:{stack.partition}:execute-api:{stack.region}:{stack.account}:{api.ref}/*",
        )

    def _operation(self, stack: cdk.Stack, path: str) -> dict[str, Any]:
        """The path's GET, open to everyone: the files are public, and what they show comes from the API."""
        invoke = f"arn:{stack.partition}:apigateway:{stack.region}:lambda:path/2015-03-31/functions"
        operation: dict[str, Any] = {
            "responses": {},
            "x-amazon-apigateway-integration": {
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": f"{invoke}/{self.function.attr_arn}/invocations",
                "passthroughBehavior": "when_no_match",
            },
        }
        if "{proxy+}" in path:
            operation["parameters"] = [{"name": "proxy", "in": "path", "required": True, "type": "string"}]
        return operation


def _uploaded(scope: Construct, package: Path) -> lambda_.CfnFunction.CodeProperty:
    location = lambda_.Code.from_asset(str(package)).bind(scope).s3_location
    if location is None:
        raise TypeError("CDK did not say where it uploads the package of the web interface")
    return lambda_.CfnFunction.CodeProperty(s3_bucket=location.bucket_name, s3_key=location.object_key)
