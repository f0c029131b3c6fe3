"""Tests in one process share nothing of an account."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ParamValidationError
from moto import mock_aws

from chalicelib.aws import names
from chalicelib.aws.pauses import Pauses
from chalicelib.aws.sealer import Sealer
from chalicelib.aws.services import Services
from chalicelib.aws.table import Table
from tests.aws_resources import create_resources
from tests.fresh_account import fresh_account, reused_clients

# What differs each time that a resource is made.
_VARIES = {"ResponseMetadata", "ARN", "VersionId", "CreatedDate", "CreationDate", "CreationDateTime", "TableId"}
_VARIES |= {"CreatedTimestamp", "LastModifiedTimestamp", "CreationTime", "LastModifiedTime", "LastChangedDate"}
_VARIES |= {"VersionIdsToStages", "SecretVersionsToStages"}


def test_nothing_that_is_done_in_an_account_is_seen_in_the_next() -> None:
    with fresh_account() as variables:
        before = _seen(variables)
        _change_all(variables)
        after = _seen(variables)
    with fresh_account() as again:
        assert again == variables
        assert _seen(again) == before
    assert all(after[name] != before[name] for name in before)


def test_the_resources_are_as_requests_make_them() -> None:
    with fresh_account() as variables:
        copied = _seen(variables)
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        made = _seen(create_resources())
    assert made == copied


def test_an_untouched_client_serves_the_next_test() -> None:
    assert _lent_twice(lambda client: client.list_tables())


def test_a_client_with_a_handler_serves_no_other_test() -> None:
    def listen(client: Any) -> None:
        client.meta.events.register("before-call", dict)

    assert not _lent_twice(listen)


def test_a_client_with_another_method_serves_no_other_test() -> None:
    def replace(client: Any) -> None:
        client.list_tables = dict

    assert not _lent_twice(replace)


def test_a_new_handler_of_the_session_reaches_each_client_made_later() -> None:
    called: list[str] = []

    def note(model: Any, **_: Any) -> None:
        called.append(model.name)

    with reused_clients(), fresh_account():
        boto3.client("dynamodb").list_tables()
    assert boto3.DEFAULT_SESSION is not None
    events = boto3.DEFAULT_SESSION.events
    events.register("before-call", note)
    try:
        with reused_clients(), fresh_account():
            boto3.client("dynamodb").list_tables()
    finally:
        events.unregister("before-call", note)
    with reused_clients(), fresh_account():
        boto3.client("dynamodb").list_tables()
    assert called == ["ListTables"]


def test_a_client_parses_answers_as_if_it_were_new() -> None:
    for use_table in (True, False):
        with reused_clients(), fresh_account() as variables:
            client, name = boto3.client("dynamodb"), variables[names.TABLE_VARIABLE]
            key = {names.PARTITION_KEY: {"S": "p"}, names.SORT_KEY: {"S": "s"}}
            client.put_item(TableName=name, Item={**key, "b": {"B": b"\xff"}})
            if use_table:
                # Making the table marks the client.
                Table(client, name, Sealer(bytes), lambda: Pauses(lambda _: None))
            read = client.get_item(TableName=name, Key=key)["Item"]["b"]["B"]
    assert read == b"\xff"


def test_two_clients_of_a_test_are_not_one(registry: Services) -> None:
    assert boto3.client("dynamodb") is not boto3.client("dynamodb")


def _lent_twice(use: Any) -> bool:
    """Whether a client that was used like this is used again."""
    with reused_clients(), fresh_account():
        first = boto3.client("dynamodb", region_name="eu-west-3")
        use(first)
    with reused_clients(), fresh_account():
        return boto3.client("dynamodb", region_name="eu-west-3") is first


def _seen(variables: dict[str, str]) -> dict[str, Any]:
    """What the account answers about each of the resources, and what else there is of their kind."""
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
    events, secrets = boto3.client("events"), boto3.client("secretsmanager")
    table, bucket, url = (
        variables[name] for name in (names.TABLE_VARIABLE, names.BUCKET_VARIABLE, names.DELIVERY_QUEUE_VARIABLE)
    )
    anchors = variables[names.ANCHOR_BUCKET_VARIABLE]
    admin = variables[names.ADMIN_SECRET_VARIABLE]
    return {
        name: _settled(answer)
        for name, answer in {
            "tables": dynamodb.list_tables(),
            "table": dynamodb.describe_table(TableName=table),
            "items": dynamodb.scan(TableName=table),
            "buckets": s3.list_buckets(),
            "objects": s3.list_object_versions(Bucket=bucket),
            "versioning": s3.get_bucket_versioning(Bucket=bucket),
            "anchors": s3.list_object_versions(Bucket=anchors),
            "lock": s3.get_object_lock_configuration(Bucket=anchors),
            "queue": sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]),
            "queues": sqs.list_queues(),
            "buses": events.list_event_buses(),
            "secret": secrets.get_secret_value(SecretId=admin),
            "secrets": secrets.list_secrets(),
            "roles": boto3.client("iam").list_roles(),
            "keys": boto3.client("kms").list_keys(),
        }.items()
    }


def _change_all(variables: dict[str, str]) -> None:
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
    table, bucket, anchors = (
        variables[name] for name in (names.TABLE_VARIABLE, names.BUCKET_VARIABLE, names.ANCHOR_BUCKET_VARIABLE)
    )
    key = {names.PARTITION_KEY: {"S": "p"}, names.SORT_KEY: {"S": "s"}}
    dynamodb.put_item(TableName=table, Item=key)
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
    dynamodb.create_table(
        TableName="other",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"content")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=anchors, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    s3.put_object(Bucket=anchors, Key="k", Body=b"content")
    s3.create_bucket(Bucket="other", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    sqs.send_message(QueueUrl=variables[names.DELIVERY_QUEUE_VARIABLE], MessageBody="m")
    sqs.create_queue(QueueName="other")
    boto3.client("events").create_event_bus(Name="other")
    boto3.client("secretsmanager").put_secret_value(SecretId=variables[names.ADMIN_SECRET_VARIABLE], SecretString="o")
    boto3.client("secretsmanager").create_secret(Name="other", SecretString="s")
    boto3.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument="{}")
    boto3.client("kms").create_key()


def _settled(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _settled(value) for name, value in answer.items() if name not in _VARIES}
    return [_settled(value) for value in answer] if isinstance(answer, list) else answer


def test_a_test_learns_of_parameters_of_the_wrong_kind(registry: Services) -> None:
    with pytest.raises(ParamValidationError):
        registry.client("dynamodb").get_item(TableName=registry.table.name, Key={"PK": "text"})
