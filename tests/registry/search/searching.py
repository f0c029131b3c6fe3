"""A fake table for search tests, filled quickly with many versions and models as commits store them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cmp_to_key
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.aws.names import INDEXES, KEYS_ONLY_INDEXES, PARTITION_KEY, SORT_KEY
from chalicelib.aws.search import index_places
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import GENESIS, Head
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.evaluation import Record, holds, values
from chalicelib.domain.search.records import model_record, version_record
from chalicelib.domain.search.syntax import Field, Order, SearchQuery, Subject
from chalicelib.domain.versions.version import Description, Status, Version

NOW = Instant("2026-01-01T00:00:00.000Z")


def version(model: str = "fraud", number: int = 1, **fields: Any) -> Version:
    """A READY version. ``fields`` are of Version or of its Description."""
    described = {name: fields.pop(name) for name in list(fields) if name in Description.__dataclass_fields__}
    made = Version(
        model=model,
        number=number,
        uid=f"{model}-{number}",
        description=Description(**described),
        status=Status.READY,
        stage="development",
        stage_since=NOW,
        digest="d" * 64,
        file_count=0,
        total_size=0,
        created_at=NOW,
        created_by="token:ada",
        updated_at=NOW,
        revised_at=NOW,
        revision=1,
        upload_expires_at=NOW,
        ready_at=NOW,
    )
    return replace(made, **fields)


def state(name: str = "fraud", at: str = NOW, standing: dict[str, int] | None = None, **profile: Any) -> ModelState:
    instant = Instant(at)
    head = Head(1, GENESIS, "event", instant)
    model = Model(name, head, created_at=NOW, created_by="token:ada", revised_at=instant, standing=standing or {})
    return ModelState(model, Profile(**profile))


class Shelf:
    """The contents of the table in memory, to compare a search with a full scan.

    It answers the registry's queries and batch reads itself, as DynamoDB documents them. moto would read the whole
    table for each query and take milliseconds for each item of an answer.
    """

    def __init__(self, registry: Services) -> None:
        self._table = registry.table
        self._stored: dict[Key, Item] = {}
        self.versions: dict[tuple[str, int], Version] = {}
        self.models: dict[str, ModelState] = {}
        events = registry.client("dynamodb").meta.events
        # Registered last, so that call counters have seen the call. A new shelf replaces the one before.
        events.unregister("before-call", unique_id="shelf")
        events.register_last("before-call", self._answer, unique_id="shelf")

    def _answer(self, model: Any, params: dict[str, Any], **_: Any) -> Any:
        answers = {"Query": self._query, "BatchGetItem": self._batch_get}
        return _OK, {**answers[model.name](json.loads(params["body"])), "ResponseMetadata": {}}

    def put_version(self, new: Version) -> None:
        old = self.versions.get((new.model, new.number))
        self._replace(
            index_places.index_items(old), [version_items.version_item(new), *index_places.index_items(new).values()]
        )
        self.versions[new.model, new.number] = new

    def drop_version(self, model: str, number: int) -> None:
        old = self.versions.pop((model, number))
        self._replace({**index_places.index_items(old), keys.version(model, number): {}}, [])

    def put_model(self, new: ModelState) -> None:
        name = new.model.name
        old = self.models.get(name)
        head = model_items.model_item(new.model)
        self._replace(
            {} if old is None else index_places.model_index_items(name, old.profile.tags),
            [
                head | index_places.model_change_place(new.model),
                model_items.profile_item(new.model, new.profile),
                *index_places.model_index_items(name, new.profile.tags).values(),
            ],
        )
        self.models[name] = new

    def _replace(self, old: Mapping[Key, Item], new: Sequence[Item]) -> None:
        for key in old:
            del self._stored[key]
        for item in new:
            self._stored[key_of(item)] = item

    def _query(self, asked: dict[str, Any]) -> dict[str, Any]:
        index = asked.get("IndexName")
        partition, sort = (PARTITION_KEY, SORT_KEY) if index is None else INDEXES[index]
        assert asked["KeyConditionExpression"] == "#p = :p AND #s BETWEEN :l AND :h"
        assert (asked["ExpressionAttributeNames"]["#p"], asked["ExpressionAttributeNames"]["#s"]) == (partition, sort)
        value, low, high = (asked["ExpressionAttributeValues"][name]["S"] for name in (":p", ":l", ":h"))
        assert low
        assert max(len(low.encode()), len(high.encode())) <= 1_024
        assert low <= high
        found = [
            item
            for item in self._stored.values()
            if item.get(partition) == value and low <= str(item.get(sort, "")) <= high
        ]
        found.sort(key=lambda item: str(item[sort]).encode(), reverse=not asked["ScanIndexForward"])
        page = found[: asked["Limit"]]
        answer: dict[str, Any] = {
            "Items": [self._attributes(index, item) for item in page],
            "ConsumedCapacity": {"CapacityUnits": 1.0},
        }
        # DynamoDB stops at the limit without checking whether there is more.
        if len(page) == asked["Limit"]:
            answer["LastEvaluatedKey"] = self._attributes(index, page[-1])
        return answer

    def _batch_get(self, asked_of: dict[str, Any]) -> dict[str, Any]:
        ((name, asked),) = asked_of["RequestItems"].items()
        wanted = [Key(key[PARTITION_KEY]["S"], key[SORT_KEY]["S"]) for key in asked["Keys"]]
        assert len(wanted) == len(set(wanted)) <= 100
        found = [self._attributes(None, self._stored[key]) for key in wanted if key in self._stored]
        return {"Responses": {name: found}, "UnprocessedKeys": {}}

    def _attributes(self, index: str | None, item: Item) -> dict[str, Any]:
        """An item as DynamoDB returns it, with the attributes of the index if one is named."""
        names = {
            PARTITION_KEY,
            SORT_KEY,
            *(item if index is None or index not in KEYS_ONLY_INDEXES else INDEXES[index]),
        }
        shown = {name: value for name, value in item.items() if name in names}
        attributes: dict[str, Any] = self._table.put_write(shown)["Put"]["Item"]
        return attributes


_OK = AWSResponse("", 200, HTTPHeaders(), None)


def full_scan(shelf: Shelf, query: SearchQuery, subject: Subject) -> list[Any]:
    """The expected results of a search: everything evaluated, and sorted by its values, not by sort keys."""
    if subject is Subject.VERSIONS:
        pairs: list[tuple[Any, Record]] = [(one, version_record(one)) for one in shelf.versions.values()]
        own = [Order(Field("updated_at"), True)]
        ties = [Order(Field("name")), Order(Field("version"), True)]
    else:
        pairs = [(one, model_record(one)) for one in shelf.models.values()]
        own, ties = [], [Order(Field("name"))]
    order = [*(query.order or own)]
    order += [tie for tie in ties if tie.field not in [one.field for one in order]]
    there = [
        (entity, record)
        for entity, record in pairs
        if holds(query.where, record) and all(values(record, one.field) for one in order)
    ]

    def compare(a: tuple[Any, Record], b: tuple[Any, Record]) -> int:
        for one in order:
            mine, its = _comparable(a[1], one.field), _comparable(b[1], one.field)
            if mine != its:
                return (1 if mine < its else -1) if one.descending else (-1 if mine < its else 1)
        return 0

    return [entity for entity, _ in sorted(there, key=cmp_to_key(compare))]


def _comparable(record: Record, field: Field) -> Any:
    value = values(record, field)[0]
    if isinstance(value, bool):
        return (0, value)
    if isinstance(value, int | float):
        return (1, float(value))
    # The documented exception: texts that differ only after the cut.
    return (2, str(value) if len(str(value)) < sort_keys.VALUE_BYTES else sort_keys.text_part(str(value)))
