"""Storage for the anchors of the audit trail: a bucket in which nobody can change them, and the key that signs them."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.encryption import Encryption
from infra.options import StackOptions


class Anchoring(Construct):
    """The bucket of anchors, under Object Lock, and the signing key if the operator chose ``anchor_signing``."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, keys: Encryption) -> None:
        super().__init__(scope, construct_id)
        removal = cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY
        self.bucket = s3.Bucket(
            self,
            "Anchors",
            versioned=True,
            object_lock_enabled=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=keys.of_buckets,
            encryption_key=keys.key,
            bucket_key_enabled=True if keys.key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=removal,
        )
        # CDK would write the retention in days, 365 for a year: seven years would end two days early.
        resource = self.bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError("the bucket of anchors is not a CloudFormation bucket")
        resource.object_lock_configuration = s3.CfnBucket.ObjectLockConfigurationProperty(
            object_lock_enabled="Enabled",
            rule=s3.CfnBucket.ObjectLockRuleProperty(
                default_retention=s3.CfnBucket.DefaultRetentionProperty(
                    mode=options.anchor_mode.upper(), years=options.anchor_years
                )
            ),
        )
        self.key: kms.Key | None = None
        if options.anchor_signing:
            self.key = kms.Key(
                self,
                "Signing",
                description="Moorage: signs the anchors of the audit trail",
                key_spec=kms.KeySpec.ECC_NIST_P256,
                key_usage=kms.KeyUsage.SIGN_VERIFY,
                removal_policy=removal,
            )
            cdk.CfnOutput(
                cdk.Stack.of(self),
                "AnchorKeyArn",
                value=self.key.key_arn,
                description="aws kms get-public-key gets the public key that verifies the signatures of anchors",
            )

    @property
    def key_arn(self) -> str:
        """The key's ARN; empty if anchors are not signed."""
        return "" if self.key is None else self.key.key_arn
