"""The registry's state: one table, and the bucket of artifacts."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chalicelib.aws import names
from chalicelib.aws.mlflow.names import LOGGED_PREFIX
from infra.encryption import Encryption
from infra.options import StackOptions


class Storage(Construct):
    """The table of all items and the versioned bucket of all artifact bytes: the stack's own, or restored ones.

    A restored table or bucket belongs to no stack, so the stack sets nothing on it (docs/operations.md).
    """

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, keys: Encryption) -> None:
        super().__init__(scope, construct_id)
        removal = cdk.RemovalPolicy.RETAIN if options.keeps_data else cdk.RemovalPolicy.DESTROY
        self.table: dynamodb.ITable
        self.bucket: s3.IBucket
        if options.table_name is None:
            self.table = self._own_table(options, removal, keys)
        else:
            self.table = self._restored_table(options.table_name, options.table_stream, keys)
        if options.bucket_name is None:
            self.bucket = self._own_bucket(options, removal, keys)
        else:
            self.bucket = s3.Bucket.from_bucket_name(self, "Artifacts", options.bucket_name)

    def _own_table(self, options: StackOptions, removal: cdk.RemovalPolicy, keys: Encryption) -> dynamodb.Table:
        table = dynamodb.Table(
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
            encryption_key=keys.key,
            deletion_protection=options.keeps_data,
            removal_policy=removal,
        )
        for index, (partition, sort) in names.INDEXES.items():
            keys_only = index in names.KEYS_ONLY_INDEXES
            table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(partition),
                sort_key=_text(sort),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY if keys_only else dynamodb.ProjectionType.ALL,
            )
        return table

    def _restored_table(self, name: str, stream: str | None, keys: Encryption) -> dynamodb.ITable:
        arn = cdk.Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=name)
        return dynamodb.Table.from_table_attributes(
            self, "Table", table_arn=arn, table_stream_arn=f"{arn}/stream/{stream}", encryption_key=keys.key
        )

    def _own_bucket(self, options: StackOptions, removal: cdk.RemovalPolicy, keys: Encryption) -> s3.Bucket:
        # Objects are never deleted with the stack: that would need a function that may delete everything. The stack's
        # outputs name the bucket, so that a disposable one can be removed with `aws s3 rb --force`.
        return s3.Bucket(
            self,
            "Artifacts",
            versioned=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            encryption=keys.of_buckets,
            encryption_key=keys.key,
            # One data key for many objects: without it, every upload and download is a billed call of KMS.
            bucket_key_enabled=True if keys.key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            cors=[_UPLOADS],
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
                *(_TIERED if options.intelligent_tiering else []),
            ],
            removal_policy=removal,
        )


# The web interface uploads evidence files with URLs that the API signs, which also sign these headers. Its own address
# cannot be named: the API that serves it needs the bucket first. Whoever has such a URL may use it anyway.
_UPLOADS = s3.CorsRule(
    id="upload-from-the-web-interface",
    allowed_methods=[s3.HttpMethods.PUT],
    allowed_origins=["*"],
    allowed_headers=["if-none-match", "x-amz-checksum-sha256"],
    max_age=3600,
)

# S3 moves what is not read for thirty days to cheaper storage, without a delay when it is read again.
_TIERED = [
    s3.LifecycleRule(
        id="tier-artifacts",
        prefix=names.ARTIFACT_PREFIX,
        transitions=[
            s3.Transition(storage_class=s3.StorageClass.INTELLIGENT_TIERING, transition_after=cdk.Duration.days(0))
        ],
    )
]


def hosts_of(bucket: str, region: str, suffix: str) -> list[str]:
    """The hosts that presigned URLs of a bucket may name: that of its region and, for us-east-1, the one without it."""
    return [f"{bucket}.s3.{region}.{suffix}", f"{bucket}.s3.{suffix}"]


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
