"""Schemas of promotion schemes. People write these documents, so their JSON Schema is published."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.api.document import Body, ClassificationWord, Query, Reason, Time, View
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.evidence.check import MAX_WAIT_MINUTES
from chalicelib.domain.evidence.evaluation import MAX_DATASET_TEXT, MAX_GROUP
from chalicelib.domain.licenses.expression import LicenseExpressionError
from chalicelib.domain.licenses.policy import check_entry
from chalicelib.domain.scanning.findings import MAX_SUFFIXES
from chalicelib.domain.schemes.conditions import MAX_LENGTH
from chalicelib.domain.schemes.evidence_rules import MAX_RULES
from chalicelib.domain.schemes.reporters import MAX_REPORTER, MAX_REPORTERS
from chalicelib.domain.signing.provenance import MAX_TEXT, PROVENANCE_TYPES
from chalicelib.domain.statistics.rate import DEFAULT_MIN_N

SchemeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")]
StageName = Annotated[str, StringConstraints(pattern=r"^[\w\-]+$", max_length=64)]
Directions = Annotated[
    dict[str, Literal["up", "down"]],
    Field(description="Metrics of which it is known whether higher values are better (up) or lower ones (down)."),
]
FileSuffix = Annotated[str, StringConstraints(pattern=r"^(\.[^A-Z./\s]{1,32})?$")]
GateName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")]
TierName = Literal["low", "medium", "high"]
Number = int | float
Days = Annotated[int | float, Field(gt=0, le=3650)]
Level = Annotated[
    float, Field(ge=0.5, le=0.9999, description="The level of the intervals, with half of the rest on either side.")
]
Patterns = list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_REPORTER)]]
ClaimName = Annotated[str, StringConstraints(pattern=r"^[\w:./\-]{1,128}$")]
Reporters = Annotated[
    Patterns,
    Field(
        description="Patterns of who may report it, such as oidc:github:repo:acme/fraud:*. Without any, everybody who "
        "may report."
    ),
]
Origins = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]], Field(max_length=20)]
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


class _Gate(Body):
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


class _Bounded(_Gate):
    at_least: Number | None = None
    at_most: Number | None = None


class MetricGateBody(_Bounded):
    """A metric of the version lies within bounds. At least one bound is required."""

    kind: Literal["metric"]
    metric: str = Field(min_length=1, max_length=MAX_KEY)

    @model_validator(mode="after")
    def _bounds(self) -> "MetricGateBody":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        return self


class CompareGateBody(_Gate):
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


class _CheckedGate(_Gate):
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
    def _wait_of_openings(self) -> "_CheckedGate":
        if self.due_in_minutes is not None and self.open_on is None:
            raise ValueError("due_in_minutes comes with open_on")
        return self


class CheckGateBody(_CheckedGate):
    """A check with this name was reported as passed and is still valid."""

    kind: Literal["check"]
    check: GateName


class ScanGateBody(_CheckedGate):
    """The registry's own scan of the files found an acceptable verdict, and no check ``scan`` from outside has failed.

    Where the registry does not scan, the check ``scan`` must have been reported as passed.
    """

    kind: Literal["scan"]
    verdicts: list[Literal["clean", "unscanned", "review"]] = Field(
        default_factory=list, max_length=3, description="Without any, what the scheme's scanning section allows."
    )


class DocumentationGateBody(_Gate):
    """Sections of the model card are filled."""

    kind: Literal["documentation"]
    sections: list[Section] = Field(min_length=1, max_length=9)
    min_characters: int = Field(1, ge=1, le=10_000)
    independent: bool = Field(
        False, description="Each section was last written by somebody who did not register the version."
    )


class ProvenanceGateBody(_Gate):
    """The version states its provenance."""

    kind: Literal["provenance"]
    fields: list[Literal["author", "run", "datasets", "source", "runtime", "framework", "signature"]] = Field(
        min_length=1, max_length=7
    )


class EvaluationGateBody(_Bounded):
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


class MonitorGateBody(_Gate):
    """The model's monitor with this name watches the version, hears of it, and finds it well."""

    kind: Literal["monitor"]
    monitor: str = Field(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,55}$")
    warning_holds: bool = Field(False, description="Whether a breach that is not an alarm yet counts as well.")
    for_hours: Number | None = Field(None, gt=0, le=8_760, description="For how long the monitor must have found so.")


class BetterGateBody(_Gate):
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


class FairnessGateBody(_Gate):
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


class FreshGateBody(_Gate):
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


class LicensesGateBody(_Gate):
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


class FormatsGateBody(_Gate):
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


class VulnerabilitiesGateBody(_Gate):
    """No vulnerability of the version's requirements is worse than ``max_severity``, unless a statement lifts it."""

    kind: Literal["vulnerabilities"]
    max_severity: Literal["none", "low", "medium", "high", "critical"] = Field(
        description="The worst severity that may remain. One that no advisory rates counts as critical."
    )
    max_age_days: Days | None = Field(
        None, description="How old the advisories may be that the version was matched to."
    )
    if_no_data: Literal["pass", "fail"] = Field("fail", description="What a version means that was never matched.")
    unpinned: Literal["pass", "fail"] = Field(
        "pass", description="What requirements mean that are not pinned to one version, or not recorded at all."
    )


class SignatureGateBody(_Gate):
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


class AttestationGateBody(_Gate):
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


class ConditionGateBody(_Gate):
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


class OnEnter(Body):
    """What happens when a version enters the stage, besides archiving the previous holder of an exclusive stage."""

    aliases: list[str] = Field(default_factory=list, max_length=10, description="Aliases that move to the version.")


class StageBody(Body):
    name: StageName
    description: str = Field("", max_length=500)
    exclusive: bool = Field(False, description="At most one version. Entering the stage archives the previous one.")
    protected: bool = Field(False, description="Can be entered only by requests, automatic moves and rollbacks.")
    terminal: bool = Field(False, description="No transition leads out.")
    quarantined: bool = Field(
        False, description="Versions in quarantine may enter, as they may the initial stage and the archive."
    )
    on_enter: OnEnter | None = None


class ApprovalsBody(Body):
    """``count`` people must approve, with one of the roles on the model or in one of the groups.

    Without roles and groups, anybody who may approve counts.
    """

    count: int = Field(ge=1, le=10)
    roles: list[str] = Field(default_factory=list, max_length=20)
    groups: list[str] = Field(default_factory=list, max_length=20)
    tiers: list[TierName] = Field(default_factory=list, max_length=3)


_Origin = StageName | Annotated[list[StageName], Field(min_length=1, max_length=20)]


class TransitionBody(Body):
    """An allowed move. ``execution`` says whether an approved request is executed automatically or by a call."""

    from_stage: _Origin = Field(alias="from")
    to: StageName
    gates: Gates = Field(default_factory=list)
    approvals: list[ApprovalsBody] = Field(default_factory=list, max_length=5)
    automatic: bool = Field(False, description="The move is made as soon as the gates hold.")
    execution: Literal["automatic", "manual"] = "automatic"


class RollbackBody(Body):
    allowed: bool = True
    reason_required: bool = False
    gates: Gates = Field(default_factory=list)


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


class ScanningBody(Body):
    """Which verdicts let a version out of quarantine. Each of its files must have one of them."""

    allow: list[Literal["clean", "unscanned", "review", "unsafe"]] = Field(
        min_length=1,
        max_length=3,
        description="unsafe is refused: only a release gives such files out.",
    )
    unscanned_suffixes: list[FileSuffix] | None = Field(
        None,
        max_length=MAX_SUFFIXES,
        description="How the names of unscanned files must end, such as .md. The empty text is a name without an end.",
    )


class SchemeBody(Body):
    """A promotion scheme."""

    description: str = Field("", max_length=2_000)
    initial: StageName = Field(description="The stage of new versions.")
    archive: StageName = Field(description="Where versions go when another version takes their exclusive stage.")
    stages: list[StageBody] = Field(min_length=2, max_length=20)
    transitions: list[TransitionBody] = Field(min_length=1, max_length=100)
    rollback: RollbackBody | None = None
    evidence: list[EvidenceRuleBody] = Field(
        default_factory=list,
        max_length=MAX_RULES,
        description="Who may report which checks and record which evaluations.",
    )
    scanning: ScanningBody | None = Field(None, description="By default, clean and unscanned files are allowed.")

    def document(self, name: str) -> dict[str, Any]:
        """The document to store. It has the fields that the caller gave, without defaults."""
        return {"name": name, **self.model_dump(by_alias=True, exclude_unset=True)}


@lru_cache(maxsize=1)
def scheme_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a scheme's document: the body of a call, with the name from the call's path."""
    schema = SchemeBody.model_json_schema()
    name = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_.\\-]{0,63}$"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:moorage:schema:scheme:1",
        **schema,
        "title": "Moorage promotion scheme",
        "properties": {"name": name, **schema["properties"]},
        "required": ["name", *schema["required"]],
    }


class AssignScheme(Body):
    """``version`` pins the model to that version. Without it, the model gets later versions too."""

    scheme: SchemeName
    version: int | None = Field(None, ge=1, le=999_999)


class SetTier(Body):
    tier: TierName
    reason: Reason | None = None


class SetDefaultScheme(Body):
    scheme: SchemeName


class SchemeVersionQuery(Query):
    version: int | None = Field(
        None, ge=1, le=999_999, description="A version of the scheme. Without it, the present one."
    )


class SchemeRefView(View):
    name: str
    version: int


class SavedSchemeView(View):
    """A scheme. ``saved_at`` and ``saved_by`` are null for a built-in scheme."""

    name: str
    version: int
    builtin: bool
    saved_at: Time | None
    saved_by: str | None
    document: dict[str, Any]


class ModelSchemeView(View):
    """The copy of a scheme that a model keeps."""

    name: str
    version: int
    document: dict[str, Any]


class AssignedSchemeView(ModelSchemeView):
    """``follows``: the model gets later versions of the scheme. Otherwise it is pinned to this one."""

    follows: bool


class TierView(View):
    tier: TierName
    scheme: SchemeRefView


class SimulatedMoveView(View):
    """A past move under the proposed scheme. ``blockers`` says why the scheme would have refused it, if it would."""

    sequence: int
    time: Time
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    allowed: bool
    blockers: list[str]


class SimulationView(View):
    """``complete`` is false if the model has more past moves than one call examines."""

    model: str
    moves: list[SimulatedMoveView]
    refused: int
    complete: bool
