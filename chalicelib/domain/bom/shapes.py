"""Shapes of the parts of a bill of materials that a card keeps as they are.

A part is fitted to its shape when a document is imported, and again when it is exported: people can write into the same
field of a card what they like. Fields that a shape does not know are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias


class MisfitError(Exception):
    """A value does not have its shape. ``pointer`` is its place in the document, ``message`` says what it must be."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer} {message}")
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True)
class Text:
    """A text; one of ``choices``, if there are any."""

    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape."""

    shape: "Shape"


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with these fields, of which some are required."""

    known: Mapping[str, "Shape"]
    required: tuple[str, ...] = ()


Shape: TypeAlias = Text | Number | ListOf | Fields


def fitted(shape: Shape, value: object, pointer: str = "") -> Any:
    """The value without fields that its shape does not know. Raises MisfitError."""
    if isinstance(shape, Text):
        if not isinstance(value, str) or (shape.choices and value not in shape.choices):
            form = f"one of {', '.join(shape.choices)}" if shape.choices else "a text"
            raise MisfitError(pointer, f"must be {form}")
        return value
    if isinstance(shape, Number):
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise MisfitError(pointer, "must be a number")
        return value
    if isinstance(shape, ListOf):
        if not isinstance(value, list):
            raise MisfitError(pointer, "must be a list")
        return [fitted(shape.shape, one, f"{pointer}/{index}") for index, one in enumerate(value)]
    if not isinstance(value, dict):
        raise MisfitError(pointer, "must be an object")
    for name in shape.required:
        if name not in value:
            raise MisfitError(f"{pointer}/{name}", "is missing")
    known = {name: one for name, one in shape.known.items() if name in value}
    return {name: fitted(one, value[name], f"{pointer}/{name}") for name, one in known.items()}


_TEXT: Final = Text()
_ENERGY: Final = Fields({"value": Number(), "unit": Text(("kWh",))}, ("value", "unit"))
_CARBON: Final = Fields({"value": Number(), "unit": Text(("tCO2eq",))}, ("value", "unit"))
_PROPERTIES: Final = ListOf(Fields({"name": _TEXT, "value": _TEXT}, ("name",)))
_ADDRESS: Final = Fields(
    dict.fromkeys(("country", "region", "locality", "postOfficeBoxNumber", "postalCode", "streetAddress"), _TEXT)
)
_SOURCES: Final = ("coal", "oil", "natural-gas", "nuclear", "wind", "solar", "geothermal", "hydropower", "biofuel")
_PROVIDER: Final = Fields(
    {
        "description": _TEXT,
        "organization": Fields({"name": _TEXT, "address": _ADDRESS}),
        "energySource": Text((*_SOURCES, "unknown", "other")),
        "energyProvided": _ENERGY,
    },
    ("organization", "energySource", "energyProvided"),
)
_ACTIVITIES: Final = ("design", "data-collection", "data-preparation", "training", "fine-tuning", "validation")
_CONSUMPTION: Final = Fields(
    {
        "activity": Text((*_ACTIVITIES, "deployment", "inference", "other")),
        "energyProviders": ListOf(_PROVIDER),
        "activityEnergyCost": _ENERGY,
        "co2CostEquivalent": _CARBON,
        "co2CostOffset": _CARBON,
        "properties": _PROPERTIES,
    },
    ("activity", "energyProviders", "activityEnergyCost"),
)
_APPROACHES: Final = ("supervised", "unsupervised", "reinforcement-learning", "semi-supervised", "self-supervised")
_FORMATS: Final = ListOf(Fields({"format": _TEXT}))
# By the names under which a card keeps them.
KEPT_SHAPES: Final[Mapping[str, Shape]] = {
    "approach": Fields({"type": Text(_APPROACHES)}),
    "architectureFamily": _TEXT,
    "modelArchitecture": _TEXT,
    "inputs": _FORMATS,
    "outputs": _FORMATS,
    "datasets": ListOf(
        Fields(
            {
                "type": Text(("source-code", "configuration", "dataset", "definition", "other")),
                "name": _TEXT,
                "contents": Fields({"url": _TEXT}),
                "classification": _TEXT,
                "sensitiveData": ListOf(_TEXT),
                "description": _TEXT,
            },
            ("type", "name"),
        )
    ),
    "performanceMetrics": ListOf(
        Fields(
            {
                "type": _TEXT,
                "value": _TEXT,
                "slice": _TEXT,
                "confidenceInterval": Fields({"lowerBound": _TEXT, "upperBound": _TEXT}),
            }
        )
    ),
    "environmentalConsiderations": Fields({"energyConsumptions": ListOf(_CONSUMPTION), "properties": _PROPERTIES}),
    "properties": _PROPERTIES,
}
LISTED_CONSIDERATIONS: Final[Mapping[str, Shape]] = {
    "users": ListOf(_TEXT),
    "useCases": ListOf(_TEXT),
    "technicalLimitations": ListOf(_TEXT),
    "performanceTradeoffs": ListOf(_TEXT),
    "ethicalConsiderations": ListOf(Fields({"name": _TEXT, "mitigationStrategy": _TEXT})),
    "fairnessAssessments": ListOf(
        Fields(dict.fromkeys(("groupAtRisk", "benefits", "harms", "mitigationStrategy"), _TEXT))
    ),
}


def fitting(kept: object) -> dict[str, Any]:
    """Those parts of what a card keeps that have their shapes."""
    found = {}
    for name, shape in KEPT_SHAPES.items():
        if isinstance(kept, dict) and name in kept:
            try:
                found[name] = fitted(shape, kept[name])
            except MisfitError:
                # Somebody has written it by hand. It stays on the card, but is no part of the document.
                continue
    return found
