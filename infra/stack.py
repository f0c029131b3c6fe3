"""The stack: all constructs, in the order of their dependencies."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from chalicelib.aws import names
from infra.anchoring import Anchoring
from infra.credentials import Credentials
from infra.dashboard import Dashboard
from infra.encryption import Encryption
from infra.functions import Functions
from infra.gateway import Gateway
from infra.iam_gateway import IamGateway
from infra.messaging import Messaging
from infra.model_signing import ModelSigning
from infra.network import Network
from infra.observability import Observability
from infra.opinion_package import scanner_name
from infra.options import StackOptions
from infra.permissions import opinion_permissions, permissions
from infra.platforms import platform_statements
from infra.second_opinion import SecondOpinion
from infra.storage import Storage
from infra.triggers import Triggers
from infra.web import Web
from infra.workload import DEPLOYER


class MoorageStack(cdk.Stack):
    """One Moorage registry."""

    def __init__(
        self,
        scope: Construct,
        options: StackOptions,
        *,
        source: Path,
        web: Path,
        opinion: Path | None,
        environment: cdk.Environment,
    ) -> None:
        super().__init__(
            scope,
            options.stack_name,
            env=environment,
            description="Moorage: serverless model registry",
            termination_protection=options.keeps_data,
            tags=dict(options.tags),
        )
        if options.permissions_boundary is not None:
            boundary = iam.ManagedPolicy.from_managed_policy_arn(self, "Boundary", options.permissions_boundary)
            iam.PermissionsBoundary.of(self).apply(boundary)
        keys = Encryption(self, "Encryption", options)
        self.storage = storage = Storage(self, "Storage", options, keys)
        self.credentials = credentials = Credentials(self, "Credentials", options, keys)
        self.messaging = messaging = Messaging(self, "Messaging", options, keys)
        self.anchoring = anchoring = Anchoring(self, "Anchoring", options, keys)
        self.model_signing = signing = ModelSigning(self, "ModelSigning", options, keys)
        granted = permissions(storage, messaging, credentials, anchoring, signing)
        self.on_platforms = platform_statements(options, self)
        granted[DEPLOYER] += self.on_platforms
        network = Network(self, "Network", options)
        self.functions = Functions(
            self,
            "Functions",
            options,
            source=source,
            environment={
                names.TABLE_VARIABLE: storage.table.table_name,
                names.BUCKET_VARIABLE: storage.bucket.bucket_name,
                names.BUS_VARIABLE: messaging.bus.event_bus_name,
                names.DELIVERY_QUEUE_VARIABLE: messaging.delivery.queue_url,
                names.STEP_QUEUE_VARIABLE: messaging.steps.queue_url,
                names.ADMIN_SECRET_VARIABLE: credentials.admin_arn,
                names.SIGNING_SECRET_VARIABLE: credentials.signing_arn,
                names.OUTBOUND_ALLOW_VARIABLE: ",".join(options.outbound_allow),
                names.UPLOAD_WINDOW_VARIABLE: str(options.upload_window_hours),
                names.DEFAULT_SCHEME_VARIABLE: options.default_scheme,
                names.DELETED_RETENTION_VARIABLE: str(options.deleted_retention_days),
                names.LIMITS_VARIABLE: options.limits,
                names.FREEZE_TAMPERED_VARIABLE: str(options.freeze_tampered).lower(),
                names.ANCHOR_BUCKET_VARIABLE: anchoring.bucket.bucket_name,
                names.ANCHOR_KEY_VARIABLE: anchoring.key_arn,
                names.UNSEALED_ALIASES_VARIABLE: options.unsealed_aliases,
                names.SCANNING_VARIABLE: options.scanning,
                # With its version, so that another version of it is asked for its opinion again.
                names.SECOND_OPINION_VARIABLE: names.NO_SECOND_OPINION if opinion is None else scanner_name(),
                names.MODEL_SIGNING_VARIABLE: options.model_signing,
                names.MODEL_SIGNING_KEY_VARIABLE: signing.arn,
            },
            network=network,
            permissions={name: [*statements, *keys.statements()] for name, statements in granted.items()},
        )
        Triggers(self, "Triggers", options, storage=storage, messaging=messaging, functions=self.functions)
        self.second_opinion: SecondOpinion | None = None
        if opinion is not None:
            self.second_opinion = SecondOpinion(
                self,
                "SecondOpinion",
                options,
                package=opinion,
                messaging=messaging,
                network=network,
                environment={
                    names.TABLE_VARIABLE: storage.table.table_name,
                    names.BUCKET_VARIABLE: storage.bucket.bucket_name,
                },
                permissions=[*opinion_permissions(storage, messaging), *keys.statements()],
            )
            self.functions.deploy_before_keeper(self.second_opinion)
        self.gateway = gateway = Gateway(self, "Gateway", options, functions=self.functions)
        self.web = Web(self, "Web", options, package=web, functions=self.functions, bucket=storage.bucket)
        self.iam_gateway = IamGateway(self, "IamGateway", options, functions=self.functions, gateway=gateway)
        Observability(
            self,
            "Observability",
            options,
            functions=self.functions,
            messaging=messaging,
            storage=storage,
            access_log=gateway.access_log,
        )
        if options.dashboard:
            Dashboard(
                self,
                "Dashboard",
                options.stack_name,
                functions=self.functions,
                messaging=messaging,
                storage=storage,
                apis={gateway.api_name: names.TOKEN_STAGE, self.iam_gateway.api_name: names.IAM_STAGE},
            )
        for output, value in {
            "ApiUrl": gateway.url,
            "IamApiUrl": self.iam_gateway.url,
            "AdminSecretArn": credentials.admin_arn,
            "SigningSecretArn": credentials.signing_arn,
            "TableName": storage.table.table_name,
            "BucketName": storage.bucket.bucket_name,
            "BusName": messaging.bus.event_bus_name,
            "AnchorBucketName": anchoring.bucket.bucket_name,
        }.items():
            cdk.CfnOutput(self, output, value=value)
