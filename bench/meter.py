"""Counts AWS calls and the DynamoDB capacity that they consume, by DynamoDB's published rules.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html:
a consistent read takes one unit for each 4 KB, an eventually consistent one half; a transactional write two units for
each 1 KB of the larger of the item before and after, and each index one unit for each 1 KB of the entry written and of
the entry removed. Emulators do not compute these, so they are computed here from the items themselves.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.aws.names import INDEXES, KEYS_ONLY_INDEXES, PARTITION_KEY, SORT_KEY

Attributes = Mapping[str, Mapping[str, str]]


@dataclass
class Usage:
    """Calls by operation, and capacity units consumed.

    ``partitions`` are the write units by partition: the index, empty for the table itself, and the partition key.
    """

    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0
    partitions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add_write(self, index: str, partition: str, units: int) -> None:
        self.write_units += units
        self.partitions[index, partition] += units

    @property
    def dynamodb_calls(self) -> int:
        return sum(count for name, count in self.calls.items() if name.startswith("dynamodb."))

    @property
    def other_calls(self) -> int:
        return sum(self.calls.values()) - self.dynamodb_calls


class Meter:
    """Watches the clients it is attached to; ``probe`` is a client of its own, to see items before they change."""

    def __init__(self, probe: Any, table: str) -> None:
        self._probe = probe
        self._table = table
        self._usage = Usage()
        self._watching = False

    def attach(self, client: Any) -> None:
        service = client.meta.service_model.service_name
        client.meta.events.register("before-call.*", lambda model, params, **_: self._before(service, model, params))
        client.meta.events.register("provide-client-params.*", lambda params, model, **_: self._params(model, params))
        client.meta.events.register("after-call.*", lambda model, parsed, **_: self._after(model, parsed))

    @contextmanager
    def measuring(self) -> Iterator[Usage]:
        self._usage = Usage()
        self._watching = True
        try:
            yield self._usage
        finally:
            self._watching = False

    def _before(self, service: str, model: Any, params: Any) -> None:
        if not self._watching:
            return
        self._usage.calls[f"{service}.{model.name}"] += 1

    def _params(self, model: Any, params: dict[str, Any]) -> None:
        if not self._watching:
            return
        if model.name == "TransactWriteItems":
            for write in params["TransactItems"]:
                ((kind, arguments),) = write.items()
                self._write(kind, arguments, transactional=2)
        elif model.name in ("PutItem", "UpdateItem", "DeleteItem"):
            self._write(model.name.removesuffix("Item"), params, transactional=1)
        elif model.name == "Query":
            self._eventual = "IndexName" in params

    def _write(self, kind: str, arguments: Mapping[str, Any], transactional: int) -> None:
        key = {name: (arguments.get("Item") or arguments.get("Key"))[name] for name in (PARTITION_KEY, SORT_KEY)}
        before: Attributes = self._probe.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        after: Attributes = {}
        if kind == "Put":
            after = arguments["Item"]
        elif kind == "Update":
            kept = {name: value for name, value in before.items() if name not in _removed(arguments)}
            after = {**kept, **_assigned(arguments)}
        units = transactional * _units(max(_size(before), _size(after)), 1024)
        self._usage.add_write("", key[PARTITION_KEY]["S"], units)
        for index, attributes in INDEXES.items():
            old, new = _entry(index, attributes, before), _entry(index, attributes, after)
            if old == new:
                continue
            for entry in (old, new):
                if entry:
                    self._usage.add_write(index, entry[attributes[0]]["S"], _units(_size(entry), 1024))

    def _after(self, model: Any, parsed: Mapping[str, Any]) -> None:
        if not self._watching:
            return
        if model.name == "GetItem":
            self._usage.read_units += _units(_size(parsed.get("Item", {})), 4096)
        elif model.name == "BatchGetItem":
            items = parsed.get("Responses", {}).get(self._table, [])
            self._usage.read_units += sum(_units(_size(item), 4096) for item in items)
        elif model.name == "Query":
            total = sum(_size(item) for item in parsed.get("Items", []))
            self._usage.read_units += _units(total, 4096) * (0.5 if self._eventual else 1)


def _assigned(arguments: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """The attributes that our one form of update, ``SET #0 = :0, …``, assigns."""
    names, values = (
        arguments.get("ExpressionAttributeNames", {}),
        arguments.get("ExpressionAttributeValues", {}),
    )
    return {
        name: values[f":{placeholder[1:]}"] for placeholder, name in names.items() if f":{placeholder[1:]}" in values
    }


def _removed(arguments: Mapping[str, Any]) -> set[str]:
    """The attributes that an update of the form ``REMOVE a, b`` removes."""
    _, _, names = arguments.get("UpdateExpression", "").partition("REMOVE ")
    return {name.strip() for name in names.split(",")} if names else set()


def _entry(index: str, attributes: tuple[str, str], item: Attributes) -> Attributes | None:
    if not all(attribute in item for attribute in attributes):
        return None
    if index in KEYS_ONLY_INDEXES:
        return {name: item[name] for name in (PARTITION_KEY, SORT_KEY, *attributes)}
    return item


def _size(item: Attributes) -> int:
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, str]) -> int:
    ((kind, content),) = value.items()
    return len(content) // 2 + 1 if kind == "N" else len(content.encode())


def _units(size: int, unit: int) -> int:
    return max(1, math.ceil(size / unit))
