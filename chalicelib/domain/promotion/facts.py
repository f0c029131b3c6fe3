"""What gates look at: the version, what was reported of it, whom it is compared with, and the hour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from chalicelib.domain.instants import Instant
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class Rival:
    """The version that holds a stage or an alias."""

    number: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """What an expression came to, or, if ``holds`` is None, why it came to nothing."""

    holds: bool | None
    problem: str = ""


# Evaluates a condition over the documented variables.
Evaluate: TypeAlias = Callable[[str, Mapping[str, Any]], ConditionResult]


def no_conditions(expression: str, _variables: Mapping[str, Any]) -> ConditionResult:
    """For schemes that are known to have no conditions."""
    return ConditionResult(None, f"nothing here evaluates {expression!r}")


@dataclass(frozen=True, slots=True)
class Facts:
    """``checks``, ``evaluations`` and ``card`` are the documents that the registry keeps of each.

    ``rivals`` holds one entry for each that a gate names, None where nobody stands.
    """

    version: Version
    tier: Tier
    now: Instant
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    evaluations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    rivals: Mapping[str, Rival | None] = field(default_factory=dict)
    evaluate: Evaluate = no_conditions

    @property
    def metrics(self) -> Mapping[str, float]:
        return self.version.description.metrics

    @property
    def sections(self) -> Mapping[str, str]:
        sections: Mapping[str, str] = self.card.get("sections", {})
        return sections
