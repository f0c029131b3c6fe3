"""Facts: what the gates of a move look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.classification import Classification
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.health import Health
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.domain.schemes.condition_results import Evaluate, no_conditions
from chalicelib.domain.schemes.evidence_rules import EvidenceRule, naming_check, naming_evaluation
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import objection
from chalicelib.domain.versions.version import Version

if TYPE_CHECKING:
    from chalicelib.domain.evidence.attested import Attested
    from chalicelib.domain.licenses.licensing import Licensing
    from chalicelib.domain.vulnerabilities.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Rival:
    """The version that holds a stage or an alias which a gate compares with.

    ``evaluations`` are its stored evaluations by name, if a gate looks at them. ``people`` are who made it.
    """

    number: int
    metrics: Mapping[str, float]
    evaluations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: frozenset[str] = frozenset()


def unknown_licensing() -> "Licensing":
    """The licences of a version of which nobody looks them up."""
    # Late: few schemes look at licences.
    from chalicelib.domain.licenses.licensing import Licensing
    from chalicelib.domain.licenses.stated import StatedLicense

    return Licensing(StatedLicense("", None, "nothing here looks it up"))


def unknown_formats() -> tuple[FileFormat, ...]:
    """The files of a version of which nobody looks them up."""
    return ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The version to move, the reports on it, the versions to compare it with, and the time of judging.

    ``checks`` and ``evaluations`` are the stored documents by name. ``card`` is the stored document of the model card,
    with its ``writers``.
    ``rivals`` has an entry for each ``stage:<name>`` and ``alias:<name>`` that a gate compares with; its value is None
    if no version is there. ``monitors`` are the model's, by name. ``assessment`` is that of the version's
    vulnerabilities, if a gate looks at it. ``evaluate`` evaluates conditions. ``rules`` are the scheme's evidence
    rules. ``signers`` are the trusted signers whose signatures of the version were verified; the value says why a
    signature counts no longer, None if it counts. ``signed_by_registry``: the registry has signed it. ``attestations``
    are the version's, by name. ``licensing`` and ``file_formats`` look up the licences that apply to the version
    and the formats of its files, when a gate asks for them. ``classification`` is that of the model's data.
    """

    version: Version
    tier: Tier
    now: Instant
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    evaluations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    rivals: Mapping[str, Rival | None] = field(default_factory=dict)
    monitors: Mapping[str, Health] = field(default_factory=dict)
    assessment: "Assessment | None" = None
    evaluate: Evaluate = no_conditions
    rules: tuple[EvidenceRule, ...] = ()
    licensing: "Callable[[], Licensing]" = unknown_licensing
    file_formats: Callable[[], tuple[FileFormat, ...]] = unknown_formats
    classification: Classification | None = None
    signers: Mapping[str, str | None] = field(default_factory=dict)
    signed_by_registry: bool = False
    attestations: "Mapping[str, Attested]" = field(default_factory=dict)

    def objection_to_check(self, name: str) -> str | None:
        """Why the report of the check ``name`` does not count by the evidence rules; None if it does."""
        rules = naming_check(self.rules, self.tier, name)
        return objection(rules, Reporter.of_report(self.checks[name]), self.version.people) if rules else None

    def objection_to_evaluation(self, name: str) -> str | None:
        """Why the evaluation ``name`` does not count by the evidence rules; None if it does."""
        rules = naming_evaluation(self.rules, self.tier, name)
        return objection(rules, Reporter.of_report(self.evaluations[name]), self.version.people) if rules else None

    @property
    def metrics(self) -> Mapping[str, float]:
        """The version's metrics by name."""
        return self.version.description.metrics

    @property
    def sections(self) -> Mapping[str, str]:
        """The text of each filled-in section of the model card, by its name."""
        sections: Mapping[str, str] = self.card.get("sections", {})
        return sections

    @property
    def writers(self) -> Mapping[str, str]:
        """Who last wrote each section of the model card, by its name, as far as that is known."""
        writers: Mapping[str, str] = self.card.get("writers", {})
        return writers
