"""Comments to items and back."""

import json

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.cards.comment import Comment, parse_id


def comment_item(model: str, comment: Comment) -> Item:
    subject, sequence = parse_id(comment.id)
    return item(
        keys.comment(model, str(subject), sequence),
        {"body": canonical_json(comment.document()), "revision": comment.revision},
    )


def comment_from(stored: Item) -> Comment:
    body = json.loads(str(stored["body"]))
    del body["version"], body["request"]  # for readers of the document; the id says it all
    return Comment(subject=parse_id(body["id"])[0], revision=int(stored["revision"]), **body)
