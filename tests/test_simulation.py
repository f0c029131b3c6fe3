"""The simulated services keep what tests rely on."""

import pytest
from botocore.exceptions import ClientError

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
