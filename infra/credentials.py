"""The two secrets that a stack generates for itself."""

import string

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.encryption import Encryption
from infra.options import StackOptions


class Credentials(Construct):
    """The bootstrap administrator's secret, and the key for cursors, webhook secrets and the seals of aliases."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, keys: Encryption) -> None:
        super().__init__(scope, construct_id)
        self._keys = keys
        removal = cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY
        self.admin = self._generated(
            "Admin",
            "Moorage: secret part of the bootstrap administrator's token (moor_bootstrap_<this value>)",
            removal,
        )
        self.signing = self._generated(
            "Signing",
            "Moorage: key that signs cursors and from which webhook secrets are derived",
            removal,
        )

        self.admin_arn = arn_of(self.admin)
        self.signing_arn = arn_of(self.signing)

    def _generated(self, name: str, description: str, removal: cdk.RemovalPolicy) -> secretsmanager.Secret:
        # Letters and digits only, because the token travels in a header; 48 of them are 285 bits.
        return secretsmanager.Secret(
            self,
            name,
            description=description,
            encryption_key=self._keys.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_characters=string.punctuation, password_length=48
            ),
            removal_policy=removal,
        )


def arn_of(secret: secretsmanager.Secret) -> str:
    """The secret's ARN, from the attribute ``Id``: for ``Ref``, the emulator answers with a name instead of an ARN."""
    resource = secret.node.default_child
    if not isinstance(resource, secretsmanager.CfnSecret):
        raise TypeError(f"{secret.node.path} is not a CloudFormation secret")
    return resource.attr_id
