"""Reporting: who makes a report of a check or an evaluation, and whose reports of it count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.access.principal import Principal
from chalicelib.domain.access.reporter import Reporter
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schemes.reporters import Expected
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class Reporting:
    """Whose reports count, and the caller's roles on the model and the claims that were asked for."""

    expected: Expected = field(default_factory=Expected)
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, principal: Principal, model: str, expected: Expected) -> "Reporting":
        """The caller's report on ``model``. Of the claims, only those that the scheme asks for are remembered."""
        claims = {name: principal.claims[name] for name in sorted(expected.claims & principal.claims.keys())}
        return cls(expected, principal.roles_on(model), claims)

    def reporter(self, stamp: Stamp) -> Reporter:
        """Who reports."""
        return Reporter(stamp.actor, stamp.person or stamp.actor, self.roles, self.claims)

    def checked(self, what: str, version: Version, stamp: Stamp) -> Reporter:
        """The reporter. Raises ReporterRefusedError, SeparationOfDutiesError unless they may report ``what``."""
        reporter = self.reporter(stamp)
        self.expected.check(what, version.number, reporter, version.people)
        return reporter


# Where the scheme does not say whose reports count.
ANYBODY: Final = Reporting()
