"""Make a restored table fit for a registry: ``make restored TABLE=NAME`` runs it.

    python -m tools.restored --table NAME

A restore brings back the items and the indexes, but neither the stream nor the time to live, the point-in-time recovery
or the protection against deletion. This turns them on, creates indexes that the table lacks, and prints the options
that point a stack at the table. It can be repeated at any time.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from chalicelib.aws import names
from tools.indexes import CREATE, Index, attributes, index_from, steps, wanted
from tools.stack import POLL_SECONDS, ToolFailure

# The relay reads new items from the stream.
STREAM: Final = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.restored", description="Make a restored table fit for use.")
    parser.add_argument("--table", required=True, help="the name of the restored table")
    given = parser.parse_args(arguments)
    try:
        label = prepare(boto3.client("dynamodb"), given.table, time.sleep)
    except ToolFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{given.table} is ready. Give these options with this and every later deployment:")
    print(f"--context table_name={given.table} --context table_stream={label}")
    return 0


def prepare(dynamodb: Any, table: str, sleep: Callable[[float], None]) -> str:
    """Turn on what a restore leaves off. Returns the label of the table's stream."""
    _settled(dynamodb, table, sleep)
    bring_to_wanted_indexes(dynamodb, table, sleep)
    described = _settled(dynamodb, table, sleep)
    stream = described.get("StreamSpecification") or {}
    if stream.get("StreamEnabled") and stream.get("StreamViewType") != STREAM["StreamViewType"]:
        raise ToolFailure(
            f"The stream of {table} has the view type {stream.get('StreamViewType')}, and the registry needs "
            f"{STREAM['StreamViewType']}. Turn the stream off, then run this again."
        )
    if not stream.get("StreamEnabled"):
        dynamodb.update_table(TableName=table, StreamSpecification=STREAM)
    described = _settled(dynamodb, table, sleep)
    if not described.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
        described = _settled(dynamodb, table, sleep)
    _expire_items(dynamodb, table)
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return str(described["LatestStreamLabel"])


def bring_to_wanted_indexes(dynamodb: Any, table: str, sleep: Callable[[float], None]) -> None:
    """Create the indexes that a table lacks, and remove those that it does not need, one at a time."""
    todo = steps(_indexes(_settled(dynamodb, table, sleep)), wanted())
    for number, step in enumerate(todo, 1):
        print(f"{number} of {len(todo)}: {step} (with much data this takes hours) …", flush=True)
        if step.action == CREATE:
            present = _indexes(_settled(dynamodb, table, sleep))
            dynamodb.update_table(
                TableName=table,
                AttributeDefinitions=attributes([*present, step.index]),
                GlobalSecondaryIndexUpdates=[{"Create": step.index.definition}],
            )
        else:
            dynamodb.update_table(
                TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": step.index.name}}]
            )
        _settled(dynamodb, table, sleep)


def _indexes(described: dict[str, Any]) -> list[Index]:
    return [index_from(definition) for definition in described.get("GlobalSecondaryIndexes") or []]


def _settled(dynamodb: Any, table: str, sleep: Callable[[float], None]) -> dict[str, Any]:
    """The table's description, once the table and all of its indexes are active."""
    while True:
        try:
            described: dict[str, Any] = dynamodb.describe_table(TableName=table)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            raise ToolFailure(
                f"There is no table {table} in the region {dynamodb.meta.region_name}. Restore it first."
            ) from error
        indexes = described.get("GlobalSecondaryIndexes") or []
        if {described["TableStatus"], *(index.get("IndexStatus", "ACTIVE") for index in indexes)} == {"ACTIVE"}:
            return described
        sleep(POLL_SECONDS)


def _expire_items(dynamodb: Any, table: str) -> None:
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": names.TIME_TO_LIVE},
        )


if __name__ == "__main__":
    sys.exit(main())
