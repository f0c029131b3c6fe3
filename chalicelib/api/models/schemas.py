"""Schemas of models and their promotion rules, and of what restricts models and versions."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Body, Paging, Time, VersionNumber, View
from chalicelib.api.schemes.schemas import SchemeRefView, TierName
from chalicelib.domain import documents
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.names import MAX_MODEL_NAME
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule


class CreateModel(Body):
    name: str = Field(min_length=1, max_length=MAX_MODEL_NAME)
    description: str = Field("", max_length=documents.MAX_DESCRIPTION)
    owner: str = Field("", max_length=documents.MAX_OWNER)
    tags: dict[str, str] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)

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
    retention: RetentionView | None
    frozen: RestrictionView | None
