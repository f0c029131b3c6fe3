"""The one DynamoDB table: reads by key, queries, and the transaction that commits.

Items are flat: attributes are strings or integers, and nested content is JSON text. A DynamoDB number has neither the
range nor the form of a double; as text, numbers keep their precision, and the text that is hashed is the text that is
stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from botocore.exceptions import ClientError

from chalicelib.aws.keys import Key
from chalicelib.aws.names import INDEXES, PARTITION_KEY, SORT_KEY
from chalicelib.aws.pauses import Pauses
from chalicelib.aws.sealer import Sealer
from chalicelib.domain.errors import UnavailableError

Item: TypeAlias = dict[str, str | int]
Write: TypeAlias = dict[str, dict[str, Any]]

MAX_BATCH: Final = 100
_REFUSED: Final = "ConditionalCheckFailed"
_RACES: Final = frozenset({_REFUSED, "TransactionConflict"})
# Of a whole call, and of one write of a transaction. botocore has then tried four times within about a second.
_THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
    }
)
_ABSENT: Final = f"attribute_not_exists({PARTITION_KEY})"


@dataclass(slots=True)
class Spent:
    """The cost of reads: calls, and the capacity units that DynamoDB reports for them."""

    calls: int = 0
    units: float = 0

    def add(self, consumed: Sequence[Mapping[str, Any]], calls: int = 1) -> None:
        self.calls += calls
        self.units += sum(float(entry.get("CapacityUnits", 0)) for entry in consumed)


class LostRaceError(Exception):
    """Another writer changed an item that a transaction depends on.

    ``old`` is the present state of the transaction's first item, None if DynamoDB did not return it. ``refused`` are
    the positions of the writes whose conditions failed.
    """

    def __init__(self, old: Item | None, refused: frozenset[int] = frozenset()) -> None:
        super().__init__("lost a race")
        self.old = old
        self.refused = refused


class Table:
    """The table, and the sealer of those of its items that are served as they are."""

    def __init__(self, client: Any, name: str, sealer: Sealer, pauses: Callable[[], Pauses]) -> None:
        self._client = client
        self.name = name
        self.sealer = sealer
        self._pauses = pauses
        _skip_parsing_of_items(client)

    def load(self, keys: Sequence[Key], spent: "Spent | None" = None) -> dict[Key, Item]:
        """The items under ``keys`` (at most 100), read consistently in one call; absent ones are left out."""
        items: dict[Key, Item] = {}
        unread: dict[str, Any] = {self.name: {"Keys": [_attributes(_key(key)) for key in keys], "ConsistentRead": True}}
        pauses, calls = self._pauses(), 1
        while True:
            answer = self._patiently(self._client.batch_get_item, RequestItems=unread, ReturnConsumedCapacity="TOTAL")
            if spent is not None:
                spent.add(answer.get("ConsumedCapacity", ()), calls)
                calls = 0
            for attributes in answer["Responses"].get(self.name, ()):
                item = from_attributes(attributes)
                items[key_of(item)] = item
            unread = answer.get("UnprocessedKeys") or {}
            if not unread:
                return items
            if not pauses.pause():
                raise UnavailableError("DynamoDB returned only some of the items that were read; try again.")

    def load_all(self, keys: Sequence[Key], spent: "Spent | None" = None) -> dict[Key, Item]:
        """The items under ``keys``, however many, read in calls of a hundred."""
        items: dict[Key, Item] = {}
        for start in range(0, len(keys), MAX_BATCH):
            items |= self.load(keys[start : start + MAX_BATCH], spent)
        return items

    def get(self, key: Key) -> Item | None:
        """The item under ``key``, read consistently; None if there is none."""
        answer = self._patiently(
            self._client.get_item,
            TableName=self.name,
            Key=_attributes(_key(key)),
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )
        attributes = answer.get("Item")
        return from_attributes(attributes) if attributes else None

    def get_attributes(self, key: Key, names: Sequence[str]) -> Item | None:
        """These attributes of the item under ``key``, read consistently; None if there is none.

        For functions whose role may not read the others.
        """
        placeholders = {f"#{index}": name for index, name in enumerate(names)}
        answer = self._patiently(
            self._client.get_item,
            TableName=self.name,
            Key=_attributes(_key(key)),
            ProjectionExpression=", ".join(placeholders),
            ExpressionAttributeNames=placeholders,
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )
        attributes = answer.get("Item")
        return from_attributes(attributes) if attributes else None

    def query(
        self,
        partition: str,
        prefix: str,
        limit: int,
        after: str | None = None,
        newest_first: bool = False,
        up_to: str | None = None,
        containing: tuple[str, str] | None = None,
    ) -> tuple[list[Item], str | None]:
        """Items of a partition whose sort key begins with ``prefix``, read consistently.

        Also returns the sort key to resume after, None at the end. ``after`` is the sort key to start after, in the
        order of reading; ``up_to`` is the greatest sort key to read. Both begin with the prefix. ``containing`` is an
        attribute and a text: of the ``limit`` items read, only those whose attribute contains the text are returned.
        """
        arguments = self._page(limit, newest_first)
        names = {"#p": PARTITION_KEY, "#s": SORT_KEY}
        values: Item = {":p": partition, ":s": prefix}
        if after is not None:
            arguments["ExclusiveStartKey"] = _attributes({PARTITION_KEY: partition, SORT_KEY: after})
        if containing is not None:
            names["#c"], values[":c"] = containing
            arguments["FilterExpression"] = "contains(#c, :c)"
        condition = "#p = :p AND begins_with(#s, :s)"
        if up_to is not None:
            condition, values[":u"] = "#p = :p AND #s BETWEEN :s AND :u", up_to
        items, last = self._query(
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=_attributes(values),
            ConsistentRead=True,
            **arguments,
        )
        return items, None if last is None else str(last[SORT_KEY])

    def query_index(
        self,
        index: str,
        partition: str,
        limit: int,
        prefix: str | None = None,
        up_to: str | None = None,
        start: Mapping[str, str | int] | None = None,
        newest_first: bool = False,
    ) -> tuple[list[Item], Item | None]:
        """Items of one partition of an index, and the index key to resume after, None at the end.

        Reads the items whose sort attribute begins with ``prefix``, or those whose sort attribute is at most ``up_to``,
        or all. Eventually consistent, as every index is.
        """
        partition_attribute, sort_attribute = INDEXES[index]
        condition = "#p = :p"
        names = {"#p": partition_attribute}
        values: dict[str, str | int] = {":p": partition}
        if prefix:
            condition += " AND begins_with(#s, :s)"
            names["#s"], values[":s"] = sort_attribute, prefix
        elif up_to is not None:
            condition += " AND #s <= :s"
            names["#s"], values[":s"] = sort_attribute, up_to
        arguments = self._page(limit, newest_first)
        if start is not None:
            arguments["ExclusiveStartKey"] = _attributes(start)
        return self._query(
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=_attributes(values),
            **arguments,
        )

    def query_between(
        self,
        index: str | None,
        partition: str,
        low: str,
        high: str,
        limit: int,
        newest_first: bool = False,
        spent: "Spent | None" = None,
    ) -> tuple[list[Item], bool]:
        """Items of a partition whose sort attribute is from ``low`` to ``high``, and whether there are more.

        An index is read eventually consistently, the table itself (``index`` is None) consistently.
        """
        partition_attribute, sort_attribute = (PARTITION_KEY, SORT_KEY) if index is None else INDEXES[index]
        arguments = self._page(limit, newest_first)
        if index is None:
            arguments["ConsistentRead"] = True
        else:
            arguments["IndexName"] = index
        answer = self._patiently(
            self._client.query,
            TableName=self.name,
            ReturnConsumedCapacity="TOTAL",
            KeyConditionExpression="#p = :p AND #s BETWEEN :l AND :h",
            ExpressionAttributeNames={"#p": partition_attribute, "#s": sort_attribute},
            ExpressionAttributeValues=_attributes({":p": partition, ":l": low, ":h": high}),
            **arguments,
        )
        if spent is not None:
            spent.add([answer.get("ConsumedCapacity", {})])
        return [from_attributes(item) for item in answer["Items"]], "LastEvaluatedKey" in answer

    def transact(self, writes: Sequence[Write]) -> None:
        """Make all writes or none. Raises LostRaceError when a condition fails or another transaction interferes.

        Raises UnavailableError if DynamoDB throttles it for as long as a caller can wait; then nothing was written.
        """
        try:
            self._patiently(
                self._client.transact_write_items, TransactItems=list(writes), ReturnConsumedCapacity="TOTAL"
            )
        except ClientError as error:
            reasons = _cancelled_for(error)
            if any(reason.get("Code") in _RACES for reason in reasons):
                old = reasons[0].get("Item")
                refused = {at for at, reason in enumerate(reasons) if reason.get("Code") == _REFUSED}
                raise LostRaceError(from_attributes(old) if old else None, frozenset(refused)) from error
            if _is_throttled(error):
                raise UnavailableError("DynamoDB takes no more writes at the moment; try again.") from error
            raise

    def put(self, item: Item, condition: str | None = None, values: Mapping[str, str | int] | None = None) -> bool:
        """Write one item outside any ledger, such as a delivery's log entry. Returns whether its condition held."""
        return self._conditional(self._client.put_item, Item=_attributes(item), condition=condition, values=values)

    def put_all(self, items: Sequence[Item]) -> None:
        """Write at most 100 items outside any ledger, replacing what was there.

        A transaction makes this one call that leaves no item out; readers may still see some items before others. It is
        retried if another transaction interferes. Raises UnavailableError if it fails each time.
        """
        pauses = self._pauses()
        while True:
            try:
                self.transact([self.put_write(item) for item in items])
                return
            except LostRaceError:
                if not pauses.pause():
                    raise UnavailableError("DynamoDB did not accept a write; try again.") from None

    def update(
        self,
        key: Key,
        expression: str,
        values: Mapping[str, str | int] | None = None,
        condition: str | None = None,
        attribute_names: Mapping[str, str] | None = None,
    ) -> bool:
        """Update one item outside any ledger. Returns whether its condition held."""
        return self._conditional(
            self._client.update_item,
            Key=_attributes(_key(key)),
            UpdateExpression=expression,
            condition=condition,
            values=values,
            attribute_names=attribute_names,
        )

    def add(self, key: Key, numbers: Mapping[str, int], once: Item) -> Item:
        """Add to numbers of one item outside any ledger, and set those attributes of ``once`` that it lacks.

        Returns the item as it is then. A number that the item lacks is 0. Not idempotent: a repeated call adds again.
        """
        names = [*once, *numbers]
        values: Item = {f":{name}": value for name, value in (once | dict(numbers)).items()}
        sets = ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in once)
        adds = ", ".join(f"#{name} :{name}" for name in numbers)
        answer = self._patiently(
            self._client.update_item,
            TableName=self.name,
            Key=_attributes(_key(key)),
            UpdateExpression=f"SET {sets} ADD {adds}",
            ExpressionAttributeNames={f"#{name}": name for name in names},
            ExpressionAttributeValues=_attributes(values),
            ReturnValues="ALL_NEW",
        )
        return from_attributes(answer["Attributes"])

    def put_write(
        self, item: Item, condition: str | None = None, values: Mapping[str, str | int] | None = None
    ) -> Write:
        """A put for ``transact``."""
        put: dict[str, Any] = {"TableName": self.name, "Item": _attributes(item)}
        if condition is not None:
            put["ConditionExpression"] = condition
            put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            if values:
                put["ExpressionAttributeValues"] = _attributes(values)
        return {"Put": put}

    def delete_write(self, key: Key) -> Write:
        """A delete for ``transact``. The item must exist."""
        return {
            "Delete": {
                "TableName": self.name,
                "Key": _attributes(_key(key)),
                "ConditionExpression": f"attribute_exists({PARTITION_KEY})",
            }
        }

    def drop_write(self, key: Key) -> Write:
        """A delete for ``transact``. The item may be gone already."""
        return {"Delete": {"TableName": self.name, "Key": _attributes(_key(key))}}

    def set_write(self, key: Key, attributes: Item, unchanged: Item | None = None) -> Write:
        """An update for ``transact`` that sets attributes of an item that must exist.

        With ``unchanged``, these attributes of the item must also have these values.
        """
        names = {f"#{index}": name for index, name in enumerate(attributes)}
        values = {f":{index}": value for index, value in enumerate(attributes.values())}
        condition = _having(unchanged or {})
        return {
            "Update": {
                "TableName": self.name,
                "Key": _attributes(_key(key)),
                "UpdateExpression": "SET " + ", ".join(f"#{index} = :{index}" for index in range(len(attributes))),
                "ExpressionAttributeNames": names | condition.get("ExpressionAttributeNames", {}),
                "ExpressionAttributeValues": _attributes(values) | condition.get("ExpressionAttributeValues", {}),
                "ConditionExpression": condition["ConditionExpression"],
            }
        }

    def update_write(
        self, key: Key, expression: str, values: Mapping[str, str | int], attribute_names: Mapping[str, str]
    ) -> Write:
        """An update for ``transact`` of an item that need not exist."""
        return {
            "Update": {
                "TableName": self.name,
                "Key": _attributes(_key(key)),
                "UpdateExpression": expression,
                "ExpressionAttributeNames": dict(attribute_names),
                "ExpressionAttributeValues": _attributes(values),
            }
        }

    def check_write(self, key: Key, unchanged: Item | None) -> Write:
        """A condition for ``transact``: the item has these values of its attributes, or there is none (``None``)."""
        condition = {"ConditionExpression": _ABSENT} if unchanged is None else _having(unchanged)
        return {"ConditionCheck": {"TableName": self.name, "Key": _attributes(_key(key)), **condition}}

    def _page(self, limit: int, newest_first: bool) -> dict[str, Any]:
        return {"Limit": limit, "ScanIndexForward": not newest_first}

    def _query(self, **arguments: Any) -> tuple[list[Item], Item | None]:
        answer = self._patiently(self._client.query, TableName=self.name, ReturnConsumedCapacity="TOTAL", **arguments)
        last = answer.get("LastEvaluatedKey")
        return [from_attributes(item) for item in answer["Items"]], from_attributes(last) if last else None

    def _patiently(self, call: Callable[..., Any], **arguments: Any) -> Any:
        """Make a call again, after a pause, for as long as DynamoDB throttles it and time is left."""
        pauses = self._pauses()
        while True:
            try:
                return call(**arguments)
            except ClientError as error:
                if not (_is_throttled(error) and pauses.pause()):
                    raise

    def _conditional(
        self,
        call: Any,
        condition: str | None,
        values: Mapping[str, str | int] | None,
        attribute_names: Mapping[str, str] | None = None,
        **arguments: Any,
    ) -> bool:
        if condition is not None:
            arguments["ConditionExpression"] = condition
        if values:
            arguments["ExpressionAttributeValues"] = _attributes(values)
        if attribute_names:
            arguments["ExpressionAttributeNames"] = dict(attribute_names)
        try:
            self._patiently(call, TableName=self.name, **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True


def key_of(item: Mapping[str, str | int]) -> Key:
    return Key(str(item[PARTITION_KEY]), str(item[SORT_KEY]))


def from_attributes(attributes: Mapping[str, Mapping[str, str]]) -> Item:
    """The flat dict of strings and integers of an item in DynamoDB's JSON, as reads and streams return it."""
    return {
        name: int(value["N"]) if "N" in value else value["S"]
        for name, value in attributes.items()
        if "N" in value or "S" in value
    }


def _is_throttled(error: ClientError) -> bool:
    """Whether DynamoDB refused the call, or a write of a transaction, for now, and for no other reason."""
    codes = {reason.get("Code") for reason in _cancelled_for(error)} - {"None", None}
    return (codes or {error.response["Error"]["Code"]}) <= _THROTTLED


def _cancelled_for(error: ClientError) -> list[Mapping[str, Any]]:
    """Why a transaction was cancelled, one reason for each write; nothing if the error is another."""
    if error.response["Error"]["Code"] != "TransactionCanceledException":
        return []
    # The stubs do not know this member of the answer, which only this error has.
    return list(cast("Any", error.response).get("CancellationReasons", []))


def _skip_parsing_of_items(client: Any) -> None:
    """Make botocore leave items that are read as they are. DynamoDB's JSON has the form that botocore would give them.

    botocore checks every attribute of an answer for each of ten types, which takes a third of the time of a page. Only
    binary values would come out differently, and no item has one.
    """
    for operation in ("GetItem", "BatchGetItem", "Query"):
        # botocore does not parse a shape that is marked as a document.
        client.meta.service_model.operation_model(operation).output_shape.metadata["document"] = True


def _key(key: Key) -> dict[str, str | int]:
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort}


def _having(attributes: Item) -> dict[str, Any]:
    """The condition that an item exists and has these values of its attributes."""
    condition: dict[str, Any] = {
        "ConditionExpression": " AND ".join(
            [f"attribute_exists({PARTITION_KEY})", *(f"#was{index} = :was{index}" for index in range(len(attributes)))]
        )
    }
    if attributes:
        condition["ExpressionAttributeNames"] = {f"#was{index}": name for index, name in enumerate(attributes)}
        condition["ExpressionAttributeValues"] = _attributes(
            {f":was{index}": value for index, value in enumerate(attributes.values())}
        )
    return condition


def _attributes(item: Mapping[str, str | int]) -> dict[str, dict[str, str]]:
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}
