"""What DynamoDB counts as the size of items and writes, and never less.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping
from typing import Any


def written_bytes(write: Mapping[str, Mapping[str, Any]]) -> int:
    """The bytes of one write of a transaction: its item, or the key and the attributes that it names."""
    ((_, arguments),) = write.items()
    return sum(_bytes_of(arguments[part]) for part in ("Item", "Key", "ExpressionAttributeValues") if part in arguments)


def _bytes_of(attributes: Mapping[str, Mapping[str, str]]) -> int:
    return sum(len(name.encode()) + len(text.encode()) for name, value in attributes.items() for text in value.values())
