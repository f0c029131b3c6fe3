"""Schemas of model cards."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Digest, Query, Time, View
from chalicelib.domain.cards import card
from chalicelib.domain.cards.decisions import CardChange

Section = Annotated[str, StringConstraints(max_length=card.MAX_SECTION)]
Text = Annotated[str, StringConstraints(max_length=card.MAX_FIELD)]
Texts = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=card.MAX_FIELD)]],
    Field(max_length=card.MAX_FIELD_ENTRIES),
]


class CardSections(Body):
    """Free markdown, one text for each section of Mitchell et al. 2019. ``null`` or an empty text removes a section."""

    model_details: Section | None = None
    intended_use: Section | None = None
    factors: Section | None = None
    metrics: Section | None = None
    evaluation_data: Section | None = None
    training_data: Section | None = None
    quantitative_analyses: Section | None = None
    ethical_considerations: Section | None = None
    caveats_and_recommendations: Section | None = None


class CardFields(Body):
    """Fields for programs, named as in Hugging Face's front matter. ``extra`` keeps all its other fields."""

    introduction: Section | None = Field(default=None, description="Markdown before the first section.")
    license: Text | None = None
    language: Texts | None = None
    tags: Texts | None = None
    datasets: Texts | None = None
    base_model: Texts | None = None
    pipeline_tag: Text | None = None
    library_name: Text | None = None
    metrics: Texts | None = None
    extra: dict[str, Any] | None = None


class UpdateCard(Body):
    """Sections and fields to change. The others stay as they are."""

    sections: CardSections = Field(default_factory=CardSections)
    fields_: CardFields = Field(default_factory=CardFields, alias="fields")

    def change(self) -> CardChange:
        return CardChange(self.sections.model_dump(exclude_unset=True), self.fields_.model_dump(exclude_unset=True))


class SetCard(Body):
    """A whole card. Sections and fields that are not given are removed."""

    sections: CardSections
    fields_: CardFields = Field(default_factory=CardFields, alias="fields")

    def change(self) -> CardChange:
        return CardChange(
            self.sections.model_dump(exclude_unset=True), self.fields_.model_dump(exclude_unset=True), whole=True
        )


class CardQuery(Query):
    revision: int | None = Field(None, ge=1, le=999_999_999, description="This revision instead of the last.")


class SectionsView(View):
    model_details: str | None = None
    intended_use: str | None = None
    factors: str | None = None
    metrics: str | None = None
    evaluation_data: str | None = None
    training_data: str | None = None
    quantitative_analyses: str | None = None
    ethical_considerations: str | None = None
    caveats_and_recommendations: str | None = None


class FieldsView(View):
    introduction: str | None = None
    license: str | None = None
    language: list[str] | None = None
    tags: list[str] | None = None
    datasets: list[str] | None = None
    base_model: list[str] | None = None
    pipeline_tag: str | None = None
    library_name: str | None = None
    metrics: list[str] | None = None
    extra: dict[str, Any] | None = None


class CardView(View):
    """A revision of a model's card, with the sections and fields that are filled in. Revision 0 is empty."""

    model: str
    revision: int
    digest: Digest
    sections: SectionsView
    fields_: FieldsView = Field(alias="fields")
    updated_at: Time | None
    updated_by: str | None


class CardRevisionView(View):
    """One revision; ``changed`` names the sections and fields that it changed."""

    revision: int
    digest: Digest
    changed: list[str]
    updated_at: Time
    updated_by: str
