"""Gates: the conditions of a transition, as a scheme states them. ``promotion.gate_results`` judges them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schemes.content_gates import FormatsGate, LicensesGate, formats_gate, licenses_gate
from chalicelib.domain.severity import Severity
from chalicelib.domain.statistics.rate import DEFAULT_MIN_N, Rate


class Tier(StrEnum):
    """The risk of a model: how much harm its errors do. A scheme can give higher tiers stricter gates."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OpenOn(StrEnum):
    """When the registry opens a gate's check: a version arrives where the move begins, or the move is requested."""

    ARRIVAL = "arrival"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class MetricGate:
    """A metric of the version is at least ``at_least``, at most ``at_most``, or both."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class CompareGate:
    """A metric of the version is better by at least ``by`` than that of the version that holds a stage or an alias.

    With ``by`` 0 it must still be better, not equal. ``if_absent`` says whether the gate holds if no version is there.
    """

    metric: str
    rival: str  # "stage:<name>" or "alias:<name>"
    by: float = 0
    higher_is_better: bool = True
    if_absent: bool = True


@dataclass(frozen=True, slots=True)
class CheckGate:
    """A check of this name was reported as passed, has not expired, and is not older than ``max_age_days``.

    ``reporters`` are patterns of who may report it; none: everybody. While a new report is awaited, the gate does not
    hold, or with ``last_counts`` as the last report says. ``open_on`` says when the registry opens the check by itself,
    if ever, and ``due_in_minutes`` how long it then awaits the report.
    """

    check: str
    max_age_days: float | None = None
    reporters: tuple[str, ...] = ()
    last_counts: bool = False
    open_on: OpenOn | None = None
    due_in_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ScanGate(CheckGate):
    """The registry's own scan found one of ``verdicts``, at most ``max_age_days`` ago; the scheme's policy, if none.

    The check, reported by other scanners, must not have failed. It alone decides on versions that the registry does not
    scan.
    """

    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentationGate:
    """Each of these sections of the model card has at least ``min_characters``, without white space around.

    ``independent``: it was last written by somebody who neither registered the version nor made its bytes.
    """

    sections: tuple[str, ...]
    min_characters: int = 1
    independent: bool = False


@dataclass(frozen=True, slots=True)
class ProvenanceGate:
    """These fields, which say where the version comes from, are filled in."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationGate:
    """An evaluation of this name was recorded, and measured at most ``max_age_days`` ago.

    If ``metric`` is given, that metric is at least ``at_least``, at most ``at_most``, or both. ``reporters`` are
    patterns of who may record it; none: everybody.
    """

    evaluation: str
    metric: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    max_age_days: float | None = None
    reporters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitorGate:
    """The model's monitor of this name watches the version, hears of it, and finds it well.

    A monitor that no longer hears of a version is silent, which is not well. With ``warning_holds``, a window that
    breached does not matter until there are enough for an alarm. With ``for_hours``, the monitor has found so for at
    least so long.
    """

    monitor: str
    warning_holds: bool = False
    for_hours: float | None = None


@dataclass(frozen=True, slots=True)
class BetterGate:
    """A metric of an evaluation is better than that of the version that holds a stage or an alias, beyond chance.

    The interval of the difference, at ``level``, lies above ``by``, or with ``margin`` above minus the margin: then the
    metric is at most that much worse. Both were measured on the same data. ``if_absent`` says whether the gate holds
    if no version is there.
    """

    evaluation: str
    metric: str
    rival: str  # "stage:<name>" or "alias:<name>"
    by: float = 0
    margin: float | None = None
    level: float = 0.95
    higher_is_better: bool = True
    if_absent: bool = True

    @property
    def bar(self) -> float:
        """What the whole interval of the gain must exceed."""
        return self.by if self.margin is None else -self.margin


@dataclass(frozen=True, slots=True)
class FairnessGate:
    """A rate is alike in every two groups of the data that an evaluation has slices of.

    The difference is at most ``max_gap``, and the lower rate at least ``min_ratio`` of the higher. ``across`` names
    what the groups differ in; without, groups are compared that differ in the same. ``min_n`` is the least number of
    examples that a rate rests on; ``small_pass``: groups with less do not fail the gate.

    The gap must be shown: the interval's upper bound at ``level`` counts. With ``doubt_passes``, only a gap that is
    shown to be larger fails the gate: then the lower bound counts, after Holm's correction for the number of pairs.
    """

    evaluation: str
    rate: Rate
    max_gap: float | None = None
    min_ratio: float | None = None
    across: tuple[str, ...] = ()
    min_n: int = DEFAULT_MIN_N
    level: float = 0.95
    small_pass: bool = True
    doubt_passes: bool = False


@dataclass(frozen=True, slots=True)
class FreshGate:
    """An evaluation was measured, or a check reported, at most ``max_age_days`` ago. Exactly one of them is named.

    With ``dataset``, the evaluation was measured on the dataset of this name.
    """

    max_age_days: float
    evaluation: str | None = None
    check: str | None = None
    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class VulnerabilitiesGate:
    """No vulnerability of the version's requirements is worse than ``max_severity``, unless a statement lifts it.

    The advisories that it was last matched against are at most ``max_age_days`` old. ``no_data_passes``: the gate holds
    also for a version that was never matched. ``unpinned_passes``: it holds also if requirements are not known to the
    version, or none are.
    """

    max_severity: Severity
    max_age_days: float | None = None
    no_data_passes: bool = False
    unpinned_passes: bool = True


@dataclass(frozen=True, slots=True)
class SignatureGate:
    """The version's files are signed by one of those that the gate names.

    ``signers`` are patterns of names of trusted signers; ``registry`` says that the registry's own signature counts.
    """

    signers: tuple[str, ...] = ()
    registry: bool = False


@dataclass(frozen=True, slots=True)
class AttestationGate:
    """A statement about the version was signed by a trusted signer; without ``predicate_type``, SLSA provenance.

    With ``signers``, by one whose name matches one of these patterns. With ``builders`` and ``repositories``, it names
    a builder and a repository that match. ``whole``: it is about the whole version, not only about some of its files.
    """

    predicate_type: str | None = None
    signers: tuple[str, ...] = ()
    builders: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class ConditionGate:
    """A CEL expression over the variables that ``conditions.VARIABLES`` documents is true."""

    expression: str


Condition: TypeAlias = (
    MetricGate
    | CompareGate
    | CheckGate
    | ScanGate
    | DocumentationGate
    | ProvenanceGate
    | EvaluationGate
    | MonitorGate
    | BetterGate
    | FairnessGate
    | FreshGate
    | LicensesGate
    | FormatsGate
    | VulnerabilitiesGate
    | SignatureGate
    | AttestationGate
    | ConditionGate
)

# What a scheme's document calls each kind.
KIND_OF: Final[Mapping[type[Condition], str]] = {
    MetricGate: "metric",
    CompareGate: "compare",
    CheckGate: "check",
    ScanGate: "scan",
    DocumentationGate: "documentation",
    ProvenanceGate: "provenance",
    EvaluationGate: "evaluation",
    MonitorGate: "monitor",
    BetterGate: "better",
    FairnessGate: "fairness",
    FreshGate: "fresh",
    LicensesGate: "licenses",
    FormatsGate: "formats",
    VulnerabilitiesGate: "vulnerabilities",
    SignatureGate: "signature",
    AttestationGate: "attestation",
    ConditionGate: "condition",
}
SCAN_CHECK: Final = "scan"
ALL_TIERS: Final = frozenset(Tier)


@dataclass(frozen=True, slots=True)
class Gate:
    """A named condition that models of certain tiers and classifications must meet. None named: of all of them."""

    name: str
    condition: Condition
    tiers: frozenset[Tier] = ALL_TIERS
    description: str = ""
    classifications: frozenset[str] = frozenset()


def tiers_from(given: object) -> frozenset[Tier]:
    """The tiers that a list names. No list or an empty one means all tiers."""
    if isinstance(given, list | tuple) and given:
        return frozenset(Tier(str(name)) for name in given)
    return ALL_TIERS


def gate_from_document(document: Mapping[str, Any]) -> Gate:
    """The gate of a validated document."""
    make = _KINDS[document["kind"]]
    return Gate(
        name=document["name"],
        condition=make(document),
        tiers=tiers_from(document.get("tiers")),
        description=document.get("description", ""),
        classifications=frozenset(document.get("classifications", ())),
    )


def _rival(document: Mapping[str, Any]) -> str:
    stage = document.get("stage")
    return f"alias:{document['alias']}" if stage is None else f"stage:{stage}"


def _better(document: Mapping[str, Any]) -> BetterGate:
    return BetterGate(
        evaluation=document["evaluation"],
        metric=document["metric"],
        rival=_rival(document),
        by=document.get("by", 0),
        margin=document.get("margin"),
        level=document.get("level", 0.95),
        higher_is_better=document.get("higher_is_better", True),
        if_absent=document.get("if_absent", "pass") == "pass",
    )


def _fairness(document: Mapping[str, Any]) -> FairnessGate:
    return FairnessGate(
        evaluation=document["evaluation"],
        rate=Rate(document["rate"]),
        max_gap=document.get("max_gap"),
        min_ratio=document.get("min_ratio"),
        across=tuple(document.get("across", ())),
        min_n=document.get("min_n", DEFAULT_MIN_N),
        level=document.get("level", 0.95),
        small_pass=document.get("if_small", "pass") == "pass",
        doubt_passes=document.get("if_uncertain", "fail") == "pass",
    )


def _compare(document: Mapping[str, Any]) -> CompareGate:
    return CompareGate(
        metric=document["metric"],
        rival=_rival(document),
        by=document.get("by", 0),
        higher_is_better=document.get("higher_is_better", True),
        if_absent=document.get("if_absent", "pass") == "pass",
    )


def _check(document: Mapping[str, Any]) -> CheckGate:
    return CheckGate(document["check"], **_reported(document))


def _scan(document: Mapping[str, Any]) -> ScanGate:
    verdicts = tuple(Verdict(name) for name in document.get("verdicts", ()))
    return ScanGate(SCAN_CHECK, **_reported(document), verdicts=verdicts)


def _reported(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a gate says of the report that it wants."""
    open_on = document.get("open_on")
    return {
        "max_age_days": document.get("max_age_days"),
        "reporters": tuple(document.get("reporters", ())),
        "last_counts": document.get("if_pending") == "last",
        "open_on": None if open_on is None else OpenOn(open_on),
        "due_in_minutes": document.get("due_in_minutes"),
    }


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Condition]]] = {
    "metric": lambda given: MetricGate(given["metric"], given.get("at_least"), given.get("at_most")),
    "compare": _compare,
    "check": _check,
    "scan": _scan,
    "documentation": lambda given: DocumentationGate(
        tuple(given["sections"]), given.get("min_characters", 1), given.get("independent", False)
    ),
    "provenance": lambda given: ProvenanceGate(tuple(given["fields"])),
    "evaluation": lambda given: EvaluationGate(
        given["evaluation"],
        given.get("metric"),
        given.get("at_least"),
        given.get("at_most"),
        given.get("max_age_days"),
        tuple(given.get("reporters", ())),
    ),
    "monitor": lambda given: MonitorGate(given["monitor"], given.get("warning_holds", False), given.get("for_hours")),
    "better": _better,
    "fairness": _fairness,
    "fresh": lambda given: FreshGate(
        given["max_age_days"], given.get("evaluation"), given.get("check"), given.get("dataset")
    ),
    "licenses": licenses_gate,
    "formats": formats_gate,
    "vulnerabilities": lambda given: VulnerabilitiesGate(
        Severity(given["max_severity"]),
        given.get("max_age_days"),
        given.get("if_no_data", "fail") == "pass",
        given.get("unpinned", "pass") == "pass",
    ),
    "signature": lambda given: SignatureGate(tuple(given.get("signers", ())), given.get("registry", False)),
    "attestation": lambda given: AttestationGate(
        given.get("predicate_type"),
        tuple(given.get("signers", ())),
        tuple(given.get("builders", ())),
        tuple(given.get("repositories", ())),
        given.get("whole", True),
    ),
    "condition": lambda given: ConditionGate(given["expression"]),
}
