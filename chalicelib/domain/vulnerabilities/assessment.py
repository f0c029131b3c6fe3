"""An assessment: what an advisory index says of a version's requirements, and what people state about that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import EACH, Identity, Record
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.statement import Statement


@dataclass(frozen=True, slots=True)
class Matched:
    """What was found, and by which data.

    ``sha256`` is that of the index, ``published_at`` the time of its data, and ``index`` the registry's revision when
    it was made current. ``requirements`` is how many were looked at. Of what was found, the worst is kept; ``cut`` is
    how much more there was.
    """

    sha256: str
    published_at: Instant
    index: int
    requirements: int = 0
    findings: tuple[Finding, ...] = ()
    unpinned: tuple[str, ...] = ()
    cut: int = 0

    @property
    def ids(self) -> frozenset[str]:
        """The vulnerabilities that were found."""
        return frozenset(one.advisory for one in self.findings)


@dataclass(frozen=True, slots=True)
class Assessment(Record, kind="vulnerabilities"):
    """What is known of the vulnerabilities of a version. ``matched`` is None until there was an index.

    ``matched_at`` is when the version was last matched, and ``revision`` the model's then or at the last statement.
    """

    version: int
    matched: Matched | None = None
    matched_at: Instant | None = None
    statements: Mapping[str, Statement] = field(default_factory=dict, metadata=EACH)
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Assessment, self.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self if before == self else replace(self, revision=stamp.revision)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, worst first."""
        return () if self.matched is None else self.matched.findings

    def outdated(self, index: int) -> bool:
        """Whether the index that was made current at the registry's revision ``index`` may say something else.

        No data has anything on a version without requirements.
        """
        last = self.matched
        return last is None or (last.requirements > 0 and last.index < index)

    def lifts(self, finding: Finding, now: Instant, counts: Callable[[Statement], bool] = lambda _: True) -> bool:
        """Whether a finding does not count against the version: it is stated so, and nothing that stands denies it.

        Of what is stated under any of the finding's names, only what has not expired is looked at. ``counts`` says
        whether somebody's statement may lift anything.
        """
        named = (one for name, one in self.statements.items() if finding.is_named(name))
        standing = [one for one in named if one.stands(now)]
        return all(one.status.lifts for one in standing) and any(map(counts, standing))
