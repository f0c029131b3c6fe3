"""Reporters: who made a report, as it is remembered with the report."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.access.principal import person_of


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported: the principal, the person behind it, and the roles and OIDC claims that they had then.

    ``person`` is empty if it was not recorded. ``claims`` has those that a scheme asked for, with their values.
    """

    principal: str
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of_report(cls, report: Mapping[str, Any]) -> "Reporter":
        """Who made a report, by the stored document of a check or an evaluation."""
        return cls(
            report["reported_by"] or "",
            report.get("person") or "",
            tuple(report.get("roles") or ()),
            report.get("claims") or {},
        )

    def is_among(self, people: Collection[str]) -> bool:
        """Whether the reporter, as a person or by the principal's name, is one of ``people``.

        These are named as ``person_of`` does.
        """
        return not {person_of(self.person or self.principal), person_of(self.principal)}.isdisjoint(people)


def people(principals: Iterable[str]) -> frozenset[str]:
    """The persons behind these principals."""
    return frozenset(person_of(principal) for principal in principals if principal)
