"""Schemas of the rules that say whose reports count."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Body
from chalicelib.api.schemes.field_schemas import Patterns, TierName
from chalicelib.domain.schemes.reporters import MAX_REPORTERS

ClaimName = Annotated[str, StringConstraints(pattern=r"^[\w:./\-]{1,128}$")]


class ReporterTermsBody(Body):
    """What a reporter must be. Each part that is given must hold: at least one is required."""

    principals: Patterns = Field(default_factory=list, max_length=MAX_REPORTERS)
    roles: list[str] = Field(default_factory=list, max_length=20, description="One of these roles on the model.")
    claims: dict[ClaimName, Annotated[Patterns, Field(min_length=1, max_length=MAX_REPORTERS)]] = Field(
        default_factory=dict,
        max_length=10,
        description="OIDC claims, each with patterns of its value. The trust must have a condition on the claim.",
        examples=[{"job_workflow_ref": ["acme/validation/.github/workflows/validate.yml@*"]}],
    )

    @model_validator(mode="after")
    def _some_part(self) -> "ReporterTermsBody":
        if not (self.principals or self.roles or self.claims):
            raise ValueError("give principals, roles or claims")
        return self


class EvidenceRuleBody(Body):
    """Whose reports count of the checks and evaluations that the rule names. Every rule that names one must be met."""

    checks: Patterns = Field(default_factory=list, max_length=20, description="Names of checks; * stands for any text.")
    evaluations: Patterns = Field(default_factory=list, max_length=20, description="Names of evaluations, likewise.")
    reporters: list[ReporterTermsBody] = Field(
        default_factory=list, max_length=10, description="Alternatives. Without any, everybody who may report."
    )
    independent: bool = Field(
        False,
        description="Only persons who neither registered the version nor made its bytes, by whatever token.",
    )
    tiers: list[TierName] = Field(default_factory=list, max_length=3)

    @model_validator(mode="after")
    def _says_something(self) -> "EvidenceRuleBody":
        if not (self.checks or self.evaluations):
            raise ValueError("give checks, evaluations or both")
        if not (self.reporters or self.independent):
            raise ValueError("give reporters, independent or both")
        return self
