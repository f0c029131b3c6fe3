"""Evidence rules: who may report which checks and record which evaluations, as a scheme says it for all its gates.

A rule names checks and evaluations by patterns. Every rule that names one must be met. So a scheme can demand
independence of all evidence, and beside it a certain reporter of one check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.access.principal import matches
from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.schemes.gates import ALL_TIERS, Tier, tiers_from

MAX_RULES: Final = 20


@dataclass(frozen=True, slots=True)
class ReporterTerms:
    """What a reporter must be. Each part that is given must hold.

    The principal matches one of ``principals``, has one of ``roles`` on the model, and of each claim in ``claims`` a
    value that matches one of its patterns.
    """

    principals: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def accept(self, reporter: Reporter) -> bool:
        """Whether the reporter is all of this."""
        return (
            (not self.principals or _any_matches(self.principals, [reporter.principal]))
            and (not self.roles or not set(self.roles).isdisjoint(reporter.roles))
            and all(_any_matches(wanted, reporter.claims.get(name, ())) for name, wanted in self.claims.items())
        )

    def described(self) -> str:
        """The terms for a person: ``token:ci with role reviewer and the claim job_workflow_ref acme/*``."""
        who = " or ".join(self.principals) or "somebody"
        parts = [f"role {' or '.join(self.roles)}"] if self.roles else []
        parts += [f"the claim {name} {' or '.join(wanted)}" for name, wanted in self.claims.items()]
        return f"{who} with {' and '.join(parts)}" if parts else who


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Whose reports of the checks and evaluations that it names count.

    ``reporters`` are alternatives; none: everybody who may report. ``independent``: the reporter is none of the persons
    who registered the version or whose bytes it has.
    """

    checks: tuple[str, ...] = ()
    evaluations: tuple[str, ...] = ()
    reporters: tuple[ReporterTerms, ...] = ()
    independent: bool = False
    tiers: frozenset[Tier] = ALL_TIERS

    def accepts(self, reporter: Reporter) -> bool:
        """Whether the reporter is one of the alternatives. Independence is not looked at."""
        return not self.reporters or any(terms.accept(reporter) for terms in self.reporters)

    def described(self) -> str:
        """Whose reports count, for a person."""
        who = " or ".join(terms.described() for terms in self.reporters)
        return who or "anybody who may report"


def naming_check(rules: Iterable[EvidenceRule], tier: Tier, check: str) -> tuple[EvidenceRule, ...]:
    """The rules for models of ``tier`` that name a check."""
    return tuple(rule for rule in rules if tier in rule.tiers and _any_matches(rule.checks, [check]))


def naming_evaluation(rules: Iterable[EvidenceRule], tier: Tier, evaluation: str) -> tuple[EvidenceRule, ...]:
    """The rules for models of ``tier`` that name an evaluation."""
    return tuple(rule for rule in rules if tier in rule.tiers and _any_matches(rule.evaluations, [evaluation]))


def rule_from_document(document: Mapping[str, Any]) -> EvidenceRule:
    """The rule of a validated document."""
    return EvidenceRule(
        checks=tuple(document.get("checks", ())),
        evaluations=tuple(document.get("evaluations", ())),
        reporters=tuple(_terms(terms) for terms in document.get("reporters", ())),
        independent=document.get("independent", False),
        tiers=tiers_from(document.get("tiers")),
    )


def _terms(document: Mapping[str, Any]) -> ReporterTerms:
    return ReporterTerms(
        principals=tuple(document.get("principals", ())),
        roles=tuple(document.get("roles", ())),
        claims={name: tuple(wanted) for name, wanted in document.get("claims", {}).items()},
    )


def _any_matches(patterns: Iterable[str], texts: Iterable[str]) -> bool:
    return any(matches(pattern, text) for text in texts for pattern in patterns)
