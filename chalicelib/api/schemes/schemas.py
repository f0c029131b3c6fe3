"""Schemas of promotion schemes. People write these documents, so their JSON Schema is published."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Query, Reason, Time, View
from chalicelib.api.schemes.evidence_rule_schemas import EvidenceRuleBody
from chalicelib.api.schemes.field_schemas import SchemeName, StageName, TierName
from chalicelib.api.schemes.stage_schemas import RollbackBody, StageBody, TransitionBody
from chalicelib.domain.scanning.findings import MAX_SUFFIXES
from chalicelib.domain.schemes.evidence_rules import MAX_RULES

FileSuffix = Annotated[str, StringConstraints(pattern=r"^(\.[^A-Z./\s]{1,32})?$")]


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
