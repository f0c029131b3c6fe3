"""A model's scheme to an item. What is read back is the document: ``item.document_from``."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.names import FOLLOWED_SCHEME, FOLLOWING_MODEL
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json


def scheme_item(model: str, document: Mapping[str, Any], follows: bool) -> Item:
    """In the index of followers while the model is to be given later versions of the scheme."""
    attributes: Item = {"body": canonical_json(document)}
    if follows:
        attributes |= {FOLLOWED_SCHEME: document["name"], FOLLOWING_MODEL: model}
    return item(keys.scheme(model), attributes)
