"""Schemas of the gates on what a version holds and requires: licences, formats, vulnerabilities, signatures."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.api.schemes.any_gate_schemas import AnyGateBody
from chalicelib.api.schemes.field_schemas import Days, GateName
from chalicelib.domain.licenses.expression import LicenseExpressionError
from chalicelib.domain.licenses.policy import check_entry
from chalicelib.domain.signing.provenance import MAX_TEXT, PROVENANCE_TYPES

Origins = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]], Field(max_length=20)]


def _license_entry(entry: str) -> str:
    try:
        return check_entry(entry)
    except LicenseExpressionError as error:
        raise ValueError(str(error)) from error


LicenseEntries = Annotated[
    list[
        Annotated[
            str,
            StringConstraints(pattern=r"^[A-Za-z0-9.:+*\-]+( WITH [A-Za-z0-9.*\-]+)?$", max_length=200),
            AfterValidator(_license_entry),
        ]
    ],
    Field(max_length=200, description="Identifiers of the SPDX list, LicenseRef-… or patterns with * for any text."),
]
FormatNames = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_\-]{0,31}$")]], Field(max_length=50)
]


class LicensesGateBody(AnyGateBody):
    """The licence of the version's model is allowed, and so are those of all models that the version was made from.

    ``deny`` counts before ``review``, and ``review`` before ``allow``. With ``allow``, no other licence is allowed.
    What is for review is allowed once the check ``check`` was reported as passed.
    """

    kind: Literal["licenses"]
    allow: LicenseEntries = Field(default_factory=list)
    deny: LicenseEntries = Field(default_factory=list)
    review: LicenseEntries = Field(default_factory=list)
    check: GateName | None = Field(None, description="The check that says that somebody has reviewed a licence.")
    if_absent: Literal["fail", "review", "pass"] = Field(
        "fail", description="What a licence means that is not stated, not understood, or of a model elsewhere."
    )

    @model_validator(mode="after")
    def _some_policy(self) -> "LicensesGateBody":
        if not (self.allow or self.deny or self.review or "if_absent" in self.model_fields_set):
            raise ValueError("give allow, deny, review or if_absent")
        reviews = bool(self.review) or self.if_absent == "review"
        if reviews != (self.check is not None):
            raise ValueError("check comes with review or with if_absent: review, and they with check")
        return self


class FormatsGateBody(AnyGateBody):
    """The files have only formats that are allowed, and none that is denied.

    A format is what the scan found, or what the file's name promises where none was found. ``unknown`` is what neither
    shows.
    """

    kind: Literal["formats"]
    allow: FormatNames = Field(default_factory=list)
    deny: FormatNames = Field(default_factory=list)

    @model_validator(mode="after")
    def _some_formats(self) -> "FormatsGateBody":
        if not (self.allow or self.deny):
            raise ValueError("give allow, deny or both")
        return self


class VulnerabilitiesGateBody(AnyGateBody):
    """No vulnerability of the version's requirements is worse than ``max_severity``, unless a statement lifts it."""

    kind: Literal["vulnerabilities"]
    max_severity: Literal["none", "low", "medium", "high", "critical"] = Field(
        description="The worst severity that may remain. One that no advisory rates counts as critical."
    )
    max_age_days: Days | None = Field(
        None, description="How old the advisories may be that the version was matched to."
    )
    if_no_data: Literal["pass", "fail"] = Field("fail", description="What it means if the registry has no advisories.")
    unpinned: Literal["pass", "fail"] = Field(
        "pass", description="What requirements mean that are not pinned to one version, or not recorded at all."
    )


class SignatureGateBody(AnyGateBody):
    """The version's files are signed by one of the trusted signers, or by the registry."""

    kind: Literal["signature"]
    signers: list[Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field(
        default_factory=list, max_length=20, description="Names of trusted signers, where * matches any characters."
    )
    registry: bool = Field(False, description="Whether the registry's own signature counts.")

    @model_validator(mode="after")
    def _somebody(self) -> "SignatureGateBody":
        if not self.signers and not self.registry:
            raise ValueError("give signers, registry or both")
        return self


class AttestationGateBody(AnyGateBody):
    """A signed statement about the version: by default SLSA provenance about all of its files."""

    kind: Literal["attestation"]
    predicate_type: str | None = Field(
        None, min_length=1, max_length=MAX_TEXT, description="The type of the statement's predicate."
    )
    signers: list[Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field(
        default_factory=list, max_length=20, description="Names of trusted signers, where * matches any characters."
    )
    builders: Origins = Field(default_factory=list, description="Ids of builders, where * matches any characters.")
    repositories: Origins = Field(default_factory=list, description="URLs of the source, where * matches any.")
    whole: bool = Field(True, description="Whether it must be about the version itself or all of its files.")

    @model_validator(mode="after")
    def _origins_of_provenance(self) -> "AttestationGateBody":
        if (self.builders or self.repositories) and self.predicate_type not in (None, *PROVENANCE_TYPES):
            raise ValueError("builders and repositories come with SLSA provenance")
        return self
