"""The simulated services keep what tests rely on."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoResult

from chalicelib.aws import names
from chalicelib.aws.services import Services


def test_a_refused_transaction_changes_nothing(registry: Services) -> None:
    table, dynamodb = registry.settings.table, registry.client("dynamodb")

    def key(sort: str) -> dict[str, dict[str, str]]:
        return {names.PARTITION_KEY: {"S": "p"}, names.SORT_KEY: {"S": sort}}

    for sort in ("updated", "replaced", "deleted"):
        dynamodb.put_item(TableName=table, Item={**key(sort), "m": {"M": {"n": {"N": "1"}}}})
    before = dynamodb.scan(TableName=table)["Items"]
    update = {
        "UpdateExpression": "SET m.n = :two, k = :two REMOVE z",
        "ExpressionAttributeValues": {":two": {"N": "2"}},
    }
    exists = f"attribute_exists({names.SORT_KEY})"

    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Update": {"TableName": table, "Key": key("updated"), **update}},
                {"Put": {"TableName": table, "Item": key("replaced")}},
                {"Delete": {"TableName": table, "Key": key("deleted")}},
                {"Put": {"TableName": table, "Item": key("new")}},
                {"ConditionCheck": {"TableName": table, "Key": key("none"), "ConditionExpression": exists}},
            ]
        )

    assert refused.value.response["CancellationReasons"][-1]["Code"] == "ConditionalCheckFailed"
    assert dynamodb.scan(TableName=table)["Items"] == before


def test_items_in_answers_are_as_moto_writes_them(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    table, dynamodb = registry.settings.table, registry.client("dynamodb")
    item: dict[str, Any] = {
        names.PARTITION_KEY: {"S": "p"},
        names.SORT_KEY: {"S": "é"},
        "number": {"N": "1.50"},
        "bytes": {"B": b"\x00\xff"},
        "sets": {"L": [{"SS": ["a"]}, {"NS": ["1"]}, {"BS": [b"\x01"]}]},
        "nothing": {"M": {"null": {"NULL": True}, "false": {"BOOL": False}, "empty": {"S": ""}, "list": {"L": []}}},
    }
    dynamodb.put_item(TableName=table, Item=item)
    key = {name: item[name] for name in (names.PARTITION_KEY, names.SORT_KEY)}

    def asked() -> list[dict[str, Any]]:
        answers = [
            dynamodb.get_item(TableName=table, Key=key),
            dynamodb.get_item(TableName=table, Key={**key, names.SORT_KEY: {"S": "none"}}),
            dynamodb.batch_get_item(RequestItems={table: {"Keys": [key]}}),
            dynamodb.scan(TableName=table, ReturnConsumedCapacity="TOTAL"),
        ]
        return [{**answer, "ResponseMetadata": None} for answer in answers]

    quick = asked()
    assert quick[0]["Item"] == item
    monkeypatch.setattr(DynamoResult, "execute_result", ActionResult.execute_result)
    assert asked() == quick
