"""The registry's AWS resources on simulated AWS, as the stack makes them in an account."""

from functools import cache
from typing import Any

import boto3

from chalicelib.aws import names

ADMIN_SECRET = "0123456789abcdef" * 4


def create_resources() -> dict[str, str]:
    """Create table, bucket, bus, queue and secrets; answers the environment that tells the functions of them."""
    region = _client("s3").meta.region_name
    return {
        names.TABLE_VARIABLE: _create_table(),
        names.BUCKET_VARIABLE: _create_bucket(region),
        names.BUS_VARIABLE: _create_bus(),
        names.DELIVERY_QUEUE_VARIABLE: _create_queue("deliveries"),
        names.STEP_QUEUE_VARIABLE: _create_queue("steps"),
        names.ADMIN_SECRET_VARIABLE: _create_secret("admin", ADMIN_SECRET),
        names.SIGNING_SECRET_VARIABLE: _create_secret("signing", "s" * 64),
        names.OUTBOUND_ALLOW_VARIABLE: "",
        names.ANCHOR_BUCKET_VARIABLE: create_anchor_bucket(region),
    }


@cache
def _client(service: str) -> Any:
    """One for the process: making it takes longer than using it here."""
    make_client: Any = boto3.client
    return make_client(service)


def _create_table() -> str:
    attributes = sorted(
        {names.PARTITION_KEY, names.SORT_KEY, *(key for pair in names.INDEXES.values() for key in pair)}
    )
    definitions: list[Any] = [{"AttributeName": name, "AttributeType": "S"} for name in attributes]
    indexes: list[Any] = [
        {
            "IndexName": index,
            "KeySchema": _key(*pair),
            "Projection": {"ProjectionType": "KEYS_ONLY" if index in names.KEYS_ONLY_INDEXES else "ALL"},
        }
        for index, pair in names.INDEXES.items()
    ]
    _client("dynamodb").create_table(
        TableName="registry",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=definitions,
        KeySchema=_key(names.PARTITION_KEY, names.SORT_KEY),
        GlobalSecondaryIndexes=indexes,
    )
    return "registry"


def _key(partition: str, sort: str) -> list[Any]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _create_bucket(region: Any) -> str:
    s3 = _client("s3")
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
    return "artifacts"


def create_anchor_bucket(region: Any) -> str:
    _client("s3").create_bucket(
        Bucket="anchors", CreateBucketConfiguration={"LocationConstraint": region}, ObjectLockEnabledForBucket=True
    )
    return "anchors"


def _create_bus() -> str:
    _client("events").create_event_bus(Name="registry")
    return "registry"


def _create_queue(name: str) -> str:
    queue: str = _client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return queue


def _create_secret(name: str, text: str) -> str:
    arn: str = _client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]
    return arn
