"""The key with which the registry signs versions: one in KMS, or a secret that takes the operator's own."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chalicelib.aws.names import SIGN_WITH_KEY, SIGN_WITH_KMS
from infra.credentials import arn_of
from infra.encryption import Encryption
from infra.options import StackOptions


class ModelSigning(Construct):
    """The key or the secret that the operator chose with ``model_signing``; neither if versions are not signed."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, keys: Encryption) -> None:
        super().__init__(scope, construct_id)
        removal = cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY
        self.key: kms.Key | None = None
        self.secret: secretsmanager.Secret | None = None
        if options.model_signing == SIGN_WITH_KMS:
            self.key = kms.Key(
                self,
                "Key",
                description="Moorage: signs versions",
                key_spec=kms.KeySpec.ECC_NIST_P256,
                key_usage=kms.KeyUsage.SIGN_VERIFY,
                removal_policy=removal,
            )
        if options.model_signing == SIGN_WITH_KEY:
            # What is generated is no key: until the operator puts theirs, signing fails and says so.
            self.secret = secretsmanager.Secret(
                self,
                "Key",
                description="Moorage: the private key in PEM that signs versions; put yours",
                encryption_key=keys.key,
                removal_policy=removal,
            )
        if self.arn:
            cdk.CfnOutput(
                cdk.Stack.of(self),
                "ModelSigningKeyArn",
                value=self.arn,
                description="The key in KMS, or the secret with the key, that signs versions",
            )

    @property
    def arn(self) -> str:
        """The ARN of the key in KMS or of the secret; empty if versions are not signed."""
        if self.key is not None:
            return self.key.key_arn
        return "" if self.secret is None else arn_of(self.secret)
