"""The simulated services keep what tests rely on."""

from typing import Any

import pytest
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError
from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoResult

from chalicelib.aws import names
from chalicelib.aws.services import Services

OVER_HTTP = {name: getattr(Endpoint, name) for name in ("create_request", "_get_response")}


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


def test_calls_are_answered_as_over_http(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    table, dynamodb = registry.settings.table, registry.client("dynamodb")
    key = {names.PARTITION_KEY: {"S": "p"}, names.SORT_KEY: {"S": "é"}}
    none = {**key, names.SORT_KEY: {"S": "none"}}
    exists = f"attribute_exists({names.SORT_KEY})"
    dynamodb.put_item(TableName=table, Item={**key, "b": {"B": b"\x00\xff"}, "n": {"N": "1.50"}})

    def asked() -> list[Any]:
        missing = {"TableName": table, "Key": none, "ConditionExpression": exists}
        return [
            dynamodb.get_item(TableName=table, Key=key),
            dynamodb.describe_table(TableName=table),
            dynamodb.query(
                TableName=table,
                KeyConditionExpression=f"{names.PARTITION_KEY} = :p",
                FilterExpression="b = :b",
                ExpressionAttributeValues={":p": key[names.PARTITION_KEY], ":b": {"B": b"\x00\xff"}},
            ),
            refusal(dynamodb.delete_item, **missing),
            refusal(dynamodb.put_item, TableName=table, Item={"other": {"S": "x"}}),
            refusal(dynamodb.get_item, TableName="none", Key=key),
            refusal(dynamodb.transact_write_items, TransactItems=[{"ConditionCheck": missing}]),
        ]

    def refusal(call: Any, **parameters: Any) -> Any:
        with pytest.raises(ClientError) as refused:
            call(**parameters)
        return type(refused.value).__name__, refused.value.response

    quick = asked()
    assert quick[2]["Count"] == 1
    for name, method in OVER_HTTP.items():
        monkeypatch.setattr(Endpoint, name, method)
    assert settled(asked()) == settled(quick)


def settled(answers: list[Any]) -> list[Any]:
    """Answers without what HTTP says of each."""
    for answer in answers:
        response = answer[1] if isinstance(answer, tuple) else answer
        response["ResponseMetadata"] = response["ResponseMetadata"]["HTTPStatusCode"]
    return answers
