"""Importing a bill of materials: it fills what the model's card lacks, and may not contradict the version's files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.bom.material import KEPT
from chalicelib.domain.bom.reading import ReadBom
from chalicelib.domain.cards import decisions as cards
from chalicelib.domain.cards.card import EXTRA, Card
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import ConflictError, Problem
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version


class BomMismatchError(ConflictError):
    """The bill of materials lists other bytes than the version has."""

    code = "bom_mismatch"
    title = "Bill of materials mismatch"


@dataclass(frozen=True, slots=True)
class ImportedBom:
    """What became of an import.

    ``taken`` is what the card now says as the document does, ``kept`` what it says otherwise. Both name sections and
    fields, such as ``sections/intended_use``. ``left`` is what a card has no room for, in words.
    """

    card: Card
    taken: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]


def import_bom(
    model: Model, version: Version, files: Sequence[File], card: Card, read: ReadBom, stamp: Stamp
) -> Outcome[ImportedBom]:
    """Fill the sections and fields of the card that are empty. What somebody has written stays.

    The version itself is not changed: what it was made of was fixed when it was registered. Raises BomMismatchError,
    InvalidInputError, BodyTooLargeError.
    """
    _check_hashes(version, files, read)
    sections = {name: text for name, text in read.sections.items() if name not in card.sections}
    fields = {name: value for name, value in read.fields.items() if name not in card.fields}
    extra = card.fields.get(EXTRA) or {}
    if EXTRA in read.fields and KEPT not in extra:
        fields[EXTRA] = {**extra, **read.fields[EXTRA]}
    outcome = cards.update(model, card, CardChange(sections, fields), stamp)
    return outcome.map(lambda saved: imported(saved, read))


def imported(card: Card, read: ReadBom) -> ImportedBom:
    """What a card says of what a document says."""
    said = {name: _says(card, name, value) for name, value in _said(read)}
    return ImportedBom(
        card,
        tuple(name for name, same in said.items() if same),
        tuple(name for name, same in said.items() if not same),
        read.left,
    )


def _said(read: ReadBom) -> Iterator[tuple[str, Any]]:
    for name, text in read.sections.items():
        yield f"sections/{name}", text
    for name, value in read.fields.items():
        if name == EXTRA:
            yield f"fields/{EXTRA}/{KEPT}", value[KEPT]
        else:
            yield f"fields/{name}", value


def _says(card: Card, name: str, value: Any) -> bool:
    kind, _, rest = name.partition("/")
    place: Mapping[str, Any] = card.sections if kind == "sections" else card.fields
    if rest == f"{EXTRA}/{KEPT}":
        return bool((place.get(EXTRA) or {}).get(KEPT) == value)
    return bool(place.get(rest) == value)


def _check_hashes(version: Version, files: Sequence[File], read: ReadBom) -> None:
    problems = list(_contradictions(version, files, read))
    if problems:
        raise BomMismatchError(
            f"The bill of materials is not about version {version.number} of {version.model!r}: "
            f"{problems[0].pointer} {problems[0].message}.",
            problems,
        )


def _contradictions(version: Version, files: Sequence[File], read: ReadBom) -> Iterator[Problem]:
    by_path = {file.path: file.sha256 for file in files}
    known = set(by_path.values())
    for file in read.files:
        present = by_path.get(file.path)
        if present is not None and present != file.sha256:
            yield Problem(file.pointer, f"has another SHA-256 than the file {file.path!r}")
        elif present is None and file.sha256 not in known:
            yield Problem(file.pointer, f"lists {file.path!r}, but no file has this name or SHA-256")
    if read.hashes and not known.union([version.digest]).intersection(read.hashes):
        yield Problem(f"{read.pointer}/hashes", "are not the SHA-256 of any file of the version, nor its digest")
