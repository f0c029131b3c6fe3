"""A version's evaluations to an item and back."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice


def evaluations_item(model: str, number: int, evaluations: Mapping[str, Evaluation]) -> Item:
    body = {name: {**found.document(), "revision": found.revision} for name, found in evaluations.items()}
    return item(keys.evaluations(model, number), {"body": canonical_json(body)})


def evaluations_from(stored: Item) -> dict[str, Evaluation]:
    return {name: _evaluation(found) for name, found in json.loads(str(stored["body"])).items()}


def _evaluation(stored: dict[str, Any]) -> Evaluation:
    slices = tuple(Slice(**part) for part in stored.pop("slices"))
    return Evaluation(kind=Kind(stored.pop("kind")), slices=slices, **stored)
