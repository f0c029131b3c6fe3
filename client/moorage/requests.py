"""Transition requests: ask for a move, approve or reject it, execute it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import format_time
from moorage.listing import Listing
from moorage.paths import VersionKey
from moorage.results import SchemeRef, Version
from moorage.transitions import GateResult, Tally

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Vote:
    """The latest vote of one person. ``void`` is True if what they voted on has changed since.

    ``person`` is who holds the principal's token, if that is somebody else than its name says.
    """

    principal: str
    approve: bool
    at: datetime
    binding: str
    reason: str | None = None
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    void: bool = False
    person: str = ""


@dataclass(frozen=True, slots=True)
class TransitionRequest:
    """A request to move a version to a stage.

    ``state`` is ``open``, ``approved``, ``rejected``, ``withdrawn``, ``executed``, ``expired`` or ``superseded``.
    ``author`` registered the version, ``authors`` are the other persons whose bytes it has. They and the requester
    have no vote. ``reminded_at`` is when a schedule last reminded of it.
    """

    model: str
    number: int
    version: int
    from_stage: str
    to_stage: str
    author: str
    requested_by: str
    requested_at: datetime
    state: str
    reason: str | None = None
    due_at: datetime | None = None
    reviewers: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    closed_at: datetime | None = None
    closed_by: str | None = None
    closing_reason: str | None = None
    authors: tuple[str, ...] = ()
    requester: str = ""
    reminded_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class RequestExplanation:
    """A request, evaluated as of now. ``blockers`` lists everything that prevents its execution."""

    request: TransitionRequest
    scheme: SchemeRef
    executable: bool
    blockers: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()
    approvals: tuple[Tally, ...] = ()
    rejected_by: tuple[str, ...] = ()
    void_votes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """An open request of an inbox, evaluated as of now. ``label`` is that of its version.

    ``waiting_for`` has all that it waits for: ``me`` (your vote), ``approvals``, ``rejection`` (to be taken back),
    ``gates``, ``restriction`` (a freeze or a lock), ``scheme`` (which has no such move) or ``execution``. ``blockers``
    says the same in sentences.
    """

    request: TransitionRequest
    waiting_for: tuple[str, ...]
    label: str | None = None
    approvals: tuple[Tally, ...] = ()
    blockers: tuple[str, ...] = ()


class Requests:
    """The transition requests of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(
        self,
        model: str,
        version: VersionKey,
        to_stage: str,
        *,
        reason: str | None = None,
        due_at: datetime | None = None,
        reviewers: Sequence[str] = (),
    ) -> TransitionRequest:
        """Request that a version be moved to a stage. Its gates need not hold yet.

        Raises ConflictError (``request_exists``) if an open request asks for the same move.
        """
        key = paths.version_key(version)
        body: dict[str, Any] = {"version": key if key.startswith("@") else int(key), "to_stage": to_stage}
        if reason is not None:
            body["reason"] = reason
        if due_at is not None:
            body["due_at"] = format_time(due_at)
        if reviewers:
            body["reviewers"] = [*reviewers]
        return self._connection.post(TransitionRequest, _all(model), body)

    def list(self, model: str, *, only_open: bool = False, limit: int | None = None) -> Listing[TransitionRequest]:
        """All requests, newest first. With ``only_open``, the open requests, oldest first."""
        state = "open" if only_open else None
        return self._connection.items(TransitionRequest, _all(model), limit, state=state)

    def inbox(self, whose: str = "me", *, limit: int | None = None) -> Listing[WaitingRequest]:
        """Open requests of all models that you may read, the next due first.

        ``whose`` is ``me`` for those that wait for your vote, ``mine`` for those that you opened, or ``all``.
        """
        return self._connection.items(WaitingRequest, "inbox", limit, **{"for": whose})

    def get(self, model: str, request: int) -> TransitionRequest:
        return self._connection.get(TransitionRequest, _path(model, request))

    def standing(self, model: str, request: int) -> RequestExplanation:
        """Evaluate a request as of now: its gates, the votes that count, and everything that prevents its execution."""
        return self._connection.get(RequestExplanation, f"{_path(model, request)}/standing")

    def approve(self, model: str, request: int, *, reason: str | None = None) -> TransitionRequest:
        """Approve a request.

        Raises ForbiddenError (``separation_of_duties``) if you created the version or opened the request.
        """
        return self._act(TransitionRequest, model, request, "approve", reason)

    def reject(self, model: str, request: int, reason: str) -> TransitionRequest:
        return self._act(TransitionRequest, model, request, "reject", reason)

    def withdraw(self, model: str, request: int, *, reason: str | None = None) -> TransitionRequest:
        return self._act(TransitionRequest, model, request, "withdraw", reason)

    def execute(self, model: str, request: int, *, reason: str | None = None) -> Version:
        """Execute an approved request whose scheme does not execute it automatically."""
        return self._act(Version, model, request, "execute", reason)

    def _act(self, kind: type[_Answer], model: str, request: int, act: str, reason: str | None) -> _Answer:
        body = {} if reason is None else {"reason": reason}
        return self._connection.post(kind, f"{_path(model, request)}/{act}", body)


def _all(model: str) -> str:
    return f"{paths.model(model)}/requests"


def _path(model: str, request: int) -> str:
    return f"{_all(model)}/{request}"
