"""Schemas of gates: those on the version itself, and all of them together."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from chalicelib.api.schemes.any_gate_schemas import AnyGateBody, BoundedGateBody
from chalicelib.api.schemes.content_gate_schemas import (
    AttestationGateBody,
    FormatsGateBody,
    LicensesGateBody,
    SignatureGateBody,
    VulnerabilitiesGateBody,
)
from chalicelib.api.schemes.field_schemas import Number, StageName
from chalicelib.api.schemes.report_gate_schemas import (
    CheckGateBody,
    EvaluationGateBody,
    FreshGateBody,
    MonitorGateBody,
    ScanGateBody,
)
from chalicelib.api.schemes.statistical_gate_schemas import BetterGateBody, FairnessGateBody
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.schemes.conditions import MAX_LENGTH

Section = Literal[
    "model_details",
    "intended_use",
    "factors",
    "metrics",
    "evaluation_data",
    "training_data",
    "quantitative_analyses",
    "ethical_considerations",
    "caveats_and_recommendations",
]


class MetricGateBody(BoundedGateBody):
    """A metric of the version lies within bounds. At least one bound is required."""

    kind: Literal["metric"]
    metric: str = Field(min_length=1, max_length=MAX_KEY)

    @model_validator(mode="after")
    def _bounds(self) -> "MetricGateBody":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        return self


class CompareGateBody(AnyGateBody):
    """A metric is better, by at least ``by``, than in the version that holds a stage or an alias."""

    kind: Literal["compare"]
    metric: str = Field(min_length=1, max_length=MAX_KEY)
    stage: StageName | None = None
    alias: str | None = Field(None, min_length=1, max_length=255)
    by: Number = Field(0, ge=0)
    higher_is_better: bool = True
    if_absent: Literal["pass", "fail"] = "pass"

    @model_validator(mode="after")
    def _one_rival(self) -> "CompareGateBody":
        if (self.stage is None) == (self.alias is None):
            raise ValueError("give exactly one of stage and alias")
        return self


class DocumentationGateBody(AnyGateBody):
    """Sections of the model card are filled."""

    kind: Literal["documentation"]
    sections: list[Section] = Field(min_length=1, max_length=9)
    min_characters: int = Field(1, ge=1, le=10_000)
    independent: bool = Field(
        False, description="Each section was last written by somebody who did not register the version."
    )


class ProvenanceGateBody(AnyGateBody):
    """The version states its provenance."""

    kind: Literal["provenance"]
    fields: list[Literal["author", "run", "datasets", "source", "runtime", "framework", "signature"]] = Field(
        min_length=1, max_length=7
    )


class ConditionGateBody(AnyGateBody):
    """An expression in CEL is true."""

    kind: Literal["condition"]
    expression: str = Field(min_length=1, max_length=MAX_LENGTH)


GateBody = Annotated[
    MetricGateBody
    | CompareGateBody
    | CheckGateBody
    | ScanGateBody
    | DocumentationGateBody
    | ProvenanceGateBody
    | EvaluationGateBody
    | MonitorGateBody
    | BetterGateBody
    | FairnessGateBody
    | FreshGateBody
    | LicensesGateBody
    | FormatsGateBody
    | VulnerabilitiesGateBody
    | SignatureGateBody
    | AttestationGateBody
    | ConditionGateBody,
    Field(discriminator="kind"),
]
Gates = Annotated[list[GateBody], Field(max_length=20)]
