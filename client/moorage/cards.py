"""Model cards: read and write them, list their revisions, import and export Hugging Face's README.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moorage import card_document, paths
from moorage.card_document import CardContent
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing


@dataclass(frozen=True, slots=True)
class Card:
    """A revision of a model's card.

    ``sections`` maps section names to Markdown; ``fields`` are for programs. Pass ``etag`` as ``if_match``.
    """

    model: str
    revision: int
    digest: str
    sections: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None
    updated_by: str | None = None
    etag: str | None = None

    def _repr_html_(self) -> str:
        from moorage.notebook import card_html

        return card_html(self)


@dataclass(frozen=True, slots=True)
class CardRevision:
    """Who changed a card, when and where. ``changed`` lists sections and fields, such as ``sections/factors``."""

    revision: int
    digest: str
    changed: tuple[str, ...]
    updated_at: datetime
    updated_by: str


class Cards:
    """The card of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, model: str, *, revision: int | None = None) -> Card:
        """The latest revision of a card, or ``revision``. A card that nobody has written is an empty revision 0."""
        return self._connection.get(Card, _path(model), revision=revision)

    def set(
        self,
        model: str,
        sections: Mapping[str, str],
        fields: Mapping[str, Any] | None = None,
        *,
        if_match: str | None = None,
    ) -> Card:
        """Replace the whole card. Sections and fields that are not given are removed."""
        body = {"sections": dict(sections), "fields": dict(fields or {})}
        return decode(Card, self._connection.write("PUT", _path(model), body, if_match=if_match))

    def update(
        self,
        model: str,
        sections: Mapping[str, str | None] | None = None,
        fields: Mapping[str, Any] | None = None,
        *,
        if_match: str | None = None,
    ) -> Card:
        """Change single sections or fields. None removes one."""
        body = {"sections": dict(sections or {}), "fields": dict(fields or {})}
        return decode(Card, self._connection.write("PATCH", _path(model), body, if_match=if_match))

    def revisions(self, model: str, *, limit: int | None = None) -> Listing[CardRevision]:
        """The revisions of a card, newest first."""
        return self._connection.items(CardRevision, f"{_path(model)}/revisions", limit)

    def import_document(self, model: str, text: str, *, if_match: str | None = None) -> Card:
        """Replace the card with the content of a Hugging Face README.md.

        Raises InvalidRequestError if the front matter is not plain YAML.
        """
        content = card_document.parse(text)
        return self.set(model, content.sections, content.fields, if_match=if_match)

    def export_document(self, model: str, *, revision: int | None = None) -> str:
        """The card as a README.md with front matter."""
        return document(self.get(model, revision=revision))


def document(card: Card) -> str:
    """A card as a README.md with front matter."""
    return card_document.write(CardContent(card.sections, card.fields))


def _path(model: str) -> str:
    return f"{paths.model(model)}/card"
