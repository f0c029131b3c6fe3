"""The VPC of the functions that call addresses given by users, if the operator named one."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.options import StackOptions
from infra.workload import API, AUTHORIZER, SCANNER, SENDER

# Those that send webhooks, or ask OIDC issuers for their keys.
FUNCTIONS_INSIDE = (API, AUTHORIZER, SENDER)
# Lambda attaches the functions to the subnets with these, and asks for them on every resource.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
# What these functions call, besides DynamoDB and S3.
INTERFACE_SERVICES = ("secretsmanager", "sqs")


@dataclass(frozen=True, slots=True)
class Attachment:
    """How one function is attached to the VPC."""

    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]

    @property
    def configuration(self) -> dict[str, list[str]]:
        return {"SubnetIds": list(self.subnet_ids), "SecurityGroupIds": list(self.security_group_ids)}

    @property
    def statement(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(actions=list(NETWORK_ACTIONS), resources=["*"])


class Network(Construct):
    """The attachment of functions to the operator's VPC, and the endpoints there by which they reach AWS.

    Without a VPC, functions reach public addresses only. With one, they reach what its routes reach: AWS itself only
    through endpoints or a NAT gateway. The stack makes the endpoints if it is told the route tables.
    """

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions) -> None:
        super().__init__(scope, construct_id)
        self._attachment: Attachment | None = None
        self._scanner: Attachment | None = None
        if options.vpc_id is None:
            return
        self._attachment = Attachment(options.subnet_ids, options.security_group_ids)
        if options.scanner_security_group_ids:
            # What reads hostile files is closed in by groups of its own, which let out less than those of the sender.
            self._scanner = Attachment(options.subnet_ids, options.scanner_security_group_ids)
        if options.vpc_route_table_ids:
            self._make_endpoints(options, options.vpc_id)

    def attachment(self, function: str) -> Attachment | None:
        """How the function is attached; None if it runs outside of the VPC."""
        if function == SCANNER:
            return self._scanner
        return self._attachment if function in FUNCTIONS_INSIDE else None

    def _make_endpoints(self, options: StackOptions, vpc_id: str) -> None:
        region = cdk.Stack.of(self).region
        for service in ("dynamodb", "s3"):
            ec2.CfnVPCEndpoint(
                self,
                service.capitalize(),
                vpc_id=vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{region}.{service}",
                route_table_ids=list(options.vpc_route_table_ids),
            )
        for service in INTERFACE_SERVICES:
            ec2.CfnVPCEndpoint(
                self,
                service.capitalize(),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{region}.{service}",
                private_dns_enabled=True,
                subnet_ids=list(options.subnet_ids),
                security_group_ids=list(options.security_group_ids),
            )
