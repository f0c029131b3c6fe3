"""The vulnerabilities of a version's libraries, with what people state of them: VEX inside the bill of materials."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.bom.components import libraries
from chalicelib.domain.bom.material import Material, properties
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus

_STATES: Final[Mapping[VexStatus, str]] = {
    VexStatus.NOT_AFFECTED: "not_affected",
    VexStatus.AFFECTED: "exploitable",
    VexStatus.FIXED: "resolved",
    VexStatus.UNDER_INVESTIGATION: "in_triage",
}
# OpenVEX's words; CycloneDX's own stay as they are.
_JUSTIFICATIONS: Final[Mapping[str, str]] = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "vulnerable_code_cannot_be_controlled_by_adversary": "requires_environment",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}


def vulnerabilities(material: Material) -> list[dict[str, Any]]:
    """What was found when the version was last matched, worst first; nothing if it never was."""
    return [] if material.assessment is None else list(_vulnerabilities(material))


def _vulnerabilities(material: Material) -> Iterator[dict[str, Any]]:
    refs: dict[str, list[dict[str, str]]] = {}
    for library in libraries(material):
        refs.setdefault(library["name"], []).append({"ref": library["bom-ref"]})
    for found in material.assessment.findings if material.assessment else ():
        given = {
            "id": found.advisory,
            "ratings": [{"severity": found.severity.value}],
            "recommendation": f"Use {found.package} {found.fixed}." if found.fixed else "",
            "affects": refs.get(found.package, []),
            "analysis": _analysis(material, found),
            "properties": properties({f"alias:{alias}": alias for alias in found.aliases}),
        }
        yield {name: value for name, value in given.items() if value}


def _analysis(material: Material, found: Finding) -> dict[str, Any]:
    """What is stated of a finding and has not expired: under its own name first, else under another."""
    stated = material.assessment.statements if material.assessment else {}
    named = [stated[name] for name in (found.advisory, *found.aliases) if name in stated]
    standing = next((one for one in named if one.stands(material.now)), None)
    return {} if standing is None else _stated(standing)


def _stated(statement: Statement) -> dict[str, Any]:
    justification = _JUSTIFICATIONS.get(statement.justification, statement.justification)
    given = {
        "state": _STATES[statement.status],
        "justification": justification,
        "detail": statement.detail,
        "lastUpdated": statement.stated_at,
    }
    return {name: value for name, value in given.items() if value}
