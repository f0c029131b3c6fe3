"""A stack with data is upgraded, and later restored, by the commands that docs/operations.md gives."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.aws import keys, names
from infra.local.place import ROOT, Place
from tests.e2e.operations import Operator
from tests.e2e.stack import Stack, eventually, release

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
OLDER = '--app "python -m tests.e2e.older_stack" --output build/older'
# Where the indexes find versions; releases before the search did not write these.
PLACES = {attribute for index in names.SEARCH_INDEXES for attribute in names.INDEXES[index]}


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    operator = Operator(Place("upgrade"), tmp_path_factory.mktemp("operator") / "programs")
    operator.start()
    try:
        yield operator
    finally:
        operator.stop()


@pytest.fixture(scope="module")
def upgraded(operator: Operator) -> str:
    """The stack after the upgrade; the name of a model that was registered before."""
    operator.run(_documented("## Deploy", "make bootstrap"))
    operator.run(f"make deploy STAGE=production CDK_OPTIONS='{OLDER}'")
    before = operator.stack()
    model = before.fresh_name("older")
    with before.http() as http:
        assert http.post("/v1/models", json={"name": model}).status_code == 201
        for auc in (0.8, 0.9):
            release(http, model, metrics={"auc": auc}, provenance={"run": {"id": f"run-of-{model}"}})
    _forget_the_search(before, model)
    assert not {names.OPEN_REQUESTS, *names.SEARCH_INDEXES} & _indexes(operator, before.outputs["TableName"])
    assert len(_stages(before)) == 4
    operator.run(_documented("## Upgrade", "make upgrade"))
    return model


def test_an_upgrade_gives_a_stack_with_data_every_index_and_searches_find_everything(
    operator: Operator, upgraded: str
) -> None:
    stack = operator.stack()
    assert _indexes(operator, stack.outputs["TableName"]) == set(names.INDEXES)
    _finds_everything(stack, upgraded)


def test_an_upgrade_closes_the_stages_that_earlier_releases_left_open(operator: Operator, upgraded: str) -> None:
    assert _stages(operator.stack()) == ["api", "iam"]


def test_the_stack_is_pointed_at_a_restored_table_by_the_documented_commands(operator: Operator, upgraded: str) -> None:
    source = operator.stack().outputs["TableName"]
    options = ""
    for documented in _block("To go back to an earlier state"):
        line = re.sub(r"--context table_name=\S+ --context table_stream=…", options, documented)
        printed = operator.run(line, TABLE_NAME=source)
        if line.startswith("make restored"):
            options = printed.splitlines()[-1]
    stack = operator.stack()
    restored = stack.outputs["TableName"]
    assert restored == "moorage-restored"
    dynamodb = stack.aws("dynamodb")
    found = dynamodb.describe_time_to_live(TableName=restored)["TimeToLiveDescription"]
    assert (found["TimeToLiveStatus"], found["AttributeName"]) == ("ENABLED", names.TIME_TO_LIVE)
    backups = dynamodb.describe_continuous_backups(TableName=restored)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert operator.table(restored)["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert operator.table(source)["ItemCount"] > 0
    _finds_everything(stack, upgraded)
    with stack.http() as http:
        assert release(http, upgraded, metrics={"auc": 0.95}) == 3
        _reaches_the_bus(stack, upgraded)


def _finds_everything(stack: Stack, model: str) -> None:
    with stack.http() as http:

        def found(where: str) -> list[int]:
            items = http.get("/v1/search/versions", params={"filter": where, "order_by": "version"}).json()["items"]
            return [item["number"] for item in items]

        for where, numbers in (
            (f"name = '{model}' AND metrics.auc > 0.85", [2]),
            (f"run_id = 'run-of-{model}'", [1, 2]),
            (f"name = '{model}' AND stage = 'development'", [1, 2]),
        ):
            # Indexes are a moment behind the table.
            eventually(lambda where=where, numbers=numbers: found(where) == numbers, where)


def _reaches_the_bus(stack: Stack, model: str) -> None:
    """Events of the restored table are relayed from its stream: the outbox of the model empties."""
    dynamodb = stack.aws("dynamodb")

    def relayed() -> bool:
        items = dynamodb.query(
            TableName=stack.outputs["TableName"],
            KeyConditionExpression="PK = :partition AND begins_with(SK, :events)",
            ExpressionAttributeValues={
                ":partition": {"S": keys.partition(f"model:{model}")},
                ":events": {"S": names.EVENT_PREFIX},
            },
        )["Items"]
        return bool(items) and not any(names.OUTBOX_SHARD in item for item in items)

    eventually(relayed, "relaying every event")


def _forget_the_search(stack: Stack, model: str) -> None:
    """Bring the model's items to the form in which a release before the search wrote them."""
    dynamodb, table = stack.aws("dynamodb"), stack.outputs["TableName"]
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            key = {name: item[name] for name in (names.PARTITION_KEY, names.SORT_KEY)}
            if item[names.SORT_KEY]["S"].startswith(keys.ENTRY_PREFIX):
                dynamodb.delete_item(TableName=table, Key=key)
            elif present := sorted(PLACES & set(item)):
                dynamodb.update_item(
                    TableName=table,
                    Key=key,
                    UpdateExpression="REMOVE " + ", ".join(f"#{number}" for number, _ in enumerate(present)),
                    ExpressionAttributeNames={f"#{number}": name for number, name in enumerate(present)},
                )


def _indexes(operator: Operator, table: str) -> set[str]:
    return {index["IndexName"] for index in operator.table(table).get("GlobalSecondaryIndexes", [])}


def _stages(stack: Stack) -> list[str]:
    gateway = stack.aws("apigateway")
    apis = [api["id"] for api in gateway.get_rest_apis()["items"]]
    return sorted(stage["stageName"] for api in apis for stage in gateway.get_stages(restApiId=api)["item"])


def _documented(section: str, command: str) -> str:
    """The first line of the section that begins with the command, without its comment."""
    lines = OPERATIONS.split(f"{section}\n")[1].splitlines()
    return next(line for line in lines if line.startswith(command)).partition("#")[0].strip()


def _block(sentence: str) -> list[str]:
    """The commands after a sentence, with continued lines joined."""
    block = OPERATIONS.split(sentence)[1].split("```sh\n")[1].split("```")[0]
    return block.replace("\\\n", " ").strip().splitlines()
