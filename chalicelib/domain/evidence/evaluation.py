"""Evaluations: sets of metrics measured on a version, as a whole and by group of the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.evidence import confusion
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.evidence.measure import Measure, count, invalid, measure_documents, measures
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.record import WHOLE
from chalicelib.domain.statistics.confusion import Confusion

Scalar: TypeAlias = str | int | float | bool

MAX_EVALUATIONS: Final = 50
MAX_SLICES: Final = 200
MAX_GROUP: Final = 10
MAX_GROUP_VALUE: Final = 250
MAX_DATASET_TEXT: Final = 2_048
# All evaluations of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024
# How far the reporter's clock may be ahead of the registry's.
CLOCK_SKEW: Final = timedelta(minutes=5)


class Kind(StrEnum):
    """What was measured: the model on a held-out data set, the model on live traffic, or the system (latency, cost)."""

    OFFLINE = "offline"
    ONLINE = "online"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Slice:
    """The metrics of one group of the data, such as ``{"country": "FR", "age": "18-25"}``.

    ``n`` is the number of examples in the group, and ``counts`` how a classifier did on them. ``measures`` says of some
    metrics what their values rest on.
    """

    group: Mapping[str, Scalar]
    metrics: Mapping[str, float]
    n: int | None = None
    counts: Confusion | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The group as canonical JSON."""
        return canonical_json(self.group)

    def document(self) -> dict[str, Any]:
        """The group and its metrics, and the rest as far as it was given."""
        rest = {
            "n": self.n,
            "counts": None if self.counts is None else self.counts.document(),
            "measures": measure_documents(self.measures, self.metrics) or None,
        }
        known = {name: part for name, part in rest.items() if part is not None}
        return {"group": dict(self.group), "metrics": dict(self.metrics), **known}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The latest evaluation of a name. ``revision`` is that of the model when it was recorded.

    ``measures`` says of some metrics what their values rest on, and ``paired`` compares with another version.
    ``person``, ``roles`` and ``claims`` say who ``reported_by`` was then, as ``Reporter`` does.
    """

    kind: Kind
    metrics: Mapping[str, float]
    slices: tuple[Slice, ...]
    dataset: Mapping[str, str] | None
    measured_at: Instant
    reported_at: Instant
    reported_by: str
    revision: int = 0
    # One fact as a whole: a fact for each number of each metric would not fit the event.
    measures: Mapping[str, Measure] = field(default_factory=dict, metadata=WHOLE)
    paired: Paired | None = None
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "metrics": dict(self.metrics),
            "measures": measure_documents(self.measures, self.metrics),
            "slices": [part.document() for part in self.slices],
            "dataset": None if self.dataset is None else dict(self.dataset),
            "paired": None if self.paired is None else self.paired.document(),
            "measured_at": self.measured_at,
            "reported_at": self.reported_at,
            "reported_by": self.reported_by,
            "person": self.person,
            "roles": list(self.roles),
            "claims": {name: list(values) for name, values in self.claims.items()},
        }


@dataclass(frozen=True, slots=True)
class Evaluations(Latest[Evaluation], kind="evaluations"):
    """The latest evaluation of each name of a version."""


def metrics(given: Mapping[str, float]) -> dict[str, float]:
    """At least one metric, with the limits of ``documents.metrics``. Raises InvalidInputError."""
    if not given:
        raise invalid("/metrics", "must name at least one metric")
    return documents.metrics(given)


def slices(given: Sequence[Slice]) -> tuple[Slice, ...]:
    """At most 200 slices of different groups, each with at least one metric or its counts. Raises InvalidInputError."""
    if len(given) > MAX_SLICES:
        raise invalid("/slices", f"has more than {MAX_SLICES} entries")
    seen: set[str] = set()
    checked = []
    for index, part in enumerate(given):
        checked.append(_slice(part, f"/slices/{index}"))
        if part.key in seen:
            raise invalid(f"/slices/{index}/group", "is the same as the group of an earlier slice")
        seen.add(part.key)
    return tuple(checked)


def dataset(given: Mapping[str, str] | None) -> dict[str, str] | None:
    """The data set of an evaluation: ``name``, and ``version`` and ``digest`` if known. Raises InvalidInputError."""
    if given is None:
        return None
    for part, text in given.items():
        if part not in ("name", "version", "digest"):
            raise invalid(f"/dataset/{part}", "is not a field of a dataset")
        if not 1 <= len(text) <= MAX_DATASET_TEXT:
            raise invalid(f"/dataset/{part}", f"must have 1 to {MAX_DATASET_TEXT} characters")
    if "name" not in given:
        raise invalid("/dataset/name", "is required")
    return dict(given)


def measured_at(given: Instant | None, now: Instant) -> Instant:
    """When it was measured; now, if not given. Raises InvalidInputError for a time more than 5 minutes ahead.

    With a time in the future, an evaluation would count as recent for too long.
    """
    if given is None:
        return now
    if given > later(now, CLOCK_SKEW):
        raise invalid("/measured_at", "lies in the future")
    return given


def bounded(evaluations: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """The evaluations of a version by name. Raises LimitExceededError for more than 50, or over 128 KiB as JSON."""
    if len(evaluations) > MAX_EVALUATIONS:
        raise LimitExceededError(f"A version has at most {MAX_EVALUATIONS} evaluations; withdraw one first.")
    size = len(canonical_json({name: evaluation.document() for name, evaluation in evaluations.items()}).encode())
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"The evaluations of a version would take {size} bytes of at most {MAX_BYTES}; withdraw one first, "
            "or put large reports among the version's files."
        )
    return dict(evaluations)


def _slice(part: Slice, pointer: str) -> Slice:
    _check_group(part.group, f"{pointer}/group")
    if not part.metrics and part.counts is None:
        raise invalid(f"{pointer}/metrics", "must name at least one metric, or the slice must have counts")
    documents.metrics(part.metrics, f"{pointer}/metrics")
    if part.n is not None:
        count(part.n, f"{pointer}/n", least=1)
    if part.counts is not None:
        confusion.check(part.counts, part.n, f"{pointer}/counts")
    known = measures(part.measures, part.metrics, f"{pointer}/metrics")
    examples = part.n if part.counts is None else part.counts.n
    for name, one in known.items():
        if examples is not None and one.n is not None and one.n > examples:
            raise invalid(f"{pointer}/metrics/{name}/n", f"is {one.n}, but the slice has {examples} examples")
    return replace(part, measures=known)


def _check_group(group: Mapping[str, Scalar], pointer: str) -> None:
    if not 1 <= len(group) <= MAX_GROUP:
        raise invalid(pointer, f"must have 1 to {MAX_GROUP} entries")
    documents.parameters(group, pointer)
    for name, value in group.items():
        if isinstance(value, str) and len(value) > MAX_GROUP_VALUE:
            raise invalid(f"{pointer}/{name}", f"has more than {MAX_GROUP_VALUE} characters")
