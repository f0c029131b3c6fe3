"""Evaluations to items and back: the latest of each name of a version in one item, and all that were recorded."""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.evidence.reporter_fields import reporter_fields
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import SORT_KEY
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations, Kind, Slice
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.evidence.recorded import Recorded
from chalicelib.domain.evidence.telling import recorded_in
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.statistics.confusion import Confusion


def _item(model: Model, evaluations: Evaluations) -> Item:
    document = {name: {**one.document(), "revision": one.revision} for name, one in evaluations.by_name.items()}
    return item(keys.evaluations(model.name, evaluations.version), body(document))


def recorded_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Keep each evaluation that was recorded, and say of one that was withdrawn by whom and when."""
    for recorded in recorded_in(settlement):
        yield table.put_write(_recorded_item(settlement.after.name, recorded))


def recorded_from(stored: Item) -> Recorded:
    """An evaluation as it was recorded."""
    document = document_from(stored)
    at = document["withdrawn_at"]
    return Recorded(
        document["name"],
        keys.evaluated_version(str(stored[SORT_KEY])),
        _evaluation(document),
        None if at is None else Instant(at),
        document["withdrawn_by"],
    )


def _recorded_item(model: str, recorded: Recorded) -> Item:
    evaluation = recorded.evaluation
    key = keys.evaluated(model, recorded.name, recorded.version, evaluation.revision)
    return item(key, body({**recorded.document(), "revision": evaluation.revision}))


def evaluations_from(stored: Item) -> Evaluations:
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
            **reporter_fields(stored),
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
        evaluations_from,
        prefix=keys.of_versions("evaluations"),
    ),
)
