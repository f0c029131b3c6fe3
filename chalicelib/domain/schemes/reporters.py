"""Reporters: whose reports of a check or an evaluation count, as the gates of a scheme name them.

A reporter is a pattern of principals' names, such as ``oidc:github:repo:acme/fraud:*``. ``*`` matches any run of
characters. Which issuer and which claims stand behind such a name is a matter of the trust that it names.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from chalicelib.domain.access.principal import matches
from chalicelib.domain.errors import ReporterRefusedError
from chalicelib.domain.schemes.gates import CheckGate, Condition, EvaluationGate, Tier
from chalicelib.domain.schemes.scheme import Scheme

MAX_REPORTERS: Final = 20
MAX_REPORTER: Final = 512


def check_reporters(scheme: Scheme, tier: Tier, check: str) -> tuple[str, ...]:
    """The reporters that the gates for models of ``tier`` name for a check; none: everybody may report it."""
    return _named(
        condition.reporters
        for condition in _conditions(scheme, tier)
        if isinstance(condition, CheckGate) and condition.check == check
    )


def evaluation_reporters(scheme: Scheme, tier: Tier, evaluation: str) -> tuple[str, ...]:
    """The reporters that the gates for models of ``tier`` name for an evaluation; none: everybody may record it."""
    return _named(
        condition.reporters
        for condition in _conditions(scheme, tier)
        if isinstance(condition, EvaluationGate) and condition.evaluation == evaluation
    )


def accepts(reporters: Sequence[str], principal: str | None) -> bool:
    """Whether a report by ``principal`` counts where these reporters are named; without any, every report does."""
    return not reporters or (principal is not None and any(matches(pattern, principal) for pattern in reporters))


def check_reporter(what: str, reporters: Sequence[str], principal: str) -> None:
    """Raise ReporterRefusedError unless ``principal`` may report ``what``."""
    if not accepts(reporters, principal):
        raise ReporterRefusedError(
            f"You ({principal}) may not report {what}: the model's scheme accepts it only from {described(reporters)}."
        )


def described(reporters: Sequence[str]) -> str:
    """The reporters for a person."""
    return " or ".join(reporters) or "anybody who may report"


def _conditions(scheme: Scheme, tier: Tier) -> Iterator[Condition]:
    moves = (gate for move in scheme.transitions.values() for gate in move.gates_for(tier))
    return (gate.condition for gate in (*moves, *scheme.rollback.gates_for(tier)))


def _named(reporters: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    """Each pattern once. If one gate names reporters, only they may report, also where another gate names nobody."""
    return tuple(dict.fromkeys(pattern for named in reporters for pattern in named))
