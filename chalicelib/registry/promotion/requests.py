"""Transition requests: open, read, list, vote, withdraw, execute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.promotion import request_items
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.promotion import reminders
from chalicelib.domain.promotion import request_decisions as decisions
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.examination import Examination, dry_run, leaving_gates
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page
from chalicelib.registry.promotion.contexts import (
    context_keys,
    further_keys,
    gated_keys,
    load_for_requests,
    load_transition_context,
    transition_context,
)
from chalicelib.registry.versions.versions import get_version, resolve

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RequestExplanation:
    """A request, judged as of now: what its gates find, which votes count, and everything that holds it up."""

    request: TransitionRequest
    scheme: Scheme
    examination: Examination | None
    blockers: tuple[str, ...]


def open_request(
    services: Services,
    request: Request,
    model: str,
    ref: str,
    to_stage: str,
    reason: str | None,
    due_at: Instant | None,
    reviewers: Sequence[str],
) -> Changed[TransitionRequest]:
    """Ask for a move. Raises TransitionNotAllowedError, RequestExistsError, VersionNotReadyError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[TransitionRequest]:
        found = transition_context(services, snapshot, model, number, stamp.time)
        return decisions.open_request(found, to_stage, reason, due_at, reviewers, stamp)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda subject: get_request(services, model, int(subject)),
        context_keys(model, number),
        further_keys(number, to_stage),
    )


def get_request(services: Services, model: str, number: int) -> TransitionRequest:
    """Raises RequestNotFoundError."""
    stored = services.table.get(keys.request(model, number))
    return decisions.existing(model, number, None if stored is None else request_items.request_from(stored))


def list_requests(
    services: Services, model: str, limit: int, start: dict[str, str | int] | None
) -> Page[TransitionRequest]:
    """All requests of a model, newest first. Raises ModelNotFoundError."""
    after = None if start is None else keys.request(model, int(start["number"])).sort
    partition = keys.partition(events.model_ledger(model))
    stored, last = services.table.query(partition, keys.REQUEST_PREFIX, limit, after, newest_first=True)
    if not stored and start is None:
        model_head(services, model)
    found = tuple(request_items.request_from(item) for item in stored)
    return Page(found, {"number": found[-1].number} if last is not None and found else None)


def list_open_requests(
    services: Services, model: str, limit: int, start: dict[str, str | int] | None
) -> Page[TransitionRequest]:
    """The requests of a model that are not closed (at most fifty), oldest first, in two reads."""
    after = 0 if start is None else int(start["number"])
    numbers = [number for number in sorted(model_head(services, model).open_requests) if number > after]
    shown = numbers[:limit]
    found = services.table.load([keys.request(model, number) for number in shown]) if shown else {}
    requests = [request_items.request_from(item) for item in found.values()]
    more = len(numbers) > limit
    return Page(tuple(sorted(requests, key=lambda one: one.number)), {"number": shown[-1]} if more else None)


def explain_request(services: Services, model: str, number: int) -> RequestExplanation:
    """A request as it stands now. Costs a second read: which version it is for is known only from the request."""
    asked = get_request(services, model, number)
    return explained(load_transition_context(services, model, asked.version, asked.to_stage, number), asked)


def explain_open_requests(services: Services, model: str, first: Snapshot) -> tuple[RequestExplanation, ...]:
    """Every open request of a model as it stands now, oldest first. Raises ModelNotFoundError.

    ``first`` has the model, its scheme and its card. At most fifty are open. They are read together, in at most four
    calls.
    """
    numbers = sorted(loaded_model(first, model).open_requests)
    snapshot = load_for_requests(services, first, model, numbers)
    now = services.clock()
    found = []
    for number in numbers:
        asked = decisions.existing(model, number, snapshot.get(TransitionRequest, number))
        found.append(explained(transition_context(services, snapshot, model, asked.version, now), asked))
    return tuple(found)


def explained(context: TransitionContext, asked: TransitionRequest) -> RequestExplanation:
    """A request judged in the context of its move."""
    examination, blockers = dry_run(context.model, context.scheme, context.facts, asked.to_stage, asked)
    if asked.state.closed:
        blockers = [f"the request is {asked.state}", *blockers]
    elif asked.is_due(context.facts.now):
        blockers = [f"it was due at {asked.due_at}", *blockers]
    return RequestExplanation(asked, context.scheme, examination, tuple(blockers))


def vote(
    services: Services, request: Request, model: str, number: int, approve: bool, reason: str | None
) -> Changed[TransitionRequest]:
    """Approve or reject. Raises RequestClosedError, SeparationOfDutiesError, PermissionDeniedError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[TransitionRequest]:
        asked, found = _open(services, snapshot, model, number, request, stamp.time)
        return decisions.vote(found, asked, voter(request.principal, model), approve, reason, stamp)

    return _change_request(services, request, model, number, decide, lambda: get_request(services, model, number))


def withdraw(
    services: Services, request: Request, model: str, number: int, reason: str | None
) -> Changed[TransitionRequest]:
    """Take a request back. Raises RequestClosedError, PermissionDeniedError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[TransitionRequest]:
        current = loaded_model(snapshot, model)
        asked = _loaded(snapshot, model, number, request)
        return decisions.withdraw(current, asked, request.principal.may(Action.MANAGE, model), reason, stamp)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda _: get_request(services, model, number),
        model_keys(model, requests=[number]),
    )


def execute(
    services: Services, request: Request, model: str, number: int, trigger: Trigger, reason: str | None
) -> Changed[Version]:
    """Make the move of an approved request. Raises ApprovalsMissingError, GatesNotMetError, RequestClosedError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Version]:
        asked, found = _open(services, snapshot, model, number, request, stamp.time)
        return stages.execute(found, asked, trigger, reason, stamp)

    def recall() -> Version:
        return get_version(services, model, str(get_request(services, model, number).version))

    return _change_request(services, request, model, number, decide, recall)


def void_votes(services: Services, request: Request, model: str, number: int) -> Changed[TransitionRequest]:
    """Say that votes are void if what they were given for has changed."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[TransitionRequest]:
        asked = _loaded(snapshot, model, number, request)
        if asked.state.closed:
            return NoChange(asked)
        return decisions.void_votes(transition_context(services, snapshot, model, asked.version, stamp.time), asked)

    return _change_request(services, request, model, number, decide, lambda: get_request(services, model, number))


def expire(services: Services, request: Request, model: str, number: int) -> Changed[TransitionRequest]:
    """End a request that is due."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[TransitionRequest]:
        current = loaded_model(snapshot, model)
        return decisions.expire(current, _loaded(snapshot, model, number, request), stamp)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda _: get_request(services, model, number),
        model_keys(model, requests=[number]),
    )


def remind(services: Services, request: Request, model: str, number: int, reason: str) -> Changed[bool]:
    """Remind of a request that waits for approvals, at most once an hour. Whether this reminds of it."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        asked = _loaded(snapshot, model, number, request)
        if asked.state.closed:
            return NoChange(False)
        context = transition_context(services, snapshot, model, asked.version, stamp.time)
        return reminders.remind(context, asked, reason, stamp)

    return _change_request(services, request, model, number, decide, lambda: True)


def expire_stale(
    services: Services, request: Request, model: str, number: int, older_than: timedelta, reason: str
) -> Changed[bool]:
    """End a request without a due date that has been open for too long. Whether this ends it."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current = loaded_model(snapshot, model)
        return decisions.expire_stale(current, _loaded(snapshot, model, number, request), older_than, reason, stamp)

    return change_model(services, request, model, decide, lambda _: True, model_keys(model, requests=[number]))


def voter(principal: Principal, model: str) -> Voter:
    """Who votes, with the roles that they have on the model now."""
    return Voter(principal.name, principal.roles_on(model), principal.groups, principal.person)


def _change_request(
    services: Services,
    request: Request,
    model: str,
    number: int,
    decide: Callable[[Snapshot, Stamp], Outcome[R]],
    recall: Callable[[], R],
) -> Changed[R]:
    """A change that needs the request and the context of its move, which version's is known only from the request."""

    def more(snapshot: Snapshot) -> list[Key]:
        asked = snapshot.get(TransitionRequest, number)
        if asked is None:
            return []
        current, scheme = loaded_model(snapshot, model), loaded_scheme(snapshot)
        # An open request's version stands where it stood when it was asked for: a move would have closed it.
        compared = gated_keys(current, asked.version, leaving_gates(current, scheme, asked.from_stage))
        exclusive = asked.to_stage in scheme.stages and scheme.stage(asked.to_stage).exclusive
        holders = {asked.version, current.holder(asked.to_stage) if exclusive else None} - {None}
        further = model_keys(
            model,
            manifests=[asked.version],
            requests=sorted(one for one, (about, _) in current.open_requests.items() if about in holders),
        )
        return list(dict.fromkeys([*context_keys(model, asked.version), *further, *compared]))

    asked = model_keys(model, scheme=True, requests=[number])
    return change_model(services, request, model, decide, lambda _: recall(), asked, more)


def _open(
    services: Services, snapshot: Snapshot, model: str, number: int, request: Request, now: Instant
) -> tuple[TransitionRequest, TransitionContext]:
    """A request that is still open, and the context of its move. Raises RequestClosedError."""
    asked = _loaded(snapshot, model, number, request)
    # Before the context: that of a closed request, whose version has moved on, was not read.
    decisions.check_open(asked, now)
    return asked, transition_context(services, snapshot, model, asked.version, now, request.principal)


def _loaded(snapshot: Snapshot, model: str, number: int, request: Request) -> TransitionRequest:
    loaded_model(snapshot, model)
    found = decisions.existing(model, number, snapshot.get(TransitionRequest, number))
    request.check_match(found.revision)
    return found
