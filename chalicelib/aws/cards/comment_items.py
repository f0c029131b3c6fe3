"""Comments to items and back."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.cards.comment import Comment, parse_id
from chalicelib.domain.models.model import Model


def comment_key(model: str, comment_id: str) -> Key:
    """Where a comment lies. Raises CommentNotFoundError for what is no id."""
    subject, sequence = parse_id(comment_id)
    return keys.comment(model, str(subject), sequence)


def comment_from(stored: Item) -> Comment:
    document = document_from(stored)
    subject, _ = parse_id(document["id"])
    return Comment(
        **{**known_fields(Comment, document), "subject": subject, "revision": int(stored["revision"])},
    )


def _item(model: Model, comment: Comment) -> Item:
    return item(comment_key(model.name, comment.id), {**body(comment.document()), "revision": comment.revision})


CODECS: Final = (
    Codec(
        Comment,
        lambda model, comment_id: (comment_key(model, comment_id),),
        _item,
        comment_from,
        prefix=keys.COMMENT_PREFIX,
    ),
)
