"""The golden files of a release: the items that it wrote, and how it answered requests about them.

- ``items.json``: the whole table, sorted by key.
- ``release.json``: when the items were written, and the credentials of callers.
- ``answers.json``: one request with its answer on each line.
- ``writes.json``: one change on each line that later releases must still make.

``before_0_1`` belongs to no release. Its items were made by hand. They lack every field that was added to their kind
during the development of 0.1 and that has a default for readers.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalicelib.aws.services import Services
from tests.simulation import replace_items

HERE = Path(__file__).parent
# Test names show at most so many characters of a body.
_SHOWN = 60


@dataclass(frozen=True)
class Asked:
    """A request. ``by`` names one of the release's callers; without it the bootstrap administrator asks."""

    path: str
    method: str = "GET"
    query: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    key: str | None = None
    by: str | None = None

    def __str__(self) -> str:
        query = "" if self.query is None else f"?{urlencode(self.query)}"
        body = "" if self.body is None else f" {json.dumps(self.body)[:_SHOWN]}"
        by = "" if self.by is None else f" by {self.by}"
        return f"{self.method} {self.path}{query}{body}{by}"

    def document(self) -> dict[str, Any]:
        """The fields that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Written:
    """A write, the status it must get, and the event it must add to ``ledger``. ``event`` is None if it adds none.

    ``ledger`` is None for writes outside every ledger.
    """

    asked: Asked
    status: int
    ledger: str | None = None
    event: str | None = None

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "asked": self.asked.document()}


@dataclass(frozen=True)
class Release:
    """A folder of golden files."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def items(self) -> list[dict[str, str | int]]:
        return self._read("items")

    @property
    def time(self) -> str:
        """When the answers were given."""
        return self._read("release")["time"]

    @cached_property
    def callers(self) -> dict[str, Any]:
        """The credential of each caller: a token, an ARN, or the principal that the authorizer would give."""
        return self._read("release")["callers"]

    @property
    def answers(self) -> list[tuple[Asked, Any]]:
        """Each request with its answer."""
        return [(Asked(**one["asked"]), one["answer"]) for one in self._read("answers")]

    @property
    def writes(self) -> list[Written]:
        return [Written(**{**one, "asked": Asked(**one["asked"])}) for one in self._read("writes")]

    def save(self, name: str, content: object) -> None:
        """Write a document, pretty-printed."""
        self._write(name, json.dumps(content, indent=1, ensure_ascii=False))

    def save_lines(self, name: str, content: Sequence[object]) -> None:
        """Write a list, one entry a line."""
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in content)
        self._write(name, f"[\n{lines}\n]")

    def _read(self, name: str) -> Any:
        return json.loads(self.folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))

    def _write(self, name: str, text: str) -> None:
        self.folder.joinpath(f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def releases() -> list[Release]:
    """Every release that has golden files, by name."""
    return [Release(found.parent) for found in sorted(HERE.glob("*/items.json"))]


def dumped(registry: Services) -> list[dict[str, str | int]]:
    """All items of the table, sorted by key."""
    pages = registry.client("dynamodb").get_paginator("scan").paginate(TableName=registry.settings.table)
    items = [_plain(item) for page in pages for item in page["Items"]]
    return sorted(items, key=lambda item: (str(item["PK"]), str(item["SK"])))


def load(registry: Services, release: Release) -> None:
    """Replace the items of the table with those of a release."""
    region = registry.client("dynamodb").meta.region_name
    replace_items(region, registry.settings.table, [_typed(item) for item in release.items])


def _plain(item: dict[str, dict[str, str]]) -> dict[str, str | int]:
    plain = {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}
    return dict(sorted(plain.items(), key=lambda one: (one[0] not in ("PK", "SK"), one[0])))


def _typed(item: dict[str, str | int]) -> dict[str, dict[str, str]]:
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}
