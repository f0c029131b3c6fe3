"""Evaluations: sets of metrics measured on a version, as a whole and by group of the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant, later

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
    """The metrics of one group of the data, such as ``{"country": "FR", "age": "18-25"}``."""

    group: Mapping[str, Scalar]
    metrics: Mapping[str, float]

    @property
    def key(self) -> str:
        """The group as canonical JSON."""
        return canonical_json(self.group)

    def document(self) -> dict[str, Any]:
        return {"group": dict(self.group), "metrics": dict(self.metrics)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The latest evaluation of a name. ``revision`` is that of the model when it was recorded."""

    kind: Kind
    metrics: Mapping[str, float]
    slices: tuple[Slice, ...]
    dataset: Mapping[str, str] | None
    measured_at: Instant
    reported_at: Instant
    reported_by: str
    revision: int = 0

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "metrics": dict(self.metrics),
            "slices": [part.document() for part in self.slices],
            "dataset": None if self.dataset is None else dict(self.dataset),
            "measured_at": self.measured_at,
            "reported_at": self.reported_at,
            "reported_by": self.reported_by,
        }


@dataclass(frozen=True, slots=True)
class Evaluations(Latest[Evaluation], kind="evaluations"):
    """The latest evaluation of each name of a version."""


def metrics(given: Mapping[str, float]) -> dict[str, float]:
    """At least one metric, with the limits of ``documents.metrics``. Raises InvalidInputError."""
    if not given:
        raise _invalid("/metrics", "must name at least one metric")
    return documents.metrics(given)


def slices(given: Sequence[Slice]) -> tuple[Slice, ...]:
    """At most 200 slices of different groups, each with at least one metric. Raises InvalidInputError."""
    if len(given) > MAX_SLICES:
        raise _invalid("/slices", f"has more than {MAX_SLICES} entries")
    seen: set[str] = set()
    for index, part in enumerate(given):
        _check_group(part.group, f"/slices/{index}/group")
        if not part.metrics:
            raise _invalid(f"/slices/{index}/metrics", "must name at least one metric")
        documents.metrics(part.metrics, f"/slices/{index}/metrics")
        if part.key in seen:
            raise _invalid(f"/slices/{index}/group", "is the same as the group of an earlier slice")
        seen.add(part.key)
    return tuple(given)


def dataset(given: Mapping[str, str] | None) -> dict[str, str] | None:
    """The data set of an evaluation: ``name``, and ``version`` and ``digest`` if known. Raises InvalidInputError."""
    if given is None:
        return None
    for field, text in given.items():
        if field not in ("name", "version", "digest"):
            raise _invalid(f"/dataset/{field}", "is not a field of a dataset")
        if not 1 <= len(text) <= MAX_DATASET_TEXT:
            raise _invalid(f"/dataset/{field}", f"must have 1 to {MAX_DATASET_TEXT} characters")
    if "name" not in given:
        raise _invalid("/dataset/name", "is required")
    return dict(given)


def measured_at(given: Instant | None, now: Instant) -> Instant:
    """When it was measured; now, if not given. Raises InvalidInputError for a time more than 5 minutes ahead.

    With a time in the future, an evaluation would count as recent for too long.
    """
    if given is None:
        return now
    if given > later(now, CLOCK_SKEW):
        raise _invalid("/measured_at", "lies in the future")
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


def _check_group(group: Mapping[str, Scalar], pointer: str) -> None:
    if not 1 <= len(group) <= MAX_GROUP:
        raise _invalid(pointer, f"must have 1 to {MAX_GROUP} entries")
    documents.parameters(group, pointer)
    for name, value in group.items():
        if isinstance(value, str) and len(value) > MAX_GROUP_VALUE:
            raise _invalid(f"{pointer}/{name}", f"has more than {MAX_GROUP_VALUE} characters")


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
