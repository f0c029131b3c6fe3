"""The second REST API, for callers that sign with AWS credentials. It has the same calls on the same function."""

import copy
from dataclasses import replace
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sam as sam
from constructs import Construct

from chalicelib.aws.names import IAM_STAGE
from infra.functions import Functions
from infra.gateway import GATEWAY_PROBLEMS, ROUTE_NOT_FOUND, Gateway, configure, guard, regional_url
from infra.options import StackOptions
from infra.workload import API, WORKLOADS

LOGICAL_ID = "IamAPI"
_SCHEME = "sigv4"
# API Gateway gives the same answer for an unsigned request and for a path that does not exist.
PROBLEMS = GATEWAY_PROBLEMS | {
    "MISSING_AUTHENTICATION_TOKEN": replace(
        ROUTE_NOT_FOUND, detail="There is no such route, or the request is not signed with AWS credentials (SigV4)."
    )
}


class IamGateway(Construct):
    """The REST API that AWS_IAM authorises.

    API Gateway checks the signature, and that an IAM policy allows execute-api:Invoke. The registry's trust then
    decides what the caller may do. The function tells the two APIs apart by the stage, which API Gateway names and
    no caller can set.
    """

    def __init__(
        self, scope: Construct, construct_id: str, options: StackOptions, *, functions: Functions, gateway: Gateway
    ) -> None:
        super().__init__(scope, construct_id)
        self.api_name = f"moorage-{options.stage}-iam"
        stack = cdk.Stack.of(self)
        first = functions.chalice.get_resource("RestAPI")
        if not isinstance(first, sam.CfnApi):
            raise TypeError("Chalice's REST API is not a serverless API")
        body = stack.resolve(first.definition_body)
        self._api = cdk.CfnResource(
            self,
            "Api",
            type="AWS::Serverless::Api",
            properties={
                "EndpointConfiguration": "REGIONAL",
                "StageName": IAM_STAGE,
                "DefinitionBody": signed_only(body) | _policy(stack, options.trusted_accounts),
            },
        )
        self._api.override_logical_id(LOGICAL_ID)
        configure(self._api, self.api_name, options, gateway.access_log, PROBLEMS)
        guard(self, self._api, options)
        if gateway.account is not None:
            self._api.node.add_dependency(gateway.account)
        function = functions.chalice.get_resource(WORKLOADS[API].resource)
        lambda_.CfnPermission(
            self,
            "Invoke",
            action="lambda:InvokeFunction",
            function_name=function.ref,
            principal="apigateway.amazonaws.com",
            source_arn=f"arn:{stack.partition}:execute-api:{stack.region}:{stack.account}:{self._api.ref}/*",
        )
        self.url = regional_url(self._api, IAM_STAGE)


def _policy(stack: cdk.Stack, accounts: tuple[str, ...]) -> dict[str, Any]:
    """Let principals of other accounts call, if a policy of their own account allows it too.

    Principals of this account need only a policy of their own.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    if not accounts:
        return {}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:{stack.partition}:iam::{account}:root" for account in accounts]},
        "Action": "execute-api:Invoke",
        # API Gateway writes its own ARN before this.
        "Resource": f"execute-api:/{IAM_STAGE}/*",
    }
    return {"x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [statement]}}


def signed_only(body: dict[str, Any]) -> dict[str, Any]:
    """The API definition with AWS_IAM in place of the authorizer, without the calls that need no credential."""
    definition = copy.deepcopy(body)
    definition["info"] = {**definition["info"], "title": f"{definition['info']['title']}-iam"}
    definition["securityDefinitions"] = {
        _SCHEME: {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
    }
    guarded: dict[str, Any] = {}
    for path, operations in definition["paths"].items():
        kept = {
            method: {**operation, "security": [{_SCHEME: []}]}
            for method, operation in operations.items()
            if operation.get("security")
        }
        if kept:
            guarded[path] = kept
    definition["paths"] = guarded
    return definition
