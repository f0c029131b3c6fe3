"""Gates: the conditions of a transition, as a scheme states them. What each finds is in ``verdicts``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias


class Tier(StrEnum):
    """The risk of a model: how much goes wrong when it is wrong. Higher tiers can be given stricter gates."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class MetricGate:
    """A metric of the version reaches ``at_least``, stays at or under ``at_most``, or both."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class CompareGate:
    """A metric is better, by at least ``by``, than that of the version that holds a stage or an alias.

    ``if_absent`` says what holds when nobody is there to beat.
    """

    metric: str
    rival: str  # "stage:<name>" or "alias:<name>"
    by: float = 0
    higher_is_better: bool = True
    if_absent: bool = True


@dataclass(frozen=True, slots=True)
class CheckGate:
    """A named check that was reported from outside has passed, is not expired, and not too old."""

    check: str
    max_age_days: float | None = None


@dataclass(frozen=True, slots=True)
class DocumentationGate:
    """Sections of the model card have at least ``min_characters`` each."""

    sections: tuple[str, ...]
    min_characters: int = 1


@dataclass(frozen=True, slots=True)
class ProvenanceGate:
    """Fields that say where the version comes from are present."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationGate:
    """A named evaluation was recorded, recently enough, and its metric, if one is named, is good enough."""

    evaluation: str
    metric: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    max_age_days: float | None = None


@dataclass(frozen=True, slots=True)
class ConditionGate:
    """An expression in CEL over the documented variables is true."""

    expression: str


Condition: TypeAlias = (
    MetricGate | CompareGate | CheckGate | DocumentationGate | ProvenanceGate | EvaluationGate | ConditionGate
)

PROVENANCE_FIELDS: Final = ("author", "run", "datasets", "source", "runtime", "framework", "signature")
SCAN_CHECK: Final = "scan"
ALL_TIERS: Final = frozenset(Tier)


@dataclass(frozen=True, slots=True)
class Gate:
    """A named condition, for models of some tiers."""

    name: str
    condition: Condition
    tiers: frozenset[Tier] = ALL_TIERS
    description: str = ""


def tiers_from(given: object) -> frozenset[Tier]:
    """The tiers that a list names; all of them for none."""
    if isinstance(given, list | tuple) and given:
        return frozenset(Tier(str(name)) for name in given)
    return ALL_TIERS


def gate_from_document(document: Mapping[str, Any]) -> Gate:
    """A gate as a scheme's document states it, which has been validated."""
    make = _KINDS[document["kind"]]
    return Gate(
        name=document["name"],
        condition=make(document),
        tiers=tiers_from(document.get("tiers")),
        description=document.get("description", ""),
    )


def _compare(document: Mapping[str, Any]) -> CompareGate:
    stage = document.get("stage")
    return CompareGate(
        metric=document["metric"],
        rival=f"alias:{document['alias']}" if stage is None else f"stage:{stage}",
        by=document.get("by", 0),
        higher_is_better=document.get("higher_is_better", True),
        if_absent=document.get("if_absent", "pass") == "pass",
    )


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Condition]]] = {
    "metric": lambda given: MetricGate(given["metric"], given.get("at_least"), given.get("at_most")),
    "compare": _compare,
    "check": lambda given: CheckGate(given["check"], given.get("max_age_days")),
    "scan": lambda given: CheckGate(SCAN_CHECK, given.get("max_age_days")),
    "documentation": lambda given: DocumentationGate(tuple(given["sections"]), given.get("min_characters", 1)),
    "provenance": lambda given: ProvenanceGate(tuple(given["fields"])),
    "evaluation": lambda given: EvaluationGate(
        given["evaluation"],
        given.get("metric"),
        given.get("at_least"),
        given.get("at_most"),
        given.get("max_age_days"),
    ),
    "condition": lambda given: ConditionGate(given["expression"]),
}
