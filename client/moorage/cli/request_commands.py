"""requests: request a move to a stage, approve it, execute it."""

from datetime import datetime

import click
from rich.console import Console

from moorage.cli.options import TIME, limit_option
from moorage.cli.problems import print_folded
from moorage.cli.references import MODEL, VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.transition_commands import print_findings
from moorage.references import Reference
from moorage.requests import TransitionRequest

_REQUEST = click.argument("request", type=click.IntRange(min=1))
_REASON = click.option("--reason", help="Recorded in the audit trail.")

_REQUESTS = Columns(
    ("request", "version", "move", "state", "by", "opened", "due"), spare=("opened", "due", "by"), folded=("move",)
)
_WAITING = Columns(
    ("model", "request", "version", "move", "waits for", "by", "opened", "due"),
    spare=("opened", "by", "due", "waits for"),
    folded=("version", "move", "waits for"),
)


@click.group("requests")
def requests() -> None:
    """Request moves to a stage, and approve or reject them."""


@requests.command("open")
@click.argument("version", type=VERSION)
@click.argument("stage")
@_REASON
@click.option(
    "--due",
    type=TIME,
    metavar="TIME",
    help="When the request expires: a time such as 2026-12-24T12:00:00Z, or a date.",
)
@click.option(
    "--reviewer", "reviewers", multiple=True, metavar="PRINCIPAL", help="Who should review it. May be repeated."
)
@command
def open_request(
    session: Session,
    version: Reference,
    stage: str,
    reason: str | None,
    due: datetime | None,
    reviewers: tuple[str, ...],
) -> None:
    """Request that a version be moved to a stage."""
    opened = session.client.requests.open(
        version.model,
        session.key(version),
        stage,
        reason=reason,
        due_at=due,
        reviewers=reviewers,
    )
    session.say(opened, f"request {opened.number} of {opened.model}: version {opened.version} to {opened.to_stage}")


@requests.command("list")
@click.argument("model", type=MODEL)
@click.option("--open", "only_open", is_flag=True, help="List only open requests, oldest first.")
@limit_option()
@list_command
def list_requests(session: Session, model: str, only_open: bool, limit: int | None) -> None:
    """List a model's requests, newest first."""
    listed = session.first(limit, lambda most: session.client.requests.list(model, only_open=only_open, limit=most))
    rows = (
        (
            request.number,
            request.version,
            f"{request.from_stage} to {request.to_stage}",
            request.state,
            request.requested_by,
            request.requested_at,
            request.due_at,
        )
        for request in listed
    )
    session.rows(listed, _REQUESTS, rows)


@click.command("inbox")
@click.option("--mine", "whose", flag_value="mine", help="List the requests that you opened.")
@click.option("--everyone", "whose", flag_value="all", help="List every open request that you may read.")
@limit_option()
@list_command
def inbox(session: Session, whose: str | None, limit: int | None) -> None:
    """List open requests of all models that wait for your vote."""
    listed = session.first(limit, lambda most: session.client.requests.inbox(whose or "me", limit=most))
    rows = (
        (
            waiting.request.model,
            waiting.request.number,
            waiting.request.version if waiting.label is None else f"{waiting.request.version} ({waiting.label})",
            f"{waiting.request.from_stage} to {waiting.request.to_stage}",
            waiting.waiting_for,
            waiting.request.requested_by,
            waiting.request.requested_at,
            waiting.request.due_at,
        )
        for waiting in listed
    )
    session.rows(listed, _WAITING, rows)


@requests.command("show")
@click.argument("model", type=MODEL)
@_REQUEST
@command
def show_request(session: Session, model: str, request: int) -> None:
    """Show a request and its votes."""
    shown = session.client.requests.get(model, request)
    session.facts(shown, [*_facts(shown), *_votes(shown)])


@requests.command("standing")
@click.argument("model", type=MODEL)
@_REQUEST
@command
def standing(session: Session, model: str, request: int) -> None:
    """Show what a request still needs, and which votes count."""
    explanation = session.client.requests.standing(model, request)

    def show(console: Console) -> None:
        explained = explanation.request
        state = "can be executed" if explanation.executable else f"cannot be executed ({explained.state})"
        print_folded(console, f"version {explained.version} to {explained.to_stage}: {state}")
        print_findings(session, console, explanation.gates, explanation.approvals, explanation.blockers)
        for label, people in (("rejected by", explanation.rejected_by), ("void vote of", explanation.void_votes)):
            for person in people:
                print_folded(console, f"{label} {person}")

    session.result(explanation, show)


@requests.command("approve")
@click.argument("model", type=MODEL)
@_REQUEST
@_REASON
@command
def approve(session: Session, model: str, request: int, reason: str | None) -> None:
    """Approve a request."""
    approved = session.client.requests.approve(model, request, reason=reason)
    _say_state(session, approved)
    session.note(f"to see what it still needs: moorage requests standing {approved.model} {approved.number}")


@requests.command("reject")
@click.argument("model", type=MODEL)
@_REQUEST
@click.option("--reason", required=True, help="Recorded in the audit trail.")
@command
def reject(session: Session, model: str, request: int, reason: str) -> None:
    """Reject a request."""
    _say_state(session, session.client.requests.reject(model, request, reason))


@requests.command("withdraw")
@click.argument("model", type=MODEL)
@_REQUEST
@_REASON
@command
def withdraw(session: Session, model: str, request: int, reason: str | None) -> None:
    """Withdraw a request."""
    _say_state(session, session.client.requests.withdraw(model, request, reason=reason))


@requests.command("execute")
@click.argument("model", type=MODEL)
@_REQUEST
@_REASON
@command
def execute(session: Session, model: str, request: int, reason: str | None) -> None:
    """Execute an approved request: move the version.

    This is needed only where the scheme sets the execution to 'manual'. Otherwise the registry executes an approved
    request automatically.
    """
    moved = session.client.requests.execute(model, request, reason=reason)
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


def _say_state(session: Session, request: TransitionRequest) -> None:
    session.say(request, f"request {request.number} of {request.model} is {request.state}")


def _facts(request: TransitionRequest) -> list[tuple[str, object]]:
    return [
        ("request", f"{request.number} of {request.model}"),
        ("version", request.version),
        ("move", f"{request.from_stage} to {request.to_stage}"),
        ("state", request.state),
        ("author", request.author),
        ("opened", f"{request.requested_at:%Y-%m-%d %H:%M} by {request.requested_by}"),
        ("reason", request.reason),
        ("due", request.due_at),
        ("reviewers", request.reviewers),
        (
            "closed",
            None if request.closed_at is None else f"{request.closed_at:%Y-%m-%d %H:%M} by {request.closed_by}",
        ),
        ("closing reason", request.closing_reason),
    ]


def _votes(request: TransitionRequest) -> list[tuple[str, object]]:
    votes: list[tuple[str, object]] = []
    for vote in request.votes:
        decision = "approved" if vote.approve else "rejected"
        why = f": {vote.reason}" if vote.reason else ""
        votes.append(("void vote" if vote.void else "vote", f"{vote.principal} {decision}{why}"))
    return votes
