"""Evaluations: sets of metrics measured on a version, offline, online or of the system, as a whole and by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.instants import Instant, later

Scalar: TypeAlias = str | int | float | bool

MAX_EVALUATIONS: Final = 50
MAX_SLICES: Final = 200
MAX_GROUP: Final = 10
MAX_GROUP_VALUE: Final = 250
MAX_DATASET_TEXT: Final = 2_048
# All evaluations of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024
# How far the clock of whoever measured may run ahead of the registry's.
CLOCK_SKEW: Final = timedelta(minutes=5)


class Kind(StrEnum):
    """On a data set kept aside, on live traffic, or of the system that serves (latency, cost)."""

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
        """The group, in one spelling."""
        return canonical_json(self.group)

    def document(self) -> dict[str, Any]:
        return {"group": dict(self.group), "metrics": dict(self.metrics)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The latest evaluation of one name. ``revision`` is the model's when it was recorded."""

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


def metrics(given: Mapping[str, float]) -> dict[str, float]:
    """At least one metric, each within the bounds of a version's own."""
    if not given:
        raise _invalid("/metrics", "must name at least one metric")
    return documents.metrics(given)


def slices(given: Sequence[Slice]) -> tuple[Slice, ...]:
    """At most 200 slices of distinct groups, each with at least one metric."""
    if len(given) > MAX_SLICES:
        raise _invalid("/slices", f"has more than {MAX_SLICES} entries")
    seen: set[str] = set()
    for index, part in enumerate(given):
        _check_group(part.group, f"/slices/{index}/group")
        if not part.metrics:
            raise _invalid(f"/slices/{index}/metrics", "must name at least one metric")
        documents.metrics(part.metrics, f"/slices/{index}/metrics")
        if part.key in seen:
            raise _invalid(f"/slices/{index}/group", "is the group of an earlier slice too")
        seen.add(part.key)
    return tuple(given)


def dataset(given: Mapping[str, str] | None) -> dict[str, str] | None:
    """What was measured on: a name, and a version or digest where it has one."""
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
    """When it was measured; now, if nobody says. A time to come would pass for fresh longer than it is."""
    if given is None:
        return now
    if given > later(now, CLOCK_SKEW):
        raise _invalid("/measured_at", "lies in the future")
    return given


def bounded(evaluations: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """The evaluations of a version, unless they are too many or too large to be kept. Raises LimitExceededError."""
    if len(evaluations) > MAX_EVALUATIONS:
        raise LimitExceededError(f"A version has at most {MAX_EVALUATIONS} evaluations; withdraw one first.")
    size = len(canonical_json({name: found.document() for name, found in evaluations.items()}).encode())
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
