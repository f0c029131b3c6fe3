"""What the registry knows of a version, from which its bill of materials is made, and how tables map it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from chalicelib.domain.bom.shapes import fitting
from chalicelib.domain.cards.card import EXTRA, Card
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.instants import Instant
from chalicelib.domain.licenses.stated import StatedLicense, stated_license
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.assessment import Assessment

T = TypeVar("T")
# From the name of a field of CycloneDX to what makes its value of the registry's.
Table: TypeAlias = Mapping[str, Callable[[T], Any]]

# The field of a card's ``extra`` that keeps what an imported document says and no other field has a place for.
KEPT: Final = "cyclonedx"
_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Material:
    """A version with its model, files and card, and the latest evaluations by name.

    ``base_cards`` are the cards of the models that it was made from, by name, as far as the reader may see them.
    ``assessment`` is what is known of the vulnerabilities of its requirements ``now``.
    """

    model: Model
    profile: Profile
    version: Version
    files: tuple[File, ...]
    card: Card = field(default_factory=Card)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    base_cards: Mapping[str, Card] = field(default_factory=dict)
    assessment: Assessment | None = None
    now: Instant = Instant("")

    @property
    def license(self) -> StatedLicense:
        return stated_license(self.card.fields)

    @property
    def provenance(self) -> Mapping[str, Any]:
        return self.version.description.provenance

    @property
    def kept(self) -> Mapping[str, Any]:
        """What an imported document said that only a bill of materials has a place for."""
        return fitting((self.card.fields.get(EXTRA) or {}).get(KEPT))


def filled(table: Table[T], given: T) -> dict[str, Any]:
    """The fields of a table that have a value."""
    made = ((name, make(given)) for name, make in table.items())
    return {name: value for name, value in made if value not in _NOTHING}


def properties(values: Mapping[str, object]) -> list[dict[str, str]]:
    """Values that CycloneDX has no field for, as its properties of the registry's name."""
    return [
        {"name": f"moorage:{name}", "value": value if isinstance(value, str) else str(value)}
        for name, value in values.items()
        if value not in _NOTHING
    ]
