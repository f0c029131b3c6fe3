"""API Gateway's settings of the HTTP API: limits, access log, tracing, error documents, custom domain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from chalicelib.aws.names import PUBLIC_URL
from infra.functions import API_STAGE, Functions
from infra.log_group import RetainedLogGroup
from infra.options import StackOptions

# No headers, query or body: a presigned URL or a token must never reach a log.
ACCESS_LOG_FIELDS = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "response_bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "function_ms": "$context.integration.latency",
    "principal": "$context.authorizer.principalId",
    # For the API with AWS signatures, which has no authorizer.
    "caller": "$context.identity.userArn",
    "gateway_error": "$context.error.responseType",
}


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """An answer that API Gateway gives without asking the application."""

    status: int
    code: str
    # The error code for MLflow's clients, which read only this and a message.
    mlflow_code: str
    title: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


UNAUTHENTICATED = GatewayProblem(
    401,
    "unauthenticated",
    "UNAUTHENTICATED",
    "Unauthenticated",
    "The request carries no valid token. Send Authorization: Bearer <token>.",
    # Clients of OCI registries send nothing until they are asked for it, and look at the first scheme only.
    (("WWW-Authenticate", 'Basic realm="moorage", Bearer realm="moorage"'),),
)
PERMISSION_DENIED = GatewayProblem(
    403, "permission_denied", "PERMISSION_DENIED", "Permission denied", "The caller's grants do not allow this."
)
ROUTE_NOT_FOUND = GatewayProblem(
    404, "route_not_found", "ENDPOINT_NOT_FOUND", "Route not found", "There is no such route. See /v1/openapi.json."
)
RATE_LIMITED = GatewayProblem(
    429,
    "rate_limited",
    "REQUEST_LIMIT_EXCEEDED",
    "Rate limited",
    "Too many requests. Wait a moment and try again.",
    (("Retry-After", "1"),),
)
INTERNAL_ERROR = GatewayProblem(
    500,
    "internal_error",
    "INTERNAL_ERROR",
    "Internal error",
    "The request failed. Try again; if it keeps failing, report request_id.",
)
UNAVAILABLE = GatewayProblem(
    503,
    "unavailable",
    "TEMPORARILY_UNAVAILABLE",
    "Unavailable",
    "The registry cannot answer now. Try again.",
    (("Retry-After", "1"),),
)
TIMED_OUT = GatewayProblem(
    504,
    "timed_out",
    "DEADLINE_EXCEEDED",
    "Timed out",
    "No answer in time. The request may have taken effect: retry with the same Idempotency-Key.",
)
BAD_REQUEST = GatewayProblem(
    400, "invalid_input", "INVALID_PARAMETER_VALUE", "Invalid input", "The request is not well formed."
)

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
GATEWAY_PROBLEMS = {
    "UNAUTHORIZED": UNAUTHENTICATED,
    "ACCESS_DENIED": PERMISSION_DENIED,
    "EXPIRED_TOKEN": PERMISSION_DENIED,
    "INVALID_SIGNATURE": PERMISSION_DENIED,
    "INVALID_API_KEY": PERMISSION_DENIED,
    "WAF_FILTERED": PERMISSION_DENIED,
    # API Gateway gives this answer for a path or method that does not exist.
    "MISSING_AUTHENTICATION_TOKEN": ROUTE_NOT_FOUND,
    "RESOURCE_NOT_FOUND": ROUTE_NOT_FOUND,
    "REQUEST_TOO_LARGE": GatewayProblem(
        413, "too_large", "INVALID_PARAMETER_VALUE", "Too large", "The request body is too large."
    ),
    "UNSUPPORTED_MEDIA_TYPE": GatewayProblem(
        415,
        "unsupported_media_type",
        "INVALID_PARAMETER_VALUE",
        "Unsupported media type",
        "The Content-Type is not one that this call takes.",
    ),
    "THROTTLED": RATE_LIMITED,
    "QUOTA_EXCEEDED": RATE_LIMITED,
    "BAD_REQUEST_BODY": BAD_REQUEST,
    "BAD_REQUEST_PARAMETERS": BAD_REQUEST,
    "API_CONFIGURATION_ERROR": INTERNAL_ERROR,
    "AUTHORIZER_CONFIGURATION_ERROR": INTERNAL_ERROR,
    "AUTHORIZER_FAILURE": INTERNAL_ERROR,
    "INTEGRATION_FAILURE": UNAVAILABLE,
    "INTEGRATION_TIMEOUT": TIMED_OUT,
    "DEFAULT_4XX": BAD_REQUEST,
    "DEFAULT_5XX": INTERNAL_ERROR,
}


class Gateway(Construct):
    """The settings of Chalice's REST API that Chalice itself cannot express."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.api_name = f"moorage-{options.stage}"
        self._api = functions.chalice.get_resource("RestAPI")
        self.access_log = RetainedLogGroup(self, "AccessLog", options)
        configure(self._api, self.api_name, options, self.access_log)
        if options.public_url is not None:
            self._api.add_property_override("Variables", {PUBLIC_URL: options.public_url})
        if options.disable_default_endpoint:
            self._api.add_property_override("DisableExecuteApiEndpoint", True)
        guard(self, self._api, options)
        self.account: apigateway.CfnAccount | None = None
        self.account_log_role: iam.Role | None = None
        if options.account_api_logging:
            self._log_for_the_account()
        self.url = self._own_domain(options) if options.domain_name else regional_url(self._api, API_STAGE)

    def _log_for_the_account(self) -> None:
        """Let API Gateway write logs. The setting is for the whole account and region, so it outlives the stack."""
        role = iam.Role(
            self,
            "AccountLogRole",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        account = apigateway.CfnAccount(self, "AccountLogging", cloud_watch_role_arn=role.role_arn)
        account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        self._api.node.add_dependency(account)
        self.account = account
        self.account_log_role = role

    def _own_domain(self, options: StackOptions) -> str:
        if options.domain_name is None or options.certificate_arn is None:
            raise ValueError("a custom domain needs domain_name and certificate_arn")
        domain = apigateway.CfnDomainName(
            self,
            "Domain",
            domain_name=options.domain_name,
            regional_certificate_arn=options.certificate_arn,
            endpoint_configuration=apigateway.CfnDomainName.EndpointConfigurationProperty(types=["REGIONAL"]),
            security_policy="TLS_1_2",
        )
        apigateway.CfnBasePathMapping(
            self,
            "DomainMapping",
            domain_name=domain.ref,
            rest_api_id=self._api.ref,
            stage=stage_of(self._api),
        )
        cdk.CfnOutput(
            cdk.Stack.of(self),
            "DomainTarget",
            value=domain.attr_regional_domain_name,
            description="Target for the CNAME or alias record of the domain",
        )
        return f"https://{options.domain_name}/"


def configure(
    api: cdk.CfnResource,
    name: str,
    options: StackOptions,
    access_log: RetainedLogGroup,
    problems: Mapping[str, GatewayProblem] = GATEWAY_PROBLEMS,
) -> None:
    """Apply the settings that both REST APIs of the stack share."""
    api.add_property_override("Name", name)
    # Without a version, SAM also deploys the API to a second stage, "Stage", past throttle, access log and alarms.
    # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
    api.add_property_override("OpenApiVersion", "2.0")
    api.add_property_override("TracingEnabled", True)
    # MLflow's clients send small files of any type through the API. As text, API Gateway would damage them.
    api.add_property_override("BinaryMediaTypes", ["*/*"])
    api.add_property_override(
        "AccessLogSetting", {"DestinationArn": access_log.log_group_arn, "Format": json.dumps(ACCESS_LOG_FIELDS)}
    )
    api.add_property_override(
        "MethodSettings",
        [
            {
                "HttpMethod": "*",
                "ResourcePath": "/*",
                # Metrics of each method are billed as more than a hundred custom metrics for each API.
                "MetricsEnabled": options.method_metrics,
                # Execution logs would hold bodies and tokens.
                "LoggingLevel": "OFF",
                "DataTraceEnabled": False,
                "ThrottlingRateLimit": options.throttle_rate,
                "ThrottlingBurstLimit": options.throttle_burst,
            }
        ],
    )
    api.add_property_override(
        "GatewayResponses",
        {response: _gateway_response(problem) for response, problem in problems.items()},
    )


def stage_of(api: cdk.CfnResource) -> str:
    """The name of the API's stage, by a reference of SAM, so that what uses it waits for the stage."""
    return cdk.Token.as_string({"Ref": f"{cdk.Stack.of(api).resolve(api.logical_id)}.Stage"})


def guard(scope: Construct, api: cdk.CfnResource, options: StackOptions) -> None:
    """Put the operator's web ACL before the API."""
    if options.web_acl_arn is None:
        return
    stack = cdk.Stack.of(api)
    wafv2.CfnWebACLAssociation(
        scope,
        "WebAcl",
        web_acl_arn=options.web_acl_arn,
        resource_arn=f"arn:{stack.partition}:apigateway:{stack.region}::/restapis/{api.ref}/stages/{stage_of(api)}",
    )


def problem_document(problem: GatewayProblem) -> str:
    """The body template of a gateway answer, in the form of the application's problem documents."""
    return json.dumps(
        {
            "type": f"urn:moorage:problem:{problem.code}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "code": problem.code,
            "error_code": problem.mlflow_code,
            "message": problem.detail,
            "request_id": "$context.requestId",
        }
    )


def _gateway_response(problem: GatewayProblem) -> dict[str, object]:
    headers = {
        "Content-Type": "'application/problem+json'",
        "X-Request-Id": "context.requestId",
        "Cache-Control": "'no-store'",
    } | {name: f"'{value}'" for name, value in problem.headers}
    return {
        "StatusCode": str(problem.status),
        "ResponseParameters": {"Headers": headers},
        "ResponseTemplates": {"application/json": problem_document(problem)},
    }


def regional_url(api: cdk.CfnResource, stage: str) -> str:
    stack = cdk.Stack.of(api)
    return f"https://{api.ref}.execute-api.{stack.region}.{stack.url_suffix}/{stage}/"
