"""The table of a call whose right depends on an item."""

from collections.abc import Callable

import pytest

from chalicelib.aws.access.guarded_table import GuardedTable
from chalicelib.aws.keys import Key
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY, VERSIONS_BY_RUN
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH, Item, Table
from tests.registry.faults import Calls

GUARD, OTHER = Key("MODEL#fraud", "META"), Key("MODEL#fraud", "ALIAS#champion")
CALLS: dict[str, Callable[[Table], object]] = {
    "get": lambda table: table.get(OTHER),
    "get the item itself": lambda table: table.get(GUARD),
    "load": lambda table: table.load([OTHER]),
    "load as many as a call takes": lambda table: table.load([OTHER, *_many(MAX_BATCH - 1)]),
    "get attributes": lambda table: table.get_attributes(OTHER, ["body"]),
    "query": lambda table: table.query("MODEL#fraud", "ALIAS#", 10),
    "query an index": lambda table: table.query_index(VERSIONS_BY_RUN, "run", 10),
    "query between": lambda table: table.query_between(None, "MODEL#fraud", "A", "Z", 10),
    "put": lambda table: table.put(_item(OTHER)),
    "put all": lambda table: table.put_all([_item(OTHER)]),
    "update": lambda table: table.update(OTHER, "SET a = :a", {":a": 1}),
    "update the item itself": lambda table: table.update(GUARD, "SET a = :a", {":a": 1}),
    "add": lambda table: table.add(OTHER, {"count": 1}, {"first": "now"}),
    "transact": lambda table: table.transact([table.put_write(_item(OTHER))]),
    "nothing": lambda _: None,
}


class Refused(Exception):
    pass


def _many(count: int) -> list[Key]:
    return [Key("MODEL#fraud", f"VERSION#{number:09d}") for number in range(count)]


def _item(key: Key, **attributes: str) -> Item:
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort, **attributes}


def guarded(registry: Services, seen: list[Item | None], refuse: Callable[[Item | None], bool]) -> GuardedTable:
    def check(item: Item | None) -> None:
        seen.append(item)
        if refuse(item):
            raise Refused

    return GuardedTable(registry.table, GUARD, check)


@pytest.mark.parametrize("name", CALLS)
def test_no_call_gets_or_writes_anything_if_the_item_refuses_it(registry: Services, name: str) -> None:
    registry.table.put(_item(GUARD, body="secret"))
    table = guarded(registry, [], lambda _: True)

    def call() -> None:
        CALLS[name](table)
        table.ensure_checked()

    with pytest.raises(Refused):
        call()
    assert registry.table.get(OTHER) is None
    assert registry.table.get(GUARD) == _item(GUARD, body="secret")


@pytest.mark.parametrize("name", CALLS)
def test_every_call_works_as_ever_if_the_item_lets_it_through(registry: Services, name: str) -> None:
    seen: list[Item | None] = []
    registry.table.put(_item(GUARD, body="fine"))
    registry.table.put(_item(OTHER, body="champion"))
    found = CALLS[name](guarded(registry, seen, lambda _: False))
    if name.startswith(("get", "load", "query")):
        assert found == CALLS[name](registry.table)
    assert seen in ([_item(GUARD, body="fine")], [])


def test_an_item_that_is_not_there_is_judged_too(registry: Services) -> None:
    with pytest.raises(Refused):
        guarded(registry, [], lambda item: item is None).get(OTHER)


def test_the_item_is_read_with_the_first_items_and_takes_no_call(registry: Services) -> None:
    registry.table.put(_item(GUARD))
    registry.table.put(_item(OTHER, body="champion"))
    table = guarded(registry, [], lambda _: False)
    calls = Calls(registry.client("dynamodb"))
    assert table.get(OTHER) == _item(OTHER, body="champion")
    assert calls.operations == ["BatchGetItem"]
    table.get(OTHER)
    table.query("MODEL#fraud", "ALIAS#", 10)
    table.ensure_checked()
    assert calls.operations == ["BatchGetItem", "GetItem", "Query"]


def test_the_item_is_judged_each_time_that_it_is_read(registry: Services) -> None:
    registry.table.put(_item(GUARD, body="public"))
    table = guarded(registry, [], lambda item: item is not None and item["body"] != "public")
    assert set(table.load([OTHER, GUARD])) == {GUARD}
    registry.table.put(_item(GUARD, body="restricted"))
    with pytest.raises(Refused):
        table.load([OTHER, GUARD])
    with pytest.raises(Refused):
        table.get(GUARD)
