"""Schemas of models and their promotion rules, and of what restricts models and versions."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Body, Paging, Reason, Time, VersionNumber, View
from chalicelib.api.schemes.field_schemas import TierName
from chalicelib.api.schemes.schemas import SchemeRefView
from chalicelib.domain import documents
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.names import MAX_MODEL_NAME
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule

LevelName = Literal["public", "internal", "confidential", "restricted"]
LevelField = Field(None, description="How far the model's data may be known. Null: nobody has said.")
PersonalDataField = Field(False, description="The data is about people who could be told from it. Not without a level.")


class CreateModel(Body):
    name: str = Field(min_length=1, max_length=MAX_MODEL_NAME)
    description: str = Field("", max_length=documents.MAX_DESCRIPTION)
    owner: str = Field("", max_length=documents.MAX_OWNER)
    tags: dict[str, str] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)

    classification: LevelName | None = LevelField
    personal_data: bool = PersonalDataField

    def classified(self) -> Classification | None:
        return _classification(self.classification, self.personal_data)

    def profile(self) -> ProfileChange:
        return ProfileChange(self.description, self.owner, self.tags, self.metadata)


class UpdateModel(Body):
    """Fields to change. ``null`` empties a field. Given ``tags`` or ``metadata`` replace all present ones."""

    description: str | None = Field(None, max_length=documents.MAX_DESCRIPTION)
    owner: str | None = Field(None, max_length=documents.MAX_OWNER)
    tags: dict[str, str] | None = None
    metadata: dict[str, Any] | None = None

    def change(self) -> ProfileChange:
        given = self.model_fields_set
        return ProfileChange(
            description=self.description or "" if "description" in given else None,
            owner=self.owner or "" if "owner" in given else None,
            tags=self.tags or {} if "tags" in given else None,
            metadata=self.metadata or {} if "metadata" in given else None,
        )


class ClassifyModel(Body):
    """A lower classification than the model has needs a ``reason``."""

    classification: LevelName | None = LevelField
    personal_data: bool = PersonalDataField
    reason: Reason | None = None

    def classified(self) -> Classification | None:
        return _classification(self.classification, self.personal_data)


class ClassificationView(View):
    classification: LevelName | None
    personal_data: bool


def _classification(level: LevelName | None, personal_data: bool) -> Classification | None:
    """What was given. Raises InvalidInputError for personal data without a level."""
    if level is not None:
        return Classification(Level(level), personal_data)
    if personal_data:
        message = "comes with a classification"
        raise InvalidInputError(f"personal_data {message}.", [Problem("/personal_data", message)])
    return None


class ListModels(Paging):
    prefix: str | None = Field(
        None, min_length=1, max_length=MAX_MODEL_NAME, description="Only models whose names begin with this."
    )
    order: Literal["name", "newest"] | None = Field(
        None, description="By name, or newest first. The default is name with a prefix, else newest."
    )

    def ordered(self) -> Literal["name", "newest"]:
        """The order of the list. Raises InvalidInputError for newest with a prefix, which no index serves."""
        if self.prefix is not None and self.order == "newest":
            raise InvalidInputError(
                "A list with a prefix is always ordered by name. Leave order out, or set it to name."
            )
        return self.order or ("newest" if self.prefix is None else "name")


class BeatsRule(Body):
    stage: str
    by: int | float = Field(0, ge=0)


class SetPromotionRule(Body):
    """Takes exactly one of ``at_least`` and ``beats``. If lower is better, ``at_least`` is an upper bound."""

    metric: str = Field(min_length=1, max_length=documents.MAX_KEY)
    to_stage: str
    higher_is_better: bool = True
    at_least: int | float | None = None
    beats: BeatsRule | None = None

    def rule(self) -> PromotionRule:
        beats = None if self.beats is None else Beats(self.beats.stage, self.beats.by)
        return PromotionRule(self.metric, self.to_stage, self.higher_is_better, self.at_least, beats)


class BeatsView(View):
    stage: str
    by: int | float


class PromotionRuleView(View):
    metric: str
    to_stage: str
    higher_is_better: bool
    at_least: int | float | None
    beats: BeatsView | None


class ListedModelView(View):
    """The part of a model that lists show."""

    name: str
    description: str
    owner: str
    tags: dict[str, str]
    metadata: dict[str, Any]
    created_at: Time
    created_by: str


class StageHolder(View):
    version: VersionNumber


class RetentionView(View):
    never_promoted_after_days: int | None
    archived_after_days: int | None
    keep_last: int


class RestrictionView(View):
    """A freeze of a model, or a lock or a legal hold of a version."""

    reason: str
    by: str
    at: Time


class ModelView(ListedModelView):
    """A model. ``last_version`` is the highest number given so far, ``versions`` the count of present versions.

    ``updated_at`` is the time of the last change of any kind. ``revised_at`` is the last time that the model's
    description changed, or that a version was added, moved or deleted.
    """

    updated_at: Time
    revised_at: Time
    last_version: int
    versions: int
    aliases: dict[str, VersionNumber]
    stages: dict[str, StageHolder]
    protected_aliases: list[str]
    promotion_rule: PromotionRuleView | None
    scheme: SchemeRefView
    tier: TierName
    classification: LevelName | None
    personal_data: bool
    retention: RetentionView | None
    frozen: RestrictionView | None
