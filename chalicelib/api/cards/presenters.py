"""Model cards and comments as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.cards.card import Card
    from chalicelib.domain.cards.comment import Comment


def card_document(model: str, card: Card) -> dict[str, Any]:
    return {
        "model": model,
        "revision": card.revision,
        "digest": card.digest,
        **card.document(),
        "updated_at": card.updated_at,
        "updated_by": card.updated_by,
    }


def card_revision_document(card: Card) -> dict[str, Any]:
    return {
        "revision": card.revision,
        "digest": card.digest,
        "changed": list(card.changed),
        "updated_at": card.updated_at,
        "updated_by": card.updated_by,
    }


def comment_document(comment: Comment) -> dict[str, Any]:
    return comment.document()
