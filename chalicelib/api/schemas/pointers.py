"""Schemas of aliases, stages and their histories."""

from pydantic import Field

from chalicelib.api.schemas.document import Body, Reason, Time, Trigger, VersionNumber, View
from chalicelib.domain.decisions.aliases import Expected


class SetAlias(Body):
    """``expected_version`` makes the move a compare-and-set: ``null`` means that the alias must not exist."""

    version: VersionNumber
    expected_version: VersionNumber | None = Field(None)
    reason: Reason | None = None

    def expected(self) -> Expected | None:
        return Expected(self.expected_version) if "expected_version" in self.model_fields_set else None


class RollBack(Body):
    reason: Reason | None = None


class AliasView(View):
    alias: str
    model: str
    version: VersionNumber
    updated_at: Time
    updated_by: str
    protected: bool


class ProtectAlias(Body):
    """Whether moving, rolling back or deleting the alias takes the action move_protected_alias."""

    protected: bool


class ProtectionView(View):
    """Whether an alias, which need not exist yet, is protected."""

    alias: str
    model: str
    protected: bool


class StageView(View):
    """A stage of the model's scheme and the version that holds it, or entered it last."""

    name: str
    exclusive: bool
    next: list[str]
    version: VersionNumber | None


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
