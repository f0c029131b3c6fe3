"""The built-in schemes, which every registry has. They cannot be changed, but copied under another name."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document

_ARCHIVED: Final = {"name": "archived", "description": "Out of use, kept for the record."}

_DEFAULT: Final[Mapping[str, Any]] = {
    "name": "default",
    "description": "Four stages, moved by hand or by a model's promotion rule.",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "staging"},
        {"name": "production", "exclusive": True},
        _ARCHIVED,
    ],
    "transitions": [
        {"from": "development", "to": "staging"},
        {"from": "development", "to": "production"},
        {"from": "development", "to": "archived"},
        {"from": "staging", "to": "production"},
        {"from": "staging", "to": "development"},
        {"from": "staging", "to": "archived"},
        {"from": "production", "to": "staging"},
        {"from": "production", "to": "archived"},
        {"from": "archived", "to": "development"},
        {"from": "archived", "to": "staging"},
    ],
}

_SIMPLE: Final[Mapping[str, Any]] = {
    "name": "simple",
    "description": "In development, in production, or archived.",
    "initial": "development",
    "archive": "archived",
    "stages": [{"name": "development"}, {"name": "production", "exclusive": True}, _ARCHIVED],
    "transitions": [
        {"from": ["development", "archived"], "to": "production"},
        {"from": ["development", "production"], "to": "archived"},
        {"from": "archived", "to": "development"},
    ],
}

_STANDARD: Final[Mapping[str, Any]] = {
    "name": "standard",
    "description": "The four stages that MLflow's clients know, every move between them allowed.",
    "initial": "None",
    "archive": "Archived",
    "stages": [{"name": "None"}, {"name": "Staging"}, {"name": "Production"}, {"name": "Archived"}],
    "transitions": [
        {"from": ["Staging", "Production", "Archived"], "to": "None"},
        {"from": ["None", "Production", "Archived"], "to": "Staging"},
        {"from": ["None", "Staging", "Archived"], "to": "Production"},
        {"from": ["None", "Staging", "Production"], "to": "Archived"},
    ],
}

_REVIEWED: Final = (
    {"name": "validation", "kind": "check", "check": "validation", "max_age_days": 180},
    {"name": "fairness", "kind": "check", "check": "fairness", "max_age_days": 180, "tiers": ["medium", "high"]},
    {
        "name": "recent-evaluation",
        "kind": "evaluation",
        "evaluation": "holdout",
        "max_age_days": 90,
        "tiers": ["high"],
    },
)

_REGULATED: Final[Mapping[str, Any]] = {
    "name": "regulated",
    "description": "Into validation by itself when its origin is known and it was scanned; into production by review. "
    "Evidence comes from somebody else than the version.",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development", "description": "Registered, not yet complete."},
        {"name": "validation", "description": "Complete; under independent validation."},
        {
            "name": "production",
            "description": "In use for decisions.",
            "exclusive": True,
            "protected": True,
            "on_enter": {"aliases": ["champion"]},
        },
        _ARCHIVED,
    ],
    "transitions": [
        {
            "from": "development",
            "to": "validation",
            "automatic": True,
            "gates": [
                {"name": "provenance", "kind": "provenance", "fields": ["source", "datasets", "runtime"]},
                {"name": "scan", "kind": "scan", "max_age_days": 90},
            ],
        },
        {
            "from": "validation",
            "to": "production",
            "gates": [
                {
                    "name": "documentation",
                    "kind": "documentation",
                    "sections": ["model_details", "intended_use"],
                    "min_characters": 40,
                },
                {
                    "name": "assessment",
                    "kind": "documentation",
                    "description": "What it was measured on and whom it may harm, in the words of somebody else.",
                    "sections": ["evaluation_data", "ethical_considerations"],
                    "min_characters": 40,
                    "independent": True,
                },
                *_REVIEWED,
            ],
            "approvals": [
                {"count": 1, "roles": ["reviewer", "maintainer", "admin"], "tiers": ["low"]},
                {"count": 2, "roles": ["reviewer", "maintainer", "admin"], "tiers": ["medium", "high"]},
            ],
        },
        {"from": ["development", "validation"], "to": "archived"},
        {"from": "production", "to": "archived"},
        {"from": ["validation", "archived"], "to": "development"},
    ],
    "rollback": {"allowed": True, "reason_required": True},
    "evidence": [{"checks": ["*"], "evaluations": ["*"], "independent": True}],
    "scanning": {"allow": ["clean"]},
}


def _first_regulated() -> dict[str, Any]:
    """The first version of ``regulated``, under which whoever registered a version could vouch for it as well."""
    documentation = {
        "name": "documentation",
        "kind": "documentation",
        "sections": ["model_details", "intended_use", "evaluation_data", "ethical_considerations"],
        "min_characters": 40,
    }
    into_validation, into_production, *others = _REGULATED["transitions"]
    return {
        **{name: value for name, value in _REGULATED.items() if name not in ("evidence", "scanning")},
        "description": "Into validation by itself when its origin is known and it was scanned; into production by "
        "review.",
        "transitions": [into_validation, {**into_production, "gates": [documentation, *_REVIEWED]}, *others],
    }


def _second_regulated() -> dict[str, Any]:
    """The second version of ``regulated``, which gave out files in which the scan found nothing that it knows."""
    return {name: value for name, value in _REGULATED.items() if name != "scanning"}


# The documents by name. A model keeps the version that it was assigned, whatever later releases bring.
PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    **{document["name"]: {**document, "version": 1} for document in (_DEFAULT, _SIMPLE, _STANDARD)},
    "regulated": {**_REGULATED, "version": 3},
}
_EARLIER: Final[Mapping[tuple[str, int], Mapping[str, Any]]] = {
    ("regulated", 1): {**_first_regulated(), "version": 1},
    ("regulated", 2): {**_second_regulated(), "version": 2},
}
DEFAULT_SCHEME: Final[Scheme] = scheme_from_document(PRESETS["default"])


def built_in(name: str, version: int | None = None) -> Mapping[str, Any] | None:
    """The document of a built-in scheme, as it is or as a version of it was; None if there is none."""
    present = PRESETS.get(name)
    if version is None or (present is not None and version == present["version"]):
        return present
    return _EARLIER.get((name, version))
