"""A restored table gets back what a restore leaves off, one index at a time, and a second run changes nothing."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import names
from tools.indexes import attributes, wanted
from tools.restored import prepare
from tools.stack import ToolFailure

TABLE = "moorage-restored"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        make_client: Any = boto3.client
        yield make_client("dynamodb")


def _restore(dynamodb: Any, stream: dict[str, Any] | None = None) -> None:
    """A table as a restore makes it, of a release that had two of the indexes."""
    keys = [(names.PARTITION_KEY, "HASH"), (names.SORT_KEY, "RANGE")]
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        AttributeDefinitions=attributes(wanted()[:2]),
        GlobalSecondaryIndexes=[index.definition for index in wanted()[:2]],
        **({"StreamSpecification": stream} if stream else {}),
    )


def _changes(dynamodb: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    dynamodb.meta.events.register("provide-client-params.dynamodb.UpdateTable", lambda params, **_: made.append(params))
    return made


def test_stream_expiry_recovery_protection_and_indexes_are_turned_on(dynamodb: Any) -> None:
    _restore(dynamodb)
    label = prepare(dynamodb, TABLE, lambda _: None)
    table = dynamodb.describe_table(TableName=TABLE)["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert table["LatestStreamLabel"] == label
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == set(names.INDEXES)
    assert table["DeletionProtectionEnabled"] is True
    expiry = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", names.TIME_TO_LIVE)
    backups = dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_no_call_creates_two_indexes(dynamodb: Any) -> None:
    _restore(dynamodb)
    made = _changes(dynamodb)
    prepare(dynamodb, TABLE, lambda _: None)
    created = [change["GlobalSecondaryIndexUpdates"] for change in made if "GlobalSecondaryIndexUpdates" in change]
    assert [len(updates) for updates in created] == [1] * (len(names.INDEXES) - 2)


def test_a_second_run_changes_no_table(dynamodb: Any) -> None:
    _restore(dynamodb)
    first = prepare(dynamodb, TABLE, lambda _: None)
    made = _changes(dynamodb)
    assert prepare(dynamodb, TABLE, lambda _: None) == first
    assert made == []


def test_a_stream_that_shows_too_little_is_refused_with_the_reason(dynamodb: Any) -> None:
    _restore(dynamodb, {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    with pytest.raises(ToolFailure, match=r"KEYS_ONLY.*NEW_IMAGE"):
        prepare(dynamodb, TABLE, lambda _: None)


def test_a_table_that_does_not_exist_is_named(dynamodb: Any) -> None:
    with pytest.raises(ToolFailure, match=f"no table {TABLE} in the region eu-central-1"):
        prepare(dynamodb, TABLE, lambda _: None)
