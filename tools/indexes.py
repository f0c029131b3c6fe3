"""The indexes that the registry's code needs, and the single steps that bring a table to them.

DynamoDB takes one new index at a time, and CloudFormation creates or removes one in an update:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import names

CREATE: Final = "create"
REMOVE: Final = "remove"


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index. ``projection`` is ``ALL`` or ``KEYS_ONLY``."""

    name: str
    partition: str
    sort: str
    projection: str

    @property
    def definition(self) -> dict[str, Any]:
        """The index in the form that both DynamoDB and CloudFormation take."""
        return {
            "IndexName": self.name,
            "KeySchema": [
                {"AttributeName": self.partition, "KeyType": "HASH"},
                {"AttributeName": self.sort, "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": self.projection},
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One index to create or to remove."""

    action: str
    index: Index

    def __str__(self) -> str:
        return f"{self.action} the index {self.index.name}"


def wanted() -> list[Index]:
    """The indexes that this checkout's code queries."""
    return [
        Index(name, *keys, "KEYS_ONLY" if name in names.KEYS_ONLY_INDEXES else "ALL")
        for name, keys in names.INDEXES.items()
    ]


def index_from(definition: Mapping[str, Any]) -> Index:
    """An index as DynamoDB describes it or as a template declares it."""
    keys = {key["KeyType"]: key["AttributeName"] for key in definition["KeySchema"]}
    return Index(
        definition["IndexName"], keys["HASH"], keys.get("RANGE", ""), definition["Projection"]["ProjectionType"]
    )


def steps(present: Iterable[Index], target: Iterable[Index]) -> list[Step]:
    """What makes ``present`` into ``target``. An index whose keys or projection changed is removed and created again.

    What is no longer needed goes last, so that the running code keeps it as long as possible.
    """
    before, after = list(present), list(target)
    names_after = {index.name for index in after}
    changed = [index for index in before if index.name in names_after and index not in after]
    surplus = [index for index in before if index.name not in names_after]
    return [
        *(Step(REMOVE, index) for index in changed),
        *(Step(CREATE, index) for index in after if index not in before),
        *(Step(REMOVE, index) for index in surplus),
    ]


def attributes(indexes: Iterable[Index]) -> list[dict[str, str]]:
    """The definitions of all attributes that are keys of the table or of these indexes."""
    keys = {names.PARTITION_KEY, names.SORT_KEY}
    for index in indexes:
        keys |= {index.partition, index.sort}
    return [{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)]
