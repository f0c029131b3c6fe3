"""A version's evaluations to an item and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.evidence.confusion import Confusion
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations, Kind, Slice
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.directions import Direction


def _item(model: Model, evaluations: Evaluations) -> Item:
    document = {name: {**one.document(), "revision": one.revision} for name, one in evaluations.by_name.items()}
    return item(keys.evaluations(model.name, evaluations.version), body(document))


def _evaluations_from(stored: Item) -> Evaluations:
    found = {name: _evaluation(one) for name, one in document_from(stored).items()}
    return Evaluations(keys.number_of(stored), found)


def _evaluation(stored: dict[str, Any]) -> Evaluation:
    paired = stored.get("paired")
    return Evaluation(
        **{
            **known_fields(Evaluation, stored),
            "kind": Kind(stored["kind"]),
            "slices": tuple(_slice(part) for part in stored["slices"]),
            "measures": _measures(stored),
            "paired": None if paired is None else Paired(**known_fields(Paired, paired)),
        }
    )


def _slice(stored: dict[str, Any]) -> Slice:
    counts = stored.get("counts")
    return Slice(
        **{
            **known_fields(Slice, stored),
            "counts": None if counts is None else Confusion(**known_fields(Confusion, counts)),
            "measures": _measures(stored),
        }
    )


def _measures(stored: dict[str, Any]) -> dict[str, Measure]:
    """The measures of an evaluation or a slice. Those of earlier releases have none."""
    return {name: _measure(one) for name, one in stored.get("measures", {}).items()}


def _measure(stored: dict[str, Any]) -> Measure:
    interval, direction = stored.get("interval"), stored.get("direction")
    return Measure(
        **{
            **known_fields(Measure, stored),
            "interval": None if interval is None else MeasuredInterval(**known_fields(MeasuredInterval, interval)),
            "direction": None if direction is None else Direction(direction),
        }
    )


CODECS: Final = (
    Codec(
        Evaluations,
        lambda model, number: (keys.evaluations(model, number),),
        _item,
        _evaluations_from,
        prefix=keys.of_versions("evaluations"),
    ),
)
