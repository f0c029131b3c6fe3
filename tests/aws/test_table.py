"""The table adapter: reads that DynamoDB answers in pieces, ranges, and writes with conditions."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.keys import Key
from chalicelib.aws.names import OUTBOX, OUTBOX_AT, OUTBOX_SHARD
from chalicelib.aws.pauses import SECONDS
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError, Spent, Table, from_attributes
from chalicelib.domain.errors import UnavailableError
from tests.registry.faults import Calls


@pytest.fixture
def table(registry: Services) -> Table:
    return registry.table


def item(sort: str, **attributes: str | int) -> Item:
    return {"PK": "p", "SK": sort, **attributes}


def sorts(items: list[Item]) -> list[str]:
    return [str(found["SK"]) for found in items]


@pytest.fixture
def five(table: Table) -> Table:
    """A partition with the sort keys a1 to a4, and b1."""
    for sort in ("a1", "a2", "a3", "a4", "b1"):
        table.put(item(sort, tag="even" if sort in ("a2", "a4") else "odd"))
    return table


def answered_in_pieces(registry: Services, pieces: int) -> None:
    """Let DynamoDB leave the last of the keys unprocessed, so many times."""
    left = [pieces]

    def leave_one(parsed: dict[str, Any], **_: Any) -> None:
        (name,) = parsed["Responses"]
        if left[0] and parsed["Responses"][name]:
            left[0] -= 1
            last = parsed["Responses"][name].pop()
            parsed["UnprocessedKeys"] = {name: {"Keys": [{"PK": last["PK"], "SK": last["SK"]}], "ConsistentRead": True}}

    registry.client("dynamodb").meta.events.register("after-call.dynamodb.BatchGetItem", leave_one)


def resting(registry: Services) -> list[float]:
    """The pauses from now on, in which only the registry's clock moves on."""
    pauses: list[float] = []
    registry.sleep = pauses.append
    registry.monotonic = lambda: sum(pauses)
    return pauses


def throttle(registry: Services, operation: str, times: int) -> None:
    """Let DynamoDB refuse so many calls as it refuses those that need more capacity than there is."""
    left = [times]

    def refuse(**_: Any) -> tuple[Any, dict[str, Any]] | None:
        if not left[0]:
            return None
        left[0] -= 1
        if operation == "TransactWriteItems":
            reasons = [{"Code": "ProvisionedThroughputExceeded"}, {"Code": "None"}]
            error = {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"}
            return SimpleNamespace(status_code=400), {"Error": error, "CancellationReasons": reasons}
        return SimpleNamespace(status_code=400), {"Error": {"Code": "ProvisionedThroughputExceededException"}}

    registry.client("dynamodb").meta.events.register(f"before-call.dynamodb.{operation}", refuse)


def test_items_are_loaded_whole_and_absent_ones_left_out(table: Table) -> None:
    stored = item("a", number=2**60, text="größe")
    table.put(stored)
    assert table.load([Key("p", "a"), Key("p", "none")]) == {Key("p", "a"): stored}
    assert table.get(Key("p", "a")) == stored
    assert table.get(Key("p", "none")) is None


def test_only_the_named_attributes_of_an_item_are_read(table: Table) -> None:
    table.put(item("a", files="[]", body="secret", size=3))
    assert table.get_attributes(Key("p", "a"), ("PK", "files", "size", "parts")) == {
        "PK": "p",
        "files": "[]",
        "size": 3,
    }
    assert table.get_attributes(Key("p", "b"), ("files",)) is None


def test_keys_that_dynamodb_leaves_unprocessed_are_read_again(registry: Services, five: Table) -> None:
    answered_in_pieces(registry, 3)
    spent = Spent()
    found = five.load([Key("p", sort) for sort in ("a1", "a2", "a3")], spent)
    assert sorted(key.sort for key in found) == ["a1", "a2", "a3"]
    assert spent.calls == 1, "the same read"


def test_a_read_that_stays_incomplete_is_an_error_and_no_absence(registry: Services, five: Table) -> None:
    answered_in_pieces(registry, 1_000)
    pauses = resting(registry)
    with pytest.raises(UnavailableError, match="try again"):
        five.load([Key("p", "a1")])
    assert len(pauses) > 3 and sum(pauses) <= SECONDS


@pytest.mark.parametrize(
    ("operation", "act"),
    [
        ("GetItem", lambda table: table.get(Key("p", "a1"))),
        ("BatchGetItem", lambda table: table.load([Key("p", "a1")])),
        ("Query", lambda table: table.query("p", "a", 10)),
        ("PutItem", lambda table: table.put(item("new"))),
        ("UpdateItem", lambda table: table.update(Key("p", "a1"), "REMOVE tag")),
        ("TransactWriteItems", lambda table: table.transact([table.put_write(item("new"))])),
    ],
)
def test_a_throttled_call_is_made_again_after_pauses(registry: Services, five: Table, operation: str, act: Any) -> None:
    pauses = resting(registry)
    throttle(registry, operation, 3)
    act(five)
    assert len(pauses) == 3


def test_a_call_that_stays_throttled_ends_while_the_caller_still_waits(registry: Services, five: Table) -> None:
    pauses = resting(registry)
    throttle(registry, "TransactWriteItems", 1_000)
    with pytest.raises(UnavailableError, match="no more writes"):
        five.transact([five.put_write(item("new"))])
    assert SECONDS - 1 <= sum(pauses) <= SECONDS
    assert five.get(Key("p", "new")) is None


def test_a_lost_race_is_told_at_once(registry: Services, five: Table) -> None:
    pauses = resting(registry)
    with pytest.raises(LostRaceError):
        five.transact([five.put_write(item("a1"), "attribute_not_exists(PK)")])
    assert pauses == []


def test_more_keys_than_one_call_takes_are_loaded_in_several(registry: Services, five: Table) -> None:
    calls = Calls(registry.client("dynamodb"))
    keys = [Key("p", f"none{number}") for number in range(149)] + [Key("p", "a1"), Key("p", "b1")]
    assert set(five.load_all(keys)) == {Key("p", "a1"), Key("p", "b1")}
    assert calls.operations == ["BatchGetItem"] * 2


def test_a_query_reads_one_prefix_page_by_page_in_either_order(five: Table) -> None:
    page, last = five.query("p", "a", 3)
    assert (sorts(page), last) == (["a1", "a2", "a3"], "a3")
    page, last = five.query("p", "a", 3, after=last)
    assert (sorts(page), last) == (["a4"], None)
    page, last = five.query("p", "a", 3, newest_first=True)
    assert (sorts(page), last) == (["a4", "a3", "a2"], "a2")
    page, last = five.query("p", "a", 3, after=last, newest_first=True)
    assert (sorts(page), last) == (["a1"], None)


def test_a_query_stops_at_the_greatest_key_that_it_may_read(five: Table) -> None:
    assert sorts(five.query("p", "a", 10, up_to="a2")[0]) == ["a1", "a2"]
    assert sorts(five.query("p", "a", 1, up_to="a2", newest_first=True)[0]) == ["a2"]


def test_a_filtered_query_counts_the_items_that_it_reads(five: Table) -> None:
    page, last = five.query("p", "a", 3, containing=("tag", "eve"))
    assert (sorts(page), last) == (["a2"], "a3")


def test_a_range_is_read_from_low_to_high_and_says_whether_there_is_more(five: Table) -> None:
    spent = Spent()
    page, more = five.query_between(None, "p", "a2", "b1", 2, spent=spent)
    assert (sorts(page), more) == (["a2", "a3"], True)
    page, more = five.query_between(None, "p", "a2", "a3", 5, newest_first=True, spent=spent)
    assert (sorts(page), more) == (["a3", "a2"], False)
    assert spent.calls == 2


def test_an_index_is_read_up_to_a_value_and_resumed_by_its_key(table: Table) -> None:
    for number in range(1, 5):
        table.put(item(f"e{number}", **{OUTBOX_SHARD: "3", OUTBOX_AT: f"2026-0{number}"}))
    page, start = table.query_index(OUTBOX, "3", 2, up_to="2026-03")
    assert sorts(page) == ["e1", "e2"] and start is not None
    page, start = table.query_index(OUTBOX, "3", 2, up_to="2026-03", start=start)
    assert sorts(page) == ["e3"]
    assert sorts(table.query_index(OUTBOX, "3", 9, prefix="2026-04")[0]) == ["e4"]
    assert sorts(table.query_index(OUTBOX, "3", 9, newest_first=True)[0]) == ["e4", "e3", "e2", "e1"]


def test_a_write_whose_condition_fails_changes_nothing_and_says_so(table: Table) -> None:
    assert table.put(item("a", count=1), "attribute_not_exists(PK)")
    assert not table.put(item("a", count=2), "attribute_not_exists(PK)")
    assert not table.update(Key("p", "a"), "SET #c = :n", {":n": 3, ":old": 2}, "#c = :old", {"#c": "count"})
    assert table.get(Key("p", "a")) == item("a", count=1)
    assert table.update(Key("p", "a"), "SET #c = :n", {":n": 3, ":old": 1}, "#c = :old", {"#c": "count"})
    assert table.get(Key("p", "a")) == item("a", count=3)


def test_a_lost_race_shows_the_present_state_of_the_first_item(table: Table) -> None:
    table.put(item("head", revision=7))
    writes = [
        table.put_write(item("head", revision=7), "revision = :old", {":old": 6}),
        table.put_write(item("event")),
    ]
    with pytest.raises(LostRaceError) as race:
        table.transact(writes)
    assert race.value.old == item("head", revision=7)
    assert table.get(Key("p", "event")) is None


def test_a_race_that_another_item_lost_shows_no_state(table: Table) -> None:
    table.put(item("event"))
    writes = [table.put_write(item("head")), table.put_write(item("event"), "attribute_not_exists(PK)")]
    with pytest.raises(LostRaceError) as race:
        table.transact(writes)
    assert race.value.old is None
    assert table.get(Key("p", "head")) is None


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        ("TransactionCanceledException", "TransactionConflict", LostRaceError),
        ("TransactionCanceledException", "ThrottlingError", UnavailableError),
        ("TransactionCanceledException", "ValidationError", ClientError),
        ("AccessDeniedException", "None", ClientError),
    ],
)
def test_only_interference_counts_as_a_race(
    registry: Services, table: Table, code: str, reason: str, error: type[Exception]
) -> None:
    def cancel(**_: Any) -> None:
        # botocore puts the reasons beside the error.
        response: Any = {"Error": {"Code": code, "Message": ""}, "CancellationReasons": [{"Code": reason}]}
        raise ClientError(response, "TransactWriteItems")

    resting(registry)
    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", cancel)
    with pytest.raises(error):
        table.transact([table.put_write(item("a"))])


@pytest.mark.parametrize(("races", "written"), [(4, True), (1_000, False)])
def test_items_outside_any_ledger_are_written_despite_some_races(
    registry: Services, table: Table, races: int, written: bool
) -> None:
    resting(registry)
    left = [races]

    def conflict(**_: Any) -> None:
        if left[0]:
            left[0] -= 1
            reasons = [{"Code": "TransactionConflict"}]
            response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(response, "TransactWriteItems")

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", conflict)
    if written:
        table.put_all([item("a"), item("b")])
    else:
        with pytest.raises(UnavailableError, match="try again"):
            table.put_all([item("a"), item("b")])
    assert len(table.load([Key("p", "a"), Key("p", "b")])) == (2 if written else 0)


def test_writes_of_items_that_must_exist_fail_without_them(table: Table) -> None:
    gone = Key("p", "gone")
    for write in (table.delete_write(gone), table.set_write(gone, {"count": 1})):
        with pytest.raises(LostRaceError):
            table.transact([write])
    table.transact([table.drop_write(gone)])
    table.put(item("a", count=1, text="x"))
    table.transact([table.set_write(Key("p", "a"), {"count": 2})])
    assert table.get(Key("p", "a")) == item("a", count=2, text="x")
    table.transact([table.delete_write(Key("p", "a"))])
    assert table.get(Key("p", "a")) is None


def test_only_strings_and_integers_are_read() -> None:
    attributes: Any = {"s": {"S": ""}, "n": {"N": "-7"}, "other": {"BOOL": True}}
    assert from_attributes(attributes) == {"s": "", "n": -7}
