"""The key that the operator's data is encrypted with, if not with AWS's own keys."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.options import StackOptions

# What a function's calls of DynamoDB, S3, SQS and Secrets Manager need of the key.
USES = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class Encryption(Construct):
    """The customer-managed key of the table, the buckets, the secrets and the delivery queue, or none.

    Dead-letter queues keep SQS's own key: EventBridge writes to them, and the key's policy is not ours to change.
    """

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions) -> None:
        super().__init__(scope, construct_id)
        arn = options.kms_key_arn
        self.key: kms.IKey | None = kms.Key.from_key_arn(self, "Key", arn) if arn else None

    @property
    def of_buckets(self) -> s3.BucketEncryption:
        return s3.BucketEncryption.S3_MANAGED if self.key is None else s3.BucketEncryption.KMS

    def statements(self) -> list[iam.PolicyStatement]:
        """What every function may do with the key."""
        if self.key is None:
            return []
        return [iam.PolicyStatement(actions=list(USES), resources=[self.key.key_arn])]
