"""Schemas of bills of materials. The documents themselves are CycloneDX's: https://cyclonedx.org/docs/1.7/json/."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.document import Body, View


class ImportBom(Body):
    """A CycloneDX document with one component of the type ``machine-learning-model``. It may have all other fields."""

    model_config = ConfigDict(extra="allow")

    bomFormat: Literal["CycloneDX"]  # noqa: N815 - the standard's own name
    specVersion: Literal["1.5", "1.6", "1.7"]  # noqa: N815 - the standard's own name
    metadata: dict[str, Any] = Field(default_factory=dict)
    components: list[dict[str, Any]] = Field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return self.model_dump()


class BomView(View):
    """A CycloneDX 1.7 document."""

    schema_: str = Field(alias="$schema")
    bomFormat: Literal["CycloneDX"]  # noqa: N815 - the standard's own name
    specVersion: Literal["1.7"]  # noqa: N815 - the standard's own name
    serialNumber: str  # noqa: N815 - the standard's own name
    version: int
    metadata: dict[str, Any]
    components: list[dict[str, Any]] | None = None
    dependencies: list[dict[str, Any]] | None = None
    vulnerabilities: list[dict[str, Any]] | None = None


class ImportedBomView(View):
    """What became of an import.

    ``taken`` names the sections and fields of the card that now say what the document says, ``kept`` those that say
    something else and stayed. ``left`` is what the card has no room for. ``card_revision`` is that of the card.
    """

    card_revision: int
    taken: list[str]
    kept: list[str]
    left: list[str]
