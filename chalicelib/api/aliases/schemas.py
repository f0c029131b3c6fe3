"""Schemas of aliases, stages and their histories."""

from typing import Any

from pydantic import Field

from chalicelib.api.document import Body, Paging, Query, Reason, Time, Trigger, VersionNumber, View
from chalicelib.api.schemes.field_schemas import StageName
from chalicelib.domain.aliases.decisions import Expected
from chalicelib.domain.instants import Instant, parsed


class SetAlias(Body):
    """``expected_version`` makes the move a compare-and-set. ``null`` means that the alias must not exist."""

    version: VersionNumber
    expected_version: VersionNumber | None = Field(None)
    reason: Reason | None = None

    def expected(self) -> Expected | None:
        return Expected(self.expected_version) if "expected_version" in self.model_fields_set else None


class RollBack(Body):
    """``version`` is an earlier version to return to. Without it, the previous version returns."""

    version: VersionNumber | None = None
    reason: Reason | None = None


class AliasView(View):
    alias: str
    model: str
    version: VersionNumber
    updated_at: Time
    updated_by: str
    protected: bool


class ProtectAlias(Body):
    """A protected alias can be moved, rolled back or deleted only with the action move_protected_alias."""

    protected: bool


class ProtectionView(View):
    """Whether an alias is protected. The alias need not exist yet."""

    alias: str
    model: str
    protected: bool


class MoveView(View):
    """One move of an alias or a stage."""

    sequence: int
    event_id: str
    time: Time
    actor: str
    version: VersionNumber | None
    previous_version: VersionNumber | None
    trigger: Trigger
    reason: str | None
    details: dict[str, Any] | None


class AsOf(Query):
    time: str = Field(max_length=64, description="RFC 3339 with a zone.", json_schema_extra={"format": "date-time"})

    def instant(self) -> Instant:
        return parsed(self.time)


class PointersAsOf(AsOf, Paging):
    """All pointers of a model."""


class ModelsAsOf(AsOf, Paging):
    stage: StageName = Field(description="A stage's name, such as production.")


class AsOfView(View):
    """Where an alias or a stage pointed at a time. ``move`` is its last move up to that time."""

    pointer: str
    time: Time
    version: VersionNumber | None
    move: MoveView | None


class ModelAsOfView(AsOfView):
    """What stood in a stage of a model at a time."""

    model: str
