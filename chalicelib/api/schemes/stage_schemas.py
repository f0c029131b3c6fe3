"""Schemas of stages, and of the moves between them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.document import Body
from chalicelib.api.schemes.field_schemas import StageName, TierName
from chalicelib.api.schemes.gate_schemas import Gates


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
