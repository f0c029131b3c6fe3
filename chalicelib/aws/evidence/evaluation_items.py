"""A version's evaluations to an item and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations, Kind, Slice
from chalicelib.domain.models.model import Model


def _item(model: Model, evaluations: Evaluations) -> Item:
    document = {name: {**one.document(), "revision": one.revision} for name, one in evaluations.by_name.items()}
    return item(keys.evaluations(model.name, evaluations.version), body(document))


def _evaluations_from(stored: Item) -> Evaluations:
    found = {name: _evaluation(one) for name, one in document_from(stored).items()}
    return Evaluations(keys.number_of(stored), found)


def _evaluation(stored: dict[str, Any]) -> Evaluation:
    slices = tuple(Slice(**known_fields(Slice, part)) for part in stored["slices"])
    return Evaluation(**{**known_fields(Evaluation, stored), "kind": Kind(stored["kind"]), "slices": slices})


CODECS: Final = (
    Codec(
        Evaluations,
        lambda model, number: (keys.evaluations(model, number),),
        _item,
        _evaluations_from,
        prefix=keys.of_versions("evaluations"),
    ),
)
