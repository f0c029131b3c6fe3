"""Transition requests: moves that wait for approvals, the votes on them, and how the votes are counted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from chalicelib.domain.access.principal import person_of
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.schemes.scheme import Approvals

MAX_OPEN: Final = 50
# A move closes the open requests of its version and of the displaced one, in one transaction of at most 100 items.
MAX_OPEN_OF_VERSION: Final = 15
MAX_VOTES: Final = 100
MAX_REVIEWERS: Final = 20


class State(StrEnum):
    """The state of a request.

    It is OPEN until enough people approve (APPROVED) or one rejects (REJECTED). New votes can still change that.
    The other states are final: WITHDRAWN (taken back), EXECUTED (the move was made), EXPIRED (not executed when it was
    due), SUPERSEDED (the version was moved otherwise).
    """

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXECUTED = "executed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"

    @property
    def closed(self) -> bool:
        """Whether the state is final."""
        return self in _CLOSED


_CLOSED: Final = frozenset({State.WITHDRAWN, State.EXECUTED, State.EXPIRED, State.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Vote:
    """The last vote of one person. ``roles`` and ``groups`` are those that they had on the model when they voted.

    ``binding`` is the hash of all that was voted on: the files, the scheme's version, the tier, what the gates saw.
    When the request's binding differs, the vote is void. Once it is recorded as ``void``, it stays void, even if the
    old binding returns. ``person`` is who votes, if that is somebody else than ``principal`` says.
    """

    principal: str
    approve: bool
    at: Instant
    reason: str | None
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    binding: str
    void: bool = False
    person: str = ""

    @property
    def voter(self) -> str:
        """The person whose vote it is."""
        return person_of(self.person or self.principal)

    def counts(self, binding: str) -> bool:
        """Whether the vote counts for a request whose binding is ``binding``."""
        return not self.void and self.binding == binding

    def document(self) -> dict[str, Any]:
        """Who voted, when, and on what, as the event of the move tells it."""
        return {"principal": self.principal, "person": self.voter, "at": self.at, "binding": self.binding}


@dataclass(frozen=True, slots=True)
class TransitionRequest(Record, kind="request"):
    """A request to move ``version`` from one stage to another. ``author`` registered the version.

    ``authors`` are the other persons whose bytes the version has. ``requester`` is the person who asks, if that is
    somebody else than ``requested_by`` says. ``reminded_at`` is when a schedule last reminded of it.
    """

    model: str
    number: int
    version: int
    from_stage: str
    to_stage: str
    author: str
    requested_by: str
    requested_at: Instant
    reason: str | None
    due_at: Instant | None
    reviewers: tuple[str, ...]
    state: State
    votes: tuple[Vote, ...]
    revision: int = 0
    closed_at: Instant | None = None
    closed_by: str | None = None
    closing_reason: str | None = None
    authors: tuple[str, ...] = ()
    requester: str = ""
    reminded_at: Instant | None = None

    @property
    def identity(self) -> Identity:
        return (TransitionRequest, self.number)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)

    def is_due(self, now: Instant) -> bool:
        """Whether the request has expired: its due time has come. One without a due time never does."""
        return self.due_at is not None and self.due_at <= now

    def with_vote(self, vote: Vote) -> tuple[Vote, ...]:
        """The votes with ``vote`` added. It replaces an earlier vote of the same person."""
        return (*(earlier for earlier in self.votes if earlier.voter != vote.voter), vote)


@dataclass(frozen=True, slots=True)
class Tally:
    """A requirement of approvals, and the voters whose approvals are counted towards it."""

    needed: Approvals
    approved_by: tuple[str, ...]

    @property
    def met(self) -> bool:
        return len(self.approved_by) >= self.needed.count


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """How the votes on a request count now.

    ``rejected_by`` and ``void`` name the voters who reject, and those whose vote is void. ``possible`` is False if the
    scheme no longer has the move.
    """

    tallies: tuple[Tally, ...]
    rejected_by: tuple[str, ...]
    void: tuple[str, ...]
    possible: bool = True

    @property
    def state(self) -> State:
        """OPEN, APPROVED or REJECTED. One rejection is enough."""
        if self.rejected_by:
            return State.REJECTED
        return State.APPROVED if self.possible and all(tally.met for tally in self.tallies) else State.OPEN

    def blockers(self) -> list[str]:
        """What still blocks the move, as sentences for a person.

        A void vote matters only while approvals are missing: others may have taken its place.
        """
        blockers = [f"{name} rejected it" for name in self.rejected_by]
        for tally in self.tallies:
            if not tally.met:
                who = ", ".join(tally.approved_by) or "nobody yet"
                blockers.append(f"it takes {tally.needed.described()}; approved by {who}")
        if not all(tally.met for tally in self.tallies):
            blockers += [f"the vote of {name} is void: what was voted on has changed since" for name in self.void]
        return blockers


def approval_status(votes: Sequence[Vote], needed: Sequence[Approvals], binding: str) -> ApprovalStatus:
    """Count ``votes`` towards the approvals that a move needs. ``binding`` is that of the request now.

    A vote with another binding is void. Each vote counts towards one requirement at most.
    """
    valid = [vote for vote in votes if vote.counts(binding)]
    return ApprovalStatus(
        tallies=_tallies([vote for vote in valid if vote.approve], needed),
        rejected_by=tuple(vote.principal for vote in valid if not vote.approve),
        void=tuple(vote.principal for vote in votes if not vote.counts(binding)),
    )


def _tallies(votes: Sequence[Vote], needed: Sequence[Approvals]) -> tuple[Tally, ...]:
    """Assign votes to requirements so that as many places as possible are filled: a maximum bipartite matching.

    A requirement has as many places as the approvals that it needs.
    """
    places = [index for index, approvals in enumerate(needed) for _ in range(approvals.count)]
    held: dict[int, Vote] = {}

    def seat(vote: Vote, tried: set[int]) -> bool:
        # An augmenting path: a vote takes a free place, or one whose holder can move to another.
        for place, index in enumerate(places):
            if place in tried or not needed[index].accepts(frozenset(vote.roles), frozenset(vote.groups)):
                continue
            tried.add(place)
            if place not in held or seat(held[place], tried):
                held[place] = vote
                return True
        return False

    for vote in votes:
        seat(vote, set())
    return tuple(
        Tally(
            approvals,
            tuple(vote.principal for place, vote in sorted(held.items()) if places[place] == index),
        )
        for index, approvals in enumerate(needed)
    )


def request_document(request: TransitionRequest) -> dict[str, Any]:
    """The request as it is stored and shown."""
    return {
        **asdict(request),
        "state": request.state.value,
        "reviewers": list(request.reviewers),
        "authors": list(request.authors),
        "votes": [{**asdict(vote), "roles": list(vote.roles), "groups": list(vote.groups)} for vote in request.votes],
    }
