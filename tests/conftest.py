"""The registry on AWS services simulated in process by moto: one fresh account a test."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from tests.aws_resources import create_anchor_bucket

REGION = "eu-central-1"
ADMIN_SECRET = "0123456789abcdef" * 4
ADMIN_TOKEN = f"moor_bootstrap_{ADMIN_SECRET}"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches an account of the person who runs it."""
    for variable in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def registry(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The process's services on a fresh table, bucket, bus, queue and secrets."""
    with mock_aws():
        monkeypatch.setenv(names.TABLE_VARIABLE, _create_table())
        monkeypatch.setenv(names.BUCKET_VARIABLE, _create_bucket())
        monkeypatch.setenv(names.BUS_VARIABLE, _create_bus())
        monkeypatch.setenv(names.DELIVERY_QUEUE_VARIABLE, _create_queue())
        monkeypatch.setenv(names.ADMIN_SECRET_VARIABLE, _create_secret("admin", ADMIN_SECRET))
        monkeypatch.setenv(names.SIGNING_SECRET_VARIABLE, _create_secret("signing", "s" * 64))
        monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "")
        monkeypatch.setenv(names.ANCHOR_BUCKET_VARIABLE, create_anchor_bucket(REGION))
        reset_services()
        yield services()
        reset_services()


def _create_table() -> str:
    attributes = sorted(
        {names.PARTITION_KEY, names.SORT_KEY, *(key for pair in names.INDEXES.values() for key in pair)}
    )
    boto3.client("dynamodb").create_table(
        TableName="registry",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        KeySchema=_key(names.PARTITION_KEY, names.SORT_KEY),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _key(*pair),
                "Projection": {"ProjectionType": "KEYS_ONLY" if index in names.KEYS_ONLY_INDEXES else "ALL"},
            }
            for index, pair in names.INDEXES.items()
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return "registry"


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _create_bucket() -> str:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
    return "artifacts"


def _create_bus() -> str:
    boto3.client("events").create_event_bus(Name="registry")
    return "registry"


def _create_queue() -> str:
    queue: str = boto3.client("sqs").create_queue(QueueName="deliveries")["QueueUrl"]
    return queue


def _create_secret(name: str, text: str) -> str:
    arn: str = boto3.client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]
    return arn
