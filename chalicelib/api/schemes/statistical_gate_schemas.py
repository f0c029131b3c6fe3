"""Schemas of the gates that compare evaluations beyond chance."""

from typing import Literal

from pydantic import Field, model_validator

from chalicelib.api.schemes.any_gate_schemas import AnyGateBody
from chalicelib.api.schemes.field_schemas import GateName, Level, Number, StageName
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.evidence.evaluation import MAX_GROUP
from chalicelib.domain.statistics.rate import DEFAULT_MIN_N


class BetterGateBody(AnyGateBody):
    """A metric of an evaluation is better than that of the version that holds a stage or an alias, beyond chance.

    The interval of the difference must lie above ``by`` (better by more than that), or above minus ``margin`` (not
    worse by that or more). Both evaluations name the same digest of their dataset.
    """

    kind: Literal["better"]
    evaluation: GateName
    metric: str = Field(min_length=1, max_length=MAX_KEY)
    stage: StageName | None = None
    alias: str | None = Field(None, min_length=1, max_length=255)
    by: Number = Field(0, ge=0, description="The metric is better by more than this.")
    margin: Number | None = Field(None, gt=0, description="The metric is not worse by this or more. Not with by.")
    level: Level = 0.95
    higher_is_better: bool = True
    if_absent: Literal["pass", "fail"] = "pass"

    @model_validator(mode="after")
    def _one_rival_and_bar(self) -> "BetterGateBody":
        if (self.stage is None) == (self.alias is None):
            raise ValueError("give exactly one of stage and alias")
        if self.margin is not None and self.by:
            raise ValueError("give either by or margin")
        return self


class FairnessGateBody(AnyGateBody):
    """A rate is alike in every two groups of the data, by the confusion counts of an evaluation's slices."""

    kind: Literal["fairness"]
    evaluation: GateName
    rate: Literal["selection_rate", "true_positive_rate", "false_positive_rate", "precision", "accuracy"]
    max_gap: float | None = Field(
        None,
        gt=0,
        le=1,
        description="The largest difference. The bound of its interval counts, not its value.",
    )
    min_ratio: float | None = Field(
        None, gt=0, le=1, description="The lower rate by the higher one is at least this: 0.8 for the four-fifths rule."
    )
    across: list[str] = Field(
        default_factory=list,
        max_length=MAX_GROUP,
        description="What the groups differ in, such as sex. Without it, all groups that differ in the same.",
    )
    min_n: int = Field(DEFAULT_MIN_N, ge=1, le=1_000_000, description="The least examples of a group's rate.")
    level: Level = 0.95
    if_small: Literal["pass", "fail"] = Field("pass", description="What groups with fewer examples mean.")
    if_uncertain: Literal["pass", "fail"] = Field(
        "fail",
        description="fail: each gap must be shown to be at most max_gap. pass: only a gap shown to be larger fails, "
        "after Holm's correction for the number of pairs.",
    )

    @model_validator(mode="after")
    def _bounds(self) -> "FairnessGateBody":
        if self.max_gap is None and self.min_ratio is None:
            raise ValueError("give max_gap, min_ratio or both")
        if self.max_gap is None and self.if_uncertain == "pass":
            raise ValueError("if_uncertain comes with max_gap")
        return self
