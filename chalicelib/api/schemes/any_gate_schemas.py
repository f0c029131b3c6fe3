"""What all gates have, whatever they look at."""

from pydantic import Field

from chalicelib.api.document import Body, ClassificationWord
from chalicelib.api.schemes.field_schemas import GateName, Number, TierName


class AnyGateBody(Body):
    """A name, and the models that the gate is for."""

    name: GateName
    description: str = Field("", max_length=500)
    tiers: list[TierName] = Field(
        default_factory=list, max_length=3, description="The tiers of models that the gate is for. Without tiers, all."
    )
    classifications: list[ClassificationWord] = Field(
        default_factory=list,
        max_length=6,
        description="The models that the gate is for: those to which one of the words applies. Without words, all.",
    )


class BoundedGateBody(AnyGateBody):
    """A gate on a number. Either bound may be left out."""

    at_least: Number | None = None
    at_most: Number | None = None
