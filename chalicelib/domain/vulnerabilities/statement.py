"""Statements: what people say of a vulnerability of a version, as VEX documents do.

Status and justification have the words of OpenVEX and of CycloneDX.

https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-labels
https://cyclonedx.org/docs/1.7/json/#vulnerabilities_items_analysis_justification
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    NotFoundError,
    Problem,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.vulnerabilities.finding import ADVISORY_ID

MAX_STATEMENTS: Final = 100
MAX_DETAIL: Final = 2_000
# All statements of a version share its item with what was found.
MAX_BYTES: Final = 64 * 1024


class VexStatementNotFoundError(NotFoundError):
    """Nothing was stated of this vulnerability of the version."""

    code = "vex_statement_not_found"
    title = "Statement about a vulnerability not found"


class VexStatus(StrEnum):
    """How a version stands to a vulnerability."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"

    @property
    def lifts(self) -> bool:
        """Whether the vulnerability no longer counts against the version."""
        return self in (VexStatus.NOT_AFFECTED, VexStatus.FIXED)


JUSTIFICATIONS: Final = frozenset(
    {
        # OpenVEX
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
        # CycloneDX
        "code_not_present",
        "code_not_reachable",
        "requires_configuration",
        "requires_dependency",
        "requires_environment",
        "protected_by_compiler",
        "protected_at_runtime",
        "protected_at_perimeter",
        "protected_by_mitigating_control",
    }
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was stated of one vulnerability. It counts until ``expires_at``, or for good.

    ``person``, ``roles`` and ``claims`` say who ``stated_by`` was then, as ``Reporter`` does.
    """

    status: VexStatus
    justification: str
    detail: str
    expires_at: Instant | None
    stated_at: Instant
    stated_by: str
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reporter(self) -> Reporter:
        """Who stated it."""
        return Reporter(self.stated_by, self.person, self.roles, self.claims)

    def stands(self, now: Instant) -> bool:
        """Whether it still counts. It expires by time alone; nothing is written then."""
        return self.expires_at is None or now < self.expires_at

    def document(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "justification": self.justification or None,
            "detail": self.detail,
            "expires_at": self.expires_at,
            "stated_at": self.stated_at,
            "stated_by": self.stated_by,
        }


@dataclass(frozen=True, slots=True)
class StatementGiven:
    """What somebody states."""

    status: VexStatus
    justification: str = ""
    detail: str = ""
    expires_at: Instant | None = None


def vulnerability_id(name: str) -> str:
    """``name``, if a vulnerability may be called so. Raises InvalidNameError."""
    if not ADVISORY_ID.fullmatch(name):
        raise InvalidNameError(
            f"The vulnerability {name[:128]!r} must be named by 1 to 128 letters, digits, '.', '_', ':' or '-'."
        )
    return name


def stated(given: StatementGiven, reporter: Reporter, now: Instant) -> Statement:
    """The statement, once it is found to be one. Raises InvalidInputError."""
    if given.status is VexStatus.NOT_AFFECTED and not (given.justification or given.detail.strip()):
        raise _invalid("/justification", "is required for not_affected, unless detail says why")
    if given.justification and given.justification not in JUSTIFICATIONS:
        raise _invalid("/justification", f"must be one of {', '.join(sorted(JUSTIFICATIONS))}")
    if given.justification and given.status is not VexStatus.NOT_AFFECTED:
        raise _invalid("/justification", "comes with not_affected only")
    if len(given.detail) > MAX_DETAIL:
        raise _invalid("/detail", f"has more than {MAX_DETAIL} characters")
    if given.expires_at is not None and given.expires_at <= now:
        raise _invalid("/expires_at", "has passed already")
    return Statement(
        given.status,
        given.justification,
        given.detail,
        given.expires_at,
        now,
        reporter.principal,
        reporter.person,
        reporter.roles,
        reporter.claims,
    )


def bounded(statements: Mapping[str, Statement]) -> dict[str, Statement]:
    """The statements of a version. Raises LimitExceededError for more than 100, or more than 64 KiB as JSON."""
    if len(statements) > MAX_STATEMENTS:
        raise LimitExceededError(f"A version has at most {MAX_STATEMENTS} statements; take one back first.")
    size = len(canonical_json({name: one.document() for name, one in statements.items()}).encode())
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"The statements of a version would take {size} bytes of at most {MAX_BYTES}; shorten their details."
        )
    return dict(statements)


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
