"""Manifests to items and back.

A short list of files lies in one item, and is copied into aliases. A longer one is cut into parts, each an item that is
small enough to be read alone. Then the manifest's item, like each alias, holds only an outline: where each part begins,
and the SHA-256 of its text.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import FILE_LIST_ATTRIBUTES
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import RecordEditedError
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.manifest import File, Multipart, Proof

if TYPE_CHECKING:
    # The scanner reads lists of files and no models.
    from chalicelib.domain.models.model import Model

# Of the JSON text of files. What is shorter stays in one item, so that an alias alone serves it.
INLINE_BYTES: Final = 8 * 1024
# A file's entry takes at most about 4 KB, so the largest manifest (512 KB) has at most 42 parts: one transaction writes
# them with all that a version's registration or its becoming READY writes besides.
PART_BYTES: Final = 16 * 1024
# The attributes that hold an outline, here and in aliases.
OUTLINE_ATTRIBUTES: Final = FILE_LIST_ATTRIBUTES
_FILE_FIELDS: Final = tuple(field.name for field in fields(File))


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part begins: no path in it sorts before ``start``, and all paths of earlier parts do."""

    start: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outline(Record):
    """What one item knows of a version's files: their JSON text, or else the parts in which they lie.

    ``whole`` marks the long manifest of an early release: its only part is the manifest's item itself.
    """

    number: int
    text: str | None
    parts: tuple[Part, ...] = ()
    whole: bool = False

    @property
    def identity(self) -> Identity:
        return (Outline, self.number)

    @property
    def small(self) -> Outline:
        """The outline for an alias, which does not carry long lists of files."""
        if self.text is None or len(self.text.encode()) <= INLINE_BYTES:
            return self
        return Outline(self.number, None, (Part("", sha256_hex(self.text)),), whole=True)

    def attributes(self) -> Item:
        """The attributes of an item that holds the outline."""
        if self.text is not None:
            return {"files": self.text}
        stored: Item = {"parts": canonical_json([[part.start, part.sha256] for part in self.parts])}
        return {**stored, "whole": 1} if self.whole else stored

    def part_with(self, path: str) -> int:
        """The index of the part in which a path lies, if any has it."""
        return max(0, bisect_right(self.parts, path, key=lambda part: part.start) - 1)

    def key_of(self, model: str, index: int) -> Key:
        """Where a part lies."""
        return keys.manifest(model, self.number) if self.whole else keys.manifest_part(model, self.number, index)

    def files_in(self, model: str, index: int, found: Mapping[Key, Item]) -> tuple[File, ...]:
        """The files of a part that was read. Raises RecordEditedError if it is not the one that was outlined."""
        stored = found.get(self.key_of(model, index), {})
        text = str(stored.get("files", ""))
        if sha256_hex(text) != self.parts[index].sha256:
            raise RecordEditedError(
                f"Part {index + 1} of the list of files of version {self.number} of {model!r} is not the one that was "
                "saved. It was changed outside of the registry and is not served; see docs/audit.md."
            )
        return files_from(text)


def outlined(manifest: Manifest) -> tuple[Outline, tuple[str, ...]]:
    """The outline of a manifest, and the text of each part; none if the files fit into the outline."""
    text = manifest_body(manifest.files)
    if len(text.encode()) <= INLINE_BYTES:
        return Outline(manifest.number, text), ()
    groups = _grouped(manifest.files)
    texts = tuple(manifest_body(group) for group in groups)
    starts = ["", *(_start(before[-1].path, group[0].path) for before, group in pairwise(groups))]
    parts = tuple(Part(start, sha256_hex(text)) for start, text in zip(starts, texts, strict=True))
    return Outline(manifest.number, None, parts), texts


def outline_from(number: int, stored: Item) -> Outline:
    """The outline that a manifest's item or an alias holds, of any release."""
    if "files" in stored:
        return Outline(number, str(stored["files"]))
    parts = tuple(Part(start, sha256) for start, sha256 in json.loads(str(stored["parts"])))
    return Outline(number, None, parts, whole=bool(stored.get("whole", 0)))


def part_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write the parts of every manifest that is saved. Files only gain fields, so no part of before is left over."""
    for difference in settlement.of(Manifest):
        number, (_, texts) = difference.after.number, outlined(difference.after)
        yield from map(table.put_write, _part_items(settlement.after.name, number, texts))


def cut(model: str, number: int, files: Sequence[File], whole: Item) -> tuple[Outline, list[Item]]:
    """The outline of a long list that an early release stored as the item ``whole``, and all items that replace it."""
    outline, texts = outlined(Manifest(number, tuple(files)))
    kept = {name: value for name, value in whole.items() if name not in OUTLINE_ATTRIBUTES}
    return outline, [{**kept, **outline.attributes()}, *_part_items(model, number, texts)]


def manifest_body(files: Sequence[File]) -> str:
    """Files as the JSON text that items hold; what is not set is left out."""
    return canonical_json([_document(file) for file in files])


def files_from(text: str) -> tuple[File, ...]:
    """The files of a JSON text made by ``manifest_body``."""
    return tuple(_file(stored) for stored in json.loads(text))


def _part_items(model: str, number: int, texts: Sequence[str]) -> Iterator[Item]:
    for index, text in enumerate(texts):
        yield item(keys.manifest_part(model, number, index), {"files": text})


def _grouped(files: Sequence[File]) -> list[list[File]]:
    groups: list[list[File]] = [[]]
    size = 0
    for file in files:
        added = len(canonical_json(_document(file)).encode()) + 1
        if groups[-1] and size + added > PART_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(file)
        size += added
    return groups


def _start(last: str, first: str) -> str:
    """The shortest text after ``last``, the last path of a part, that ``first``, the next path, does not sort before.

    Paths may take a kilobyte each; what tells two parts apart seldom does.
    """
    alike = next(
        (index for index, (one, other) in enumerate(zip(last, first, strict=False)) if one != other), len(last)
    )
    return first[: alike + 1]


def _document(file: File) -> dict[str, Any]:
    # asdict copies every value, which takes most of the time of saving a thousand files.
    document = {name: value for name in _FILE_FIELDS if (value := getattr(file, name)) is not None}
    if file.multipart is not None:
        document["multipart"] = asdict(file.multipart)
    return document


def _file(stored: dict[str, Any]) -> File:
    multipart = stored.get("multipart")
    return File(
        **{
            **known_fields(File, stored),
            "verified": Proof(stored["verified"]),
            "multipart": None if multipart is None else Multipart(**known_fields(Multipart, multipart)),
        }
    )


def _manifest_item(model: Model, manifest: Manifest) -> Item:
    return item(keys.manifest(model.name, manifest.number), outlined(manifest)[0].attributes())


def _unread(stored: Item) -> Manifest:
    raise LookupError(f"the manifest {keys.number_of(stored)} is read by its outline, never from one item")


def _unsaved(_: Model, outline: Outline) -> Item:
    raise LookupError(f"the outline of version {outline.number} is saved with its manifest")


CODECS: Final = (
    # A manifest is saved whole and read by its outline: a single item need not hold all of it.
    Codec(Manifest, lambda *_: (), _manifest_item, _unread),
    Codec(
        Outline,
        lambda model, number: (keys.manifest(model, number),),
        _unsaved,
        lambda stored: outline_from(keys.number_of(stored), stored),
    ),
)
