"""The classification of a model, as its head has it."""

from collections.abc import Sequence
from typing import Any

from chalicelib.aws.item import document_from
from chalicelib.aws.table import Item
from chalicelib.domain.classification import Classification, Level


def stored_classification(classification: Classification | None) -> list[Any] | None:
    return None if classification is None else [classification.level.value, classification.personal_data]


def classification_from(stored: Sequence[Any] | None) -> Classification | None:
    return None if stored is None else Classification(Level(stored[0]), stored[1])


def classification_in(head: Item | None) -> Classification | None:
    """What the head of a model says, also of a deleted one; None if there is no such model, or nobody has said it."""
    return None if head is None else classification_from(document_from(head).get("classification"))
