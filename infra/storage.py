"""The registry's state: one table, and the bucket of artifacts."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chalicelib.aws import names
from chalicelib.aws.mlflow.names import LOGGED_PREFIX
from infra.options import StackOptions


class Storage(Construct):
    """The table of all items and the versioned bucket of all artifact bytes."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions) -> None:
        super().__init__(scope, construct_id)
        removal = cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text(names.PARTITION_KEY),
            sort_key=_text(names.SORT_KEY),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            time_to_live_attribute=names.TIME_TO_LIVE,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=options.keeps_data,
            removal_policy=removal,
        )
        for index, (partition, sort) in names.INDEXES.items():
            keys_only = index in names.KEYS_ONLY_INDEXES
            self.table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(partition),
                sort_key=_text(sort),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY if keys_only else dynamodb.ProjectionType.ALL,
            )
        # Objects are never deleted with the stack: that would need a function that may delete everything. The stack's
        # outputs name the bucket, so that a disposable one can be removed with `aws s3 rb --force`.
        self.bucket = s3.Bucket(
            self,
            "Artifacts",
            versioned=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget-unfinished-uploads",
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
                    expired_object_delete_marker=True,
                ),
                # A registered version has its own copies. Logged files that were overwritten or deleted are kept only
                # while a copy might still read them, and in case it was a mistake.
                s3.LifecycleRule(
                    id="forget-what-was-logged-before",
                    prefix=LOGGED_PREFIX,
                    noncurrent_version_expiration=cdk.Duration.days(30),
                ),
            ],
            removal_policy=removal,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
