"""Transition requests: a move that waits for approvals, the votes on it, and what they amount to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.schemes.scheme import Approvals

MAX_OPEN: Final = 50
# A move closes those of the version and of the one that it puts out, in one transaction of at most 100 items.
MAX_OPEN_OF_VERSION: Final = 15
MAX_VOTES: Final = 100
MAX_REVIEWERS: Final = 20


class State(StrEnum):
    """OPEN until enough people approve (APPROVED) or one rejects (REJECTED); either can change while it is not closed.

    Closed for good: WITHDRAWN by who asked, EXECUTED, EXPIRED when due, SUPERSEDED when the version moved otherwise.
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
        return self in _CLOSED


_CLOSED: Final = frozenset({State.WITHDRAWN, State.EXECUTED, State.EXPIRED, State.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's last word. ``roles`` and ``groups`` are those that they had on the model when they voted.

    ``binding`` stands for all that was voted on: bytes, scheme version, tier, what the gates saw. When it is no
    longer that of the request, the vote is void; once that was said (``void``), it stays so, whatever returns.
    """

    principal: str
    approve: bool
    at: Instant
    reason: str | None
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    binding: str
    void: bool = False

    def counts(self, binding: str) -> bool:
        return not self.void and self.binding == binding


@dataclass(frozen=True, slots=True)
class TransitionRequest(Record):
    """A request to move ``version`` from one stage to another. ``author`` registered the version."""

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

    @property
    def identity(self) -> Identity:
        return (TransitionRequest, self.number)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)

    def is_due(self, now: Instant) -> bool:
        return self.due_at is not None and self.due_at <= now

    def with_vote(self, vote: Vote) -> tuple[Vote, ...]:
        """The votes once ``vote`` is among them: the last of each person counts."""
        who = person(vote.principal)
        return (*(earlier for earlier in self.votes if person(earlier.principal) != who), vote)


def person(principal: str) -> str:
    """Whom a principal's name stands for: a subject who comes through two trusts is one person, with one vote."""
    kind, _, rest = principal.partition(":")
    return f"oidc:{rest.partition(':')[2]}" if kind == "oidc" else principal


@dataclass(frozen=True, slots=True)
class Tally:
    """One requirement of approvals and who of the voters fills it."""

    needed: Approvals
    approved_by: tuple[str, ...]

    @property
    def met(self) -> bool:
        return len(self.approved_by) >= self.needed.count


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """What the votes amount to now. ``possible``: the scheme has the move that they are for."""

    tallies: tuple[Tally, ...]
    rejected_by: tuple[str, ...]
    void: tuple[str, ...]
    possible: bool = True

    @property
    def state(self) -> State:
        if self.rejected_by:
            return State.REJECTED
        return State.APPROVED if self.possible and all(tally.met for tally in self.tallies) else State.OPEN

    def blockers(self) -> list[str]:
        """Everything that still stands in the way, for a person to act on."""
        said = [f"{name} rejected it" for name in self.rejected_by]
        for tally in self.tallies:
            if not tally.met:
                who = ", ".join(tally.approved_by) or "nobody yet"
                said.append(f"it takes {tally.needed.said()}; approved by {who}")
        said += [f"the vote of {name} is void: what was voted on has changed since" for name in self.void]
        return said


def standing(votes: Sequence[Vote], needed: Sequence[Approvals], binding: str) -> ApprovalStatus:
    """What ``votes`` amount to for what ``binding`` stands for. Nobody fills two requirements with one vote."""
    valid = [vote for vote in votes if vote.counts(binding)]
    return ApprovalStatus(
        tallies=_filled([vote for vote in valid if vote.approve], needed),
        rejected_by=tuple(vote.principal for vote in valid if not vote.approve),
        void=tuple(vote.principal for vote in votes if not vote.counts(binding)),
    )


def _filled(votes: Sequence[Vote], needed: Sequence[Approvals]) -> tuple[Tally, ...]:
    """Votes given to requirements so that as many places as possible are filled: a maximum bipartite matching."""
    places = [index for index, approvals in enumerate(needed) for _ in range(approvals.count)]
    held: dict[int, Vote] = {}

    def seat(vote: Vote, tried: set[int]) -> bool:
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
        "votes": [{**asdict(vote), "roles": list(vote.roles), "groups": list(vote.groups)} for vote in request.votes],
    }
