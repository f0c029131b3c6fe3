"""Schemas of stages, moves between them, transition requests, dry runs and what gates find."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Paging, Reason, Time, VersionNumber, View
from chalicelib.api.schemes.field_schemas import TierName
from chalicelib.api.schemes.schemas import SchemeRefView
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.instants import Instant, parsed
from chalicelib.domain.promotion.transition_request import MAX_REVIEWERS

Reference = Annotated[str, StringConstraints(pattern=r"^@[\w\-]+$", max_length=256)]
RequestState = Literal["open", "approved", "rejected", "withdrawn", "executed", "expired", "superseded"]


class Transition(Body):
    to_stage: str
    reason: Reason | None = None
    expected_stage: str | None = None


class Override(Body):
    """A move against its gates and approvals, and the reason for it."""

    to_stage: str
    reason: Reason
    expected_stage: str | None = None


class OpenRequest(Body):
    """A move to ask for. ``version`` is a number or an ``@alias``, which means the version that it points at now."""

    version: VersionNumber | Reference
    to_stage: str = Field(min_length=1, max_length=64)
    reason: Reason | None = None
    due_at: Time | None = None
    reviewers: list[Annotated[str, StringConstraints(min_length=1, max_length=256)]] = Field(
        default_factory=list,
        max_length=MAX_REVIEWERS,
        description="Names of the principals who are asked to review it.",
    )

    def due(self) -> Instant | None:
        """Raises InvalidInputError."""
        if self.due_at is None:
            return None
        try:
            return parsed(self.due_at)
        except InvalidInputError as error:
            raise InvalidInputError(f"/due_at: {error.detail}", [Problem("/due_at", error.detail)]) from None


class Approve(Body):
    reason: Reason | None = None


class Reject(Body):
    reason: Reason


class Withdraw(Body):
    reason: Reason | None = None


class Execute(Body):
    reason: Reason | None = None


class ListRequests(Paging):
    state: Literal["open", "all"] = Field("all", description="open: only open requests, oldest first.")


class ListInbox(Paging):
    whose: Literal["me", "mine", "all"] = Field(
        "me",
        alias="for",
        description="me: those that wait for the caller's vote; mine: those that the caller opened; all: every one.",
    )


class VoteView(View):
    """One person's last vote. ``binding`` is a digest of what was voted on, which has changed since if ``void``.

    ``person`` is who holds the principal's token, if that is somebody else than its name says.
    """

    principal: str
    person: str
    approve: bool
    at: Time
    reason: str | None
    roles: list[str]
    groups: list[str]
    binding: str
    void: bool


class RequestView(View):
    """``author`` registered the version, and ``authors`` are the other persons whose bytes it has.

    They and who opened the request have no vote. ``requester`` is the person behind ``requested_by``, if that is
    somebody else than its name says. ``reminded_at`` is when a schedule last reminded of it.
    """

    model: str
    number: int
    version: VersionNumber
    from_stage: str
    to_stage: str
    author: str
    authors: list[str]
    requested_by: str
    requester: str
    requested_at: Time
    reason: str | None
    due_at: Time | None
    reviewers: list[str]
    state: RequestState
    votes: list[VoteView]
    closed_at: Time | None
    closed_by: str | None
    closing_reason: str | None
    reminded_at: Time | None


class AwaitedReportView(View):
    """A report that a gate waits for: since when, until when, whose it must be, and where it is being made.

    ``reporters`` are patterns of principals' names. None: everybody who may report.
    """

    since: Time
    until: Time
    reporters: list[str]
    link: str | None


class GateResultView(View):
    """What a gate found: the ``actual`` value, and what is ``needed`` to satisfy the gate.

    ``awaited`` is there while the gate waits for a pending check.

    ``kind`` is ``metric``, ``compare``, ``check``, ``documentation``, ``provenance``, ``evaluation`` or ``condition``.
    """

    gate: str
    kind: str
    holds: bool
    actual: Any
    needed: str
    reason: str
    awaited: AwaitedReportView | None


class TallyView(View):
    """A requirement of approvals, and the voters who count for it."""

    needed: str
    count: int
    approved_by: list[str]
    met: bool


class WaitingView(View):
    """An open request in an inbox, judged as of now. ``label`` is that of its version.

    ``waiting_for`` says everything that the request waits for: the caller's vote (``me``), approvals, that a rejection
    is taken back, gates, the end of a freeze or lock (``restriction``), a scheme that allows the move, or nothing but
    its execution. ``blockers`` says the same in sentences for people.
    """

    request: RequestView
    label: str | None
    waiting_for: list[Literal["me", "approvals", "rejection", "gates", "restriction", "scheme", "execution"]]
    approvals: list[TallyView]
    blockers: list[str]


class StageView(View):
    """A stage of the model's scheme, and the version that holds it or entered it last."""

    name: str
    exclusive: bool
    protected: bool
    next: list[str]
    version: VersionNumber | None


class DryRunView(View):
    """``allowed``: the move can be made now, by a call or by executing ``request`` if that is given."""

    model: str
    version: VersionNumber
    from_stage: str
    to_stage: str
    scheme: SchemeRefView
    tier: TierName
    allowed: bool
    blockers: list[str]
    gates: list[GateResultView]
    approvals: list[TallyView]
    request: int | None


class NextMoveView(DryRunView):
    """A move that the scheme allows from where the version stands.

    ``way`` is ``call`` if the caller may make the move as soon as it is allowed, ``request`` if the caller must ask for
    it, null if the caller can do neither. ``automatic``: the registry makes the move by itself once its gates hold.
    """

    way: Literal["call", "request"] | None
    automatic: bool


class RequestExplanationView(View):
    """A request judged as of now."""

    request: RequestView
    scheme: SchemeRefView
    executable: bool
    blockers: list[str]
    gates: list[GateResultView]
    approvals: list[TallyView]
    rejected_by: list[str]
    void_votes: list[str]
