"""Comments to items and back."""

from collections.abc import Iterable
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.access.quota_items import count_write
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.cards.comment import Comment, parse_id
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.limits import Quota
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


def creation_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Counts each new comment for whoever wrote it."""
    new = [one for one in settlement.of(Comment) if one.before is None]
    return [count_write(table, settlement.stamp, Quota.COMMENTS) for _ in new]


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
