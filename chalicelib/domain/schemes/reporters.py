"""Reporters: whose reports of a check or an evaluation count, as the gates and the evidence rules of a scheme say.

A gate names reporters by patterns of principals' names, such as ``oidc:github:repo:acme/fraud:*``. ``*`` matches any
run of characters. Which issuer and which claims stand behind such a name is a matter of the trust that it names.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.access.principal import matches
from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.errors import ReporterRefusedError, SeparationOfDutiesError
from chalicelib.domain.schemes.evidence_rules import EvidenceRule, naming_check, naming_evaluation
from chalicelib.domain.schemes.gates import CheckGate, Condition, EvaluationGate, Tier
from chalicelib.domain.schemes.scheme import Scheme

MAX_REPORTERS: Final = 20
MAX_REPORTER: Final = 512


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose reports of one check or evaluation count. ``patterns`` are of its gates, ``rules`` those that name it."""

    patterns: tuple[str, ...] = ()
    rules: tuple[EvidenceRule, ...] = ()

    @property
    def claims(self) -> frozenset[str]:
        """The claims that the rules ask for."""
        return frozenset(name for rule in self.rules for terms in rule.reporters for name in terms.claims)

    def check(self, what: str, version: int, reporter: Reporter, people: Collection[str]) -> None:
        """Raise ReporterRefusedError or SeparationOfDutiesError unless ``reporter`` may report ``what``.

        ``people`` are the persons who registered the ``version`` or whose bytes it has.
        """
        if not accepts(self.patterns, reporter.principal):
            raise _refused(what, reporter, described(self.patterns))
        for rule in self.rules:
            if not rule.accepts(reporter):
                raise _refused(what, reporter, rule.described())
            if rule.independent and reporter.is_among(people):
                held = f", a token of {reporter.person}," if reporter.person != reporter.principal else ""
                raise SeparationOfDutiesError(
                    f"You ({reporter.principal}){held} registered version {version} or the bytes that it has. The "
                    f"model's scheme accepts {what} only from somebody else."
                )


def expected_of_check(scheme: Scheme, tier: Tier, check: str) -> Expected:
    """Whose reports of a check count for models of ``tier``."""
    patterns = _named(
        condition.reporters
        for condition in _conditions(scheme, tier)
        if isinstance(condition, CheckGate) and condition.check == check
    )
    return Expected(patterns, naming_check(scheme.evidence, tier, check))


def independence_of_check(scheme: Scheme, tier: Tier, check: str) -> Expected:
    """Whether rules want a check to be independent, as what is asked of who decides on its matter in another way."""
    independent = any(rule.independent for rule in naming_check(scheme.evidence, tier, check))
    return Expected(rules=(EvidenceRule(checks=(check,), independent=True),) if independent else ())


def expected_of_evaluation(scheme: Scheme, tier: Tier, evaluation: str) -> Expected:
    """Whose evaluations of a name count for models of ``tier``."""
    patterns = _named(
        condition.reporters
        for condition in _conditions(scheme, tier)
        if isinstance(condition, EvaluationGate) and condition.evaluation == evaluation
    )
    return Expected(patterns, naming_evaluation(scheme.evidence, tier, evaluation))


def objection(rules: Sequence[EvidenceRule], reporter: Reporter, people: Collection[str]) -> str | None:
    """Why a report that was made does not count by the rules that name it, to follow who reported it; None if it does.

    ``people`` are the persons who registered the version or whose bytes it has.
    """
    for rule in rules:
        if not rule.accepts(reporter):
            return f"who is not {rule.described()}"
        if rule.independent and not reporter.person:
            return "and it is not known which person that was; report it again"
        if rule.independent and reporter.is_among(people):
            return "who registered the version or the bytes that it has"
    return None


def accepts(reporters: Sequence[str], principal: str | None) -> bool:
    """Whether a report by ``principal`` counts where these reporters are named; without any, every report does."""
    return not reporters or (principal is not None and any(matches(pattern, principal) for pattern in reporters))


def described(reporters: Sequence[str]) -> str:
    """The reporters for a person."""
    return " or ".join(reporters) or "anybody who may report"


def wanted_of(rules: Sequence[EvidenceRule]) -> str:
    """What the rules ask of a reporter, to follow what is reported; empty if nothing."""
    parts = [f" by {rule.described()}" for rule in rules if rule.reporters]
    if any(rule.independent for rule in rules):
        parts.append(" by somebody who did not register the version")
    return ",".join(parts)


def _refused(what: str, reporter: Reporter, who: str) -> ReporterRefusedError:
    return ReporterRefusedError(
        f"You ({reporter.principal}) may not report {what}: the model's scheme accepts it only from {who}."
    )


def _conditions(scheme: Scheme, tier: Tier) -> Iterator[Condition]:
    moves = (gate for move in scheme.transitions.values() for gate in move.gates_for(tier))
    return (gate.condition for gate in (*moves, *scheme.rollback.gates_for(tier)))


def _named(reporters: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    """Each pattern once. If one gate names reporters, only they may report, also where another gate names nobody."""
    return tuple(dict.fromkeys(pattern for named in reporters for pattern in named))
