"""Transition requests to items and back."""

import json

from chalicelib.aws import keys
from chalicelib.aws.item import due, item
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.promotion.transition_request import TransitionRequest, request_document, request_from_document


def request_item(request: TransitionRequest) -> Item:
    attributes: Item = {"body": canonical_json(request_document(request))}
    if request.due_at is not None and not request.state.closed:
        attributes |= due(request.model, request.due_at)
    return item(keys.request(request.model, request.number), attributes)


def request_from(stored: Item) -> TransitionRequest:
    return request_from_document(json.loads(str(stored["body"])))
