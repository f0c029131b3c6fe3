"""A stack with data is upgraded, and later restored, by the commands that docs/operations.md gives.

What is upgraded was deployed, and filled with data, by the code of an earlier commit. What is restored is deployed with
second opinions, which this stack has not had before, and holds its functions to their roles from then on.
"""

import operator as operators
import pickle
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli.main import main

from chalicelib.aws import keys, names
from infra.local.place import ROOT, Place
from infra.workload import KEEPER
from tests.e2e import earlier
from tests.e2e.earlier_data import MANY, MLMODEL, EarlierData, read
from tests.e2e.operations import Operator
from tests.e2e.opinions import SecondOpinion
from tests.e2e.stack import Stack, eventually, release, scanned, upload_files
from tests.e2e.trail import audit_verify, verify
from tools import stack as deployed
from tools.upgrade import indexes_of, set_indexes, table_in

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
# The keys of the indexes in which the search finds items.
PLACES = [names.INDEXES[index] for index in names.SEARCH_INDEXES]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    operator = Operator(Place("upgrade"), tmp_path_factory.mktemp("operator") / "programs")
    operator.start()
    try:
        yield operator
    finally:
        operator.stop()


@dataclass(frozen=True)
class Upgraded:
    """What was written before the upgrade, and what every read answered right after it."""

    data: EarlierData
    answers: Mapping[str, Any]


@pytest.fixture(scope="module")
def upgraded(operator: Operator, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    checkout = tmp_path_factory.mktemp("earlier")
    earlier.check_out(checkout)
    operator.run(_documented("## Deploy", "make bootstrap"))
    operator.run(earlier.DEPLOY, checkout)
    data = EarlierData(operator.stack())
    data.write()
    assert len(_stages(data.stack)) == 4
    _take_the_search_away(operator)
    printed = operator.run(_documented("## Upgrade", "make upgrade"))
    assert "1 long lists of files cut, 4 aliases sealed" in printed
    return Upgraded(data, dict(read(operator.stack())))


@pytest.fixture(scope="module")
def restored(operator: Operator, upgraded: Upgraded) -> Stack:
    """The stack on a restored table, deployed with second opinions; version 1 of ``fraud`` was scanned without."""
    stack = operator.stack()
    with stack.http() as http:
        assert http.post("/v1/models/fraud/versions/1/scan").is_success
        scanned(http, "fraud", 1)
        assert _opinion(http.get("/v1/models/fraud/versions/1/scan").json()) is None
    # What was not relayed when the table was copied is left to the keeper.
    _reaches_the_bus(stack, "fraud")
    options = ""
    for documented in _block("To go back to an earlier state"):
        line = re.sub(r"--context table_name=\S+ --context table_stream=…", options, documented)
        printed = operator.run(line, TABLE_NAME=stack.outputs["TableName"])
        if line.startswith("make restored"):
            options = f"{printed.splitlines()[-1]} --context second_opinion=picklescan"
    operator.enforce_roles()
    return operator.stack()


def test_an_upgrade_gives_a_stack_with_data_every_index_and_searches_find_everything(
    operator: Operator, upgraded: Upgraded
) -> None:
    stack = operator.stack()
    assert _indexes(operator, stack.outputs["TableName"]) == set(names.INDEXES)
    _finds_everything(stack, upgraded.data)


def test_an_upgrade_closes_the_stages_that_earlier_releases_left_open(operator: Operator, upgraded: Upgraded) -> None:
    assert _stages(operator.stack()) == ["api", "iam"]


def test_after_an_upgrade_every_read_answers_as_before(upgraded: Upgraded) -> None:
    """Also reads by alias: the earlier release did not seal aliases, and unsealed ones are refused."""
    assert upgraded.answers == upgraded.data.answers
    assert {status for status, _ in upgraded.answers.values()} == {200}


def test_after_an_upgrade_downloads_have_the_bytes_that_were_registered(
    operator: Operator, upgraded: Upgraded, tmp_path: Path
) -> None:
    stack = operator.stack()
    with Client(stack.url, stack.token) as client:
        for number, (model, version, files) in enumerate(
            (
                ("fraud", 1, {"model.bin": b"1"}),
                ("fraud", "@champion", MANY),
                ("reviewed", "@champion", {"model.bin": b"reviewed 1"}),
                ("logged", "@best", {"MLmodel": MLMODEL}),
            )
        ):
            directory = tmp_path / str(number)
            client.download(model, version, directory)
            assert {path: (directory / path).read_bytes() for path in files} == files


def test_after_an_upgrade_the_stored_state_is_what_the_events_tell(
    operator: Operator, upgraded: Upgraded, tmp_path: Path
) -> None:
    stack = operator.stack()
    assert audit_verify(stack, "--all") == (0, [])
    assert audit_verify(stack, "fraud", "--bytes") == (0, [])
    with Client(stack.url, stack.token) as client:
        client.export_audit(tmp_path / "export", state=True)
    code, report = verify(tmp_path / "export", "--state")
    assert (code, report["faults"]) == (0, [])


def test_after_an_upgrade_what_was_begun_before_is_finished(
    operator: Operator, upgraded: Upgraded, tmp_path: Path
) -> None:
    stack = operator.stack()
    EarlierData(stack, upgraded.data.reviewer).approve(2)
    with stack.http() as http:
        assert http.post("/v1/models/reviewed/requests/2/execute", json={}).is_success
        assert http.get("/v1/models/reviewed/versions/@champion").json()["number"] == 2
        assert http.put("/v1/models/fraud/aliases/champion/protection", json={"protected": False}).is_success
        rolled_back = http.post("/v1/models/fraud/aliases/champion/rollback", json={})
        assert rolled_back.is_success, rolled_back.text
        assert http.get("/v1/models/fraud/versions/@champion").json()["number"] == 1
    (tmp_path / "model.bin").write_bytes(b"5")
    with Client(stack.url, stack.token) as client:
        assert client.resume("fraud", 5, tmp_path).status == "READY"


def test_the_stack_is_pointed_at_a_restored_table_by_the_documented_commands(
    operator: Operator, upgraded: Upgraded, restored: Stack
) -> None:
    source, table = upgraded.data.stack.outputs["TableName"], restored.outputs["TableName"]
    assert table == "moorage-restored"
    dynamodb = restored.aws("dynamodb")
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (found["TimeToLiveStatus"], found["AttributeName"]) == ("ENABLED", names.TIME_TO_LIVE)
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert operator.table(table)["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert operator.table(source)["ItemCount"] > 0
    _finds_everything(restored, upgraded.data)
    with restored.http() as http:
        assert release(http, "fraud", metrics={"auc": 0.5}) == 6
        _reaches_the_bus(restored, "fraud")


def test_switching_second_opinions_on_scans_again_what_is_in_use(restored: Stack) -> None:
    with restored.http() as http:

        def judged() -> bool:
            answer = restored.aws("lambda").invoke(FunctionName=restored.function(KEEPER), Payload=b"{}")
            assert "FunctionError" not in answer, answer["Payload"].read()
            return _opinion(http.get("/v1/models/fraud/versions/1/scan").json()) is not None

        before = http.get("/v1/models/fraud/versions/1/scan").json()
        assert (before["scan"]["verdict"], before["open"]) == ("clean", True)
        eventually(judged, "the second opinion on what is in production")
        shown = http.get("/v1/models/fraud/versions/1/scan").json()
    assert (_opinion(shown), shown["scan"]["verdict"], shown["open"]) == ("clean", "clean", True)


def test_a_version_is_given_out_only_after_both_scanners_have_judged_it(restored: Stack) -> None:
    model, second = restored.fresh_name("harmless"), SecondOpinion(restored)
    with restored.http() as http:
        http.post("/v1/models", json={"name": model})
        with second.unheard():
            upload_files(http, model, {"model.pkl": pickle.dumps({"weights": [1.0, 2.0]})})
            second.awaited(model)
            shown = http.get(f"/v1/models/{model}/versions/1/scan").json()
            assert (shown["scan"]["state"], shown["open"], shown["findings"]) == ("pending", False, None)
        second.give(_event(http, model, "version.ready"))
        scanned(http, model, 1)
        shown = http.get(f"/v1/models/{model}/versions/1/scan").json()
    assert (shown["scan"]["verdict"], _opinion(shown), shown["open"]) == ("clean", "clean", True)


def test_what_only_the_second_scanner_calls_dangerous_is_unsafe(restored: Stack) -> None:
    """The registry's own rules leave this import to people; picklescan's list has it."""
    model = restored.fresh_name("only-second")
    with restored.http() as http:
        http.post("/v1/models", json={"name": model})
        upload_files(http, model, {"model.pkl": pickle.dumps(operators.attrgetter("weights"))})
        scanned(http, model, 1)
        shown = http.get(f"/v1/models/{model}/versions/1/scan").json()
        assert http.get(f"/v1/models/{model}/versions/1/artifacts").json()["code"] == "quarantined"
        finished = _event(http, model, "scan.finished")
    assert shown["findings"]["counts"] == {"review": 1}
    assert (shown["scan"]["verdict"], _opinion(shown), shown["open"]) == ("unsafe", "unsafe", False)
    assert finished["after"]["opinion"]["scanner"].startswith("picklescan ")
    command = ["--url", restored.url, "scan", "show", f"{model}/1"]
    printed = CliRunner().invoke(main, command, env={"MOORAGE_TOKEN": restored.token})
    assert re.search(r"second opinion +picklescan [0-9.]+: unsafe", printed.output)


def _opinion(shown: dict[str, Any]) -> str | None:
    """The verdict of the second scanner on a version; None if it was not asked."""
    second = (shown["findings"] or {}).get("second_opinion")
    return None if second is None else str(second["verdict"])


def _event(http: httpx.Client, model: str, of_type: str) -> dict[str, Any]:
    """The only event of the model that has this type."""
    (event,) = [one for one in http.get(f"/v1/models/{model}/events").json()["items"] if one["type"] == of_type]
    return dict(event)


def _finds_everything(stack: Stack, data: EarlierData) -> None:
    with stack.http() as http:

        def found(where: str) -> list[tuple[str, int]]:
            items = http.get("/v1/search/versions", params={"filter": where}).json()["items"]
            return sorted((item["model"], item["number"]) for item in items)

        for where, versions in (
            ("name = 'fraud' AND metrics.auc > 0.85", [("fraud", 3)]),
            # The earlier release did not index the metrics of what it copied.
            ("metrics.auc > 0.85", [("fraud", 3), ("logged", 1)]),
            ("run_id = 'run-17'", [("fraud", 1), ("fraud", 3)]),
            (f"run_id = '{data.run}'", [("logged", 1)]),
            ("name = 'fraud' AND stage = 'production'", [("fraud", 1)]),
            ("tags.team = 'risk'", [("fraud", 1)]),
        ):
            # Indexes are a moment behind the table.
            eventually(lambda where=where, versions=versions: found(where) == versions, where)


def _reaches_the_bus(stack: Stack, model: str) -> None:
    """Wait until the events of the model are relayed from the table's stream, so that its outbox is empty."""
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


def _take_the_search_away(operator: Operator) -> None:
    """Bring the table to what it was before the search: without its indexes, and a model without its attributes."""
    before = operator.stack()
    stack = deployed.Stack(before.name, before.aws, time.sleep)
    template = stack.template()
    table = table_in(template)
    assert table is not None
    set_indexes(table, [index for index in indexes_of(table) if index.name not in names.SEARCH_INDEXES])
    stack.update(template, "without-search")
    assert not set(names.SEARCH_INDEXES) & _indexes(operator, before.outputs["TableName"])
    _forget_the_search(before, "fraud")


def _forget_the_search(stack: Stack, model: str) -> None:
    """Bring the model's items to the form in which a release before the search wrote them."""
    dynamodb, table = stack.aws("dynamodb"), stack.outputs["TableName"]
    items = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="PK = :partition",
        ExpressionAttributeValues={":partition": {"S": keys.partition(f"model:{model}")}},
    )
    for item in [item for page in items for item in page["Items"]]:
        key = {name: item[name] for name in (names.PARTITION_KEY, names.SORT_KEY)}
        if item[names.SORT_KEY]["S"].startswith(keys.ENTRY_PREFIX):
            dynamodb.delete_item(TableName=table, Key=key)
        elif present := sorted({name for place in PLACES if place[0] in item for name in place}):
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
