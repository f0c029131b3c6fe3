"""Nodes of lineage: versions, and what versions come from or go to, each with one canonical identity."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError

# Characters of base64 of a SHA-256: 108 bits tell nodes apart, 48 bits the states of one dataset. A cursor holds a
# hundred ids.
_ID: Final = 18
_STATE: Final = 8


class Kind(StrEnum):
    """What a node is. An environment is the whole list of requirements; a place is a model on a target."""

    VERSION = "version"
    DATASET = "dataset"
    RUN = "run"
    JOB = "job"
    COMMIT = "commit"
    BASE_MODEL = "base_model"
    IMAGE = "image"
    ENVIRONMENT = "environment"
    PLACE = "place"


# What a node's two texts are called where nodes are shown.
_FIELDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.VERSION: ("model", "version"),
    Kind.DATASET: ("name", "state"),
    Kind.RUN: ("name", ""),
    Kind.JOB: ("name", ""),
    Kind.COMMIT: ("repository", "commit"),
    Kind.BASE_MODEL: ("name", "revision"),
    Kind.IMAGE: ("name", ""),
    Kind.ENVIRONMENT: ("digest", ""),
    Kind.PLACE: ("model", "target"),
}
_DIGEST: Final = "digest:"
_VERSION: Final = "version:"
_OF_MODELS: Final = frozenset({Kind.VERSION, Kind.PLACE})


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its kind, its name, and what tells it from others of its name, if anything does.

    ``detail`` is the number of a version, the hash of a commit, the revision of a base model, the target of a place. Of
    a dataset it is ``digest:…`` or ``version:…``.
    """

    kind: Kind
    name: str
    detail: str = ""

    @property
    def id(self) -> str:
        """18 characters from the hash of what identifies the node.

        Of a dataset it is made of the name alone. Nine more tell apart its states, of which it has those that are known
        by a digest or a version. So all states of a dataset are found by its name.
        """
        if self.kind is Kind.DATASET:
            name = _hashed([self.kind.value, self.name], _ID)
            return f"{name}.{_hashed([self.detail], _STATE)}" if self.detail else name
        return _hashed([self.kind.value, self.name, self.detail], _ID)

    @property
    def model(self) -> str | None:
        """The model that decides who may see the node; None if everybody may who sees what leads to it."""
        return self.name if self.kind in _OF_MODELS else None

    @property
    def number(self) -> int:
        """The number of a version."""
        return int(self.detail)

    def document(self) -> dict[str, str | int]:
        """The node as JSON: its kind, and its texts by what they are called for this kind."""
        first, second = _FIELDS[self.kind]
        shown: dict[str, str | int] = {"kind": self.kind.value, first: self.name}
        if self.kind is Kind.VERSION:
            shown[second] = self.number
        elif self.kind is Kind.DATASET and self.detail:
            field, _, text = self.detail.partition(":")
            shown[field] = text
        elif second and self.detail:
            shown[second] = self.detail
        return shown

    def stored(self) -> list[str]:
        """The node as it is kept."""
        return [self.kind.value, self.name, self.detail]

    @classmethod
    def from_stored(cls, stored: Sequence[str]) -> "Node":
        kind, name, detail = stored
        return cls(Kind(kind), name, detail)


def version_node(model: str, number: int) -> Node:
    return Node(Kind.VERSION, model, str(number))


def place_node(model: str, target: str) -> Node:
    return Node(Kind.PLACE, model, target)


def dataset_node(name: str, digest: str | None = None, version: str | None = None) -> Node:
    """A dataset in the state that its digest says, or else its version. Without both: in whatever state it is."""
    detail = _DIGEST + digest if digest else _VERSION + version if version else ""
    return Node(Kind.DATASET, name, detail)


def may_see(node: Node, may_read: Callable[[str], bool]) -> bool:
    """Whether somebody who may read some models may know which node this is."""
    return node.model is None or may_read(node.model)


@dataclass(frozen=True, slots=True)
class DatasetAsked:
    """A dataset by its name, its digest, or both. Raises InvalidInputError without either."""

    name: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        if not (self.name or self.digest):
            raise InvalidInputError("Name a dataset, or give the digest of one.")

    def is_at(self, node: Node) -> bool:
        """Whether the node is this dataset. What is not asked for is not looked at."""
        if node.kind is not Kind.DATASET:
            return False
        return self.name in (None, node.name) and (self.digest is None or node.detail == _DIGEST + self.digest)


def _hashed(reference: Sequence[str], characters: int) -> str:
    digest = hashlib.sha256(canonical_json(list(reference)).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:characters]
