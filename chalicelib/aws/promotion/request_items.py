"""Transition requests to items and back."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.promotion.open_requests import open_place
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.transition_request import State, TransitionRequest, Vote, request_document


def request_item(request: TransitionRequest) -> Item:
    """The request. An open one is in the index of open requests, and with a due date in the keeper's."""
    attributes = body(request_document(request)) | open_place(request)
    if request.due_at is not None and not request.state.closed:
        attributes |= due(request.model, request.due_at)
    return item(keys.request(request.model, request.number), attributes)


def request_from(stored: Item) -> TransitionRequest:
    document = document_from(stored)
    votes = tuple(
        Vote(**{**known_fields(Vote, vote), "roles": tuple(vote["roles"]), "groups": tuple(vote["groups"])})
        for vote in document["votes"]
    )
    return TransitionRequest(
        **{
            **known_fields(TransitionRequest, document),
            "state": State(document["state"]),
            "reviewers": tuple(document["reviewers"]),
            "authors": tuple(document.get("authors", ())),
            "votes": votes,
        }
    )


def _item(_: Model, request: TransitionRequest) -> Item:
    return request_item(request)


CODECS: Final = (
    Codec(
        TransitionRequest,
        lambda model, number: (keys.request(model, number),),
        _item,
        request_from,
        prefix=keys.REQUEST_PREFIX,
    ),
)
