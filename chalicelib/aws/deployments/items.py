"""Deployments, places and withdrawals to items and back."""

from dataclasses import asdict
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import POSITION, TERM
from chalicelib.aws.table import Item
from chalicelib.domain.deployments.deployment import Cause, Deployment, Status, document
from chalicelib.domain.deployments.place import Place, Serving, Withdrawal
from chalicelib.domain.models.model import Model
from chalicelib.domain.search import sort_keys


def deployment_from(stored: Item) -> Deployment:
    found = document_from(stored)
    return Deployment(
        **{
            **known_fields(Deployment, found),
            "status": Status(found["status"]),
            "cause": Cause(**known_fields(Cause, found["cause"])),
        }
    )


def place_from(stored: Item) -> Place:
    found = document_from(stored)
    serving = found["serving"]
    return Place(
        **{
            **known_fields(Place, found),
            "serving": None if serving is None else Serving(**known_fields(Serving, serving)),
        }
    )


def _withdrawal_from(stored: Item) -> Withdrawal:
    return Withdrawal(**known_fields(Withdrawal, document_from(stored)))


def index_place(model: str, place: Place) -> Item:
    """The attributes by which the places of a target are found, by the names of their models."""
    return {TERM: keys.term_of_target(place.target), POSITION: sort_keys.name_part(model)}


def _deployment_item(_: Model, deployment: Deployment) -> Item:
    return item(keys.deployment(deployment.model, deployment.number), body(document(deployment)))


def _place_item(model: Model, place: Place) -> Item:
    """The place. While a deployment may be carried out there, the keeper looks when it is to be given up."""
    attributes = body(asdict(place)) | index_place(model.name, place)
    if place.due_at is not None:
        attributes |= due(model.name, place.due_at)
    return item(keys.place(model.name, place.target), attributes)


def _withdrawal_item(model: Model, withdrawal: Withdrawal) -> Item:
    return item(keys.withdrawal(model.name, withdrawal.target), body(asdict(withdrawal)))


CODECS: Final = (
    Codec(
        Deployment,
        lambda model, number: (keys.deployment(model, number),),
        _deployment_item,
        deployment_from,
        prefix=keys.DEPLOYMENT_PREFIX,
    ),
    Codec(
        Place,
        lambda model, target: (keys.place(model, target),),
        _place_item,
        place_from,
        prefix=keys.PLACE_PREFIX,
    ),
    Codec(
        Withdrawal,
        lambda model, target: (keys.withdrawal(model, target),),
        _withdrawal_item,
        _withdrawal_from,
        prefix=keys.WITHDRAWAL_PREFIX,
    ),
)
