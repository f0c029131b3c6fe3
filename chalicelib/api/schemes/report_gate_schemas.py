"""Schemas of the gates on what was reported of a version: checks, evaluations, monitors."""

from typing import Literal

from pydantic import Field, model_validator

from chalicelib.api.schemes.any_gate_schemas import AnyGateBody, BoundedGateBody
from chalicelib.api.schemes.field_schemas import Days, GateName, Number, Reporters
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.evidence.check import MAX_WAIT_MINUTES
from chalicelib.domain.evidence.evaluation import MAX_DATASET_TEXT
from chalicelib.domain.schemes.reporters import MAX_REPORTERS


class ReportedGateBody(AnyGateBody):
    """A gate on a check: whose report counts, for how long, and whether the registry asks for it."""

    max_age_days: Days | None = None
    reporters: Reporters = Field(default_factory=list, max_length=MAX_REPORTERS)
    if_pending: Literal["fail", "last"] = Field(
        "fail", description="What a new report that is awaited means: the gate fails, or the last report counts."
    )
    open_on: Literal["arrival", "request"] | None = Field(
        None,
        description="When the registry opens the check: a version arrives where the move begins, or somebody requests "
        "the move. Without it, somebody else opens or reports it.",
    )
    due_in_minutes: int | None = Field(
        None, ge=1, le=MAX_WAIT_MINUTES, description="How long a check that the registry opened is awaited: a day."
    )

    @model_validator(mode="after")
    def _wait_of_openings(self) -> "ReportedGateBody":
        if self.due_in_minutes is not None and self.open_on is None:
            raise ValueError("due_in_minutes comes with open_on")
        return self


class CheckGateBody(ReportedGateBody):
    """A check with this name was reported as passed and is still valid."""

    kind: Literal["check"]
    check: GateName


class ScanGateBody(ReportedGateBody):
    """The registry's own scan of the files found an acceptable verdict, and no check ``scan`` from outside has failed.

    Where the registry does not scan, the check ``scan`` must have been reported as passed.
    """

    kind: Literal["scan"]
    verdicts: list[Literal["clean", "unscanned", "review"]] = Field(
        default_factory=list, max_length=3, description="Without any, what the scheme's scanning section allows."
    )


class EvaluationGateBody(BoundedGateBody):
    """An evaluation with this name was recorded recently enough, and its metric lies within bounds."""

    kind: Literal["evaluation"]
    evaluation: GateName
    metric: str | None = Field(None, min_length=1, max_length=MAX_KEY)
    max_age_days: Days | None = None
    reporters: Reporters = Field(default_factory=list, max_length=MAX_REPORTERS)

    @model_validator(mode="after")
    def _metric_of_bounds(self) -> "EvaluationGateBody":
        bounded = self.at_least is not None or self.at_most is not None
        if bounded != (self.metric is not None):
            raise ValueError("a metric comes with at_least or at_most, and they with a metric")
        return self


class MonitorGateBody(AnyGateBody):
    """The model's monitor with this name watches the version, hears of it, and finds it well."""

    kind: Literal["monitor"]
    monitor: str = Field(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,55}$")
    warning_holds: bool = Field(False, description="Whether a breach that is not an alarm yet counts as well.")
    for_hours: Number | None = Field(None, gt=0, le=8_760, description="For how long the monitor must have found so.")


class FreshGateBody(AnyGateBody):
    """An evaluation was measured, or a check reported, recently enough, whatever they say."""

    kind: Literal["fresh"]
    evaluation: GateName | None = None
    check: GateName | None = None
    max_age_days: Days
    dataset: str | None = Field(
        None, min_length=1, max_length=MAX_DATASET_TEXT, description="The name of the dataset that was measured on."
    )

    @model_validator(mode="after")
    def _one_report(self) -> "FreshGateBody":
        if (self.evaluation is None) == (self.check is None):
            raise ValueError("give exactly one of evaluation and check")
        if self.dataset is not None and self.evaluation is None:
            raise ValueError("dataset comes with evaluation")
        return self
