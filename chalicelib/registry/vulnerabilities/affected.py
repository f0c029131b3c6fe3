"""Which versions in use have a vulnerability, or need a package."""

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.items import version_from
from chalicelib.aws.vulnerabilities.items import assessment_from
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.requirement import normalised, requirement, requirement_lines
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.in_use import versions_in_use
from chalicelib.registry.models.listing import list_models
from chalicelib.registry.models.models import model_heads
from chalicelib.registry.page import Page

_MODELS: Final = 25


@dataclass(frozen=True, slots=True)
class Sought:
    """A vulnerability by one of its names, or a package. Raises InvalidInputError unless one of them is given."""

    advisory: str | None = None
    package: str | None = None

    def __post_init__(self) -> None:
        if (self.advisory is None) == (self.package is None):
            raise InvalidInputError("Give exactly one of advisory and package.")

    def found_in(self, finding: Finding) -> bool:
        if self.advisory is not None:
            return finding.is_named(self.advisory)
        return self.package is not None and finding.package == normalised(self.package)


@dataclass(frozen=True, slots=True)
class AffectedVersion:
    """A version in use, the lines of its requirements that name the package, and what was found of it."""

    version: Version
    requirements: tuple[str, ...]
    assessment: Assessment
    findings: tuple[Finding, ...]


def list_affected(
    services: Services, principal: Principal, sought: Sought, limit: int, start: dict[str, Any] | None
) -> Page[AffectedVersion]:
    """The versions in use that have what is sought, of the models that the caller may read, by the models' names.

    ``limit`` counts the models that are looked at, at most 25, so a page may be empty while there is more.
    """
    models = list_models(services, principal, "", "name", min(limit, _MODELS), start)
    heads = model_heads(services, [one.name for one in models.items])
    in_use = [(name, number) for name in sorted(heads) for number in versions_in_use(heads[name])]
    places = [key(*one) for one in in_use for key in (keys.version, keys.vulnerabilities)]
    found = services.table.load_all(places)
    looked_at = (
        _affected(
            sought,
            version_from(found[keys.version(*one)]),
            assessment_from(found[place]) if (place := keys.vulnerabilities(*one)) in found else Assessment(one[1]),
        )
        for one in in_use
        if keys.version(*one) in found
    )
    return Page(tuple(one for one in looked_at if one.findings or one.requirements), models.next_start)


def _affected(sought: Sought, version: Version, assessment: Assessment) -> AffectedVersion:
    findings = tuple(one for one in assessment.findings if sought.found_in(one))
    packages = {one.package for one in findings} | ({normalised(sought.package)} if sought.package else set())
    lines = tuple(
        line
        for line in requirement_lines(version.description.provenance)
        if (wanted := requirement(line)) is not None and wanted.name in packages
    )
    return AffectedVersion(version, lines, assessment, findings)
