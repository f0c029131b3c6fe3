"""What events tell of the evaluations that were recorded, each of which is kept for good."""

from collections.abc import Iterator, Mapping
from typing import Final

from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations
from chalicelib.domain.evidence.recorded import Recorded
from chalicelib.domain.ledger.facts import NEW, Facts, Saved, place, short
from chalicelib.domain.ledger.settlement import Settlement

KIND: Final = "recorded-evaluation"


def recorded_in(settlement: Settlement) -> Iterator[Recorded]:
    """The evaluations that a change records, and those that it withdraws, which say by whom and when."""
    stamp = settlement.stamp
    for difference in settlement.of(Evaluations):
        former: Mapping[str, Evaluation] = {} if difference.before is None else difference.before.by_name
        present: Mapping[str, Evaluation] = difference.after.by_name
        version = difference.after.version
        for name, evaluation in present.items():
            if evaluation != former.get(name):
                yield Recorded(name, version, evaluation)
        for name, evaluation in former.items():
            if name not in present:
                yield Recorded(name, version, evaluation, stamp.time, stamp.actor)


def recorded_place(recorded: Recorded) -> str:
    """The place of an evaluation in the history of its name."""
    return place(KIND, recorded.name, recorded.version, recorded.evaluation.revision)


def recorded_facts(recorded: Recorded) -> Facts:
    """The whole entry as one fact, which is the digest of a long one."""
    return {"evaluation": short(recorded.document())}


def tell_recorded(settlement: Settlement) -> Mapping[str, Saved]:
    """The entries of histories that a change makes, or completes with who withdrew them."""
    return {recorded_place(one): {NEW: recorded_facts(one)} for one in recorded_in(settlement)}
