"""requests: asking for a move, judging it, making it."""

from datetime import UTC, datetime

import click
from rich.console import Console

from moorage.cli.address import VERSION, Address, version_of
from moorage.cli.session import Session, command
from moorage.cli.transition_commands import print_findings
from moorage.requests import TransitionRequest

_REQUEST = click.argument("request", type=click.IntRange(min=1))
_REASON = click.option("--reason", help="Kept in the audit trail.")


@click.group("requests")
def requests() -> None:
    """Moves that people ask for and others approve."""


@requests.command("open")
@click.argument("version", type=VERSION)
@click.argument("stage")
@_REASON
@click.option("--due", type=click.DateTime(("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d")), help="When it expires, in UTC.")
@click.option("--reviewer", "reviewers", multiple=True, metavar="PRINCIPAL", help="Who is asked; may be repeated.")
@command
def open_request(
    session: Session, version: Address, stage: str, reason: str | None, due: datetime | None, reviewers: tuple[str, ...]
) -> None:
    """Ask for a version to be moved to a stage."""
    opened = session.client.requests.open(
        version.model,
        version_of(version),
        stage,
        reason=reason,
        due_at=None if due is None else due.replace(tzinfo=UTC),
        reviewers=reviewers,
    )
    session.say(opened, f"request {opened.number} of {opened.model}: version {opened.version} to {opened.to_stage}")


@requests.command("list")
@click.argument("model")
@click.option("--open", "only_open", is_flag=True, help="Only those that are not closed.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@command
def list_requests(session: Session, model: str, only_open: bool, limit: int) -> None:
    """List a model's requests, newest first."""
    found = list(session.client.requests.list(model, only_open=only_open, limit=limit))
    rows = (
        (
            asked.number,
            asked.version,
            f"{asked.from_stage} to {asked.to_stage}",
            asked.state,
            asked.requested_by,
            asked.requested_at,
            asked.due_at,
        )
        for asked in found
    )
    session.rows(found, ("request", "version", "move", "state", "by", "opened", "due"), rows)


@requests.command("show")
@click.argument("model")
@_REQUEST
@command
def show_request(session: Session, model: str, request: int) -> None:
    """Show a request and its votes."""
    asked = session.client.requests.get(model, request)
    session.facts(asked, [*_facts(asked), *_votes(asked)])


@requests.command("standing")
@click.argument("model")
@_REQUEST
@command
def standing(session: Session, model: str, request: int) -> None:
    """Say what holds a request up now, and which votes count."""
    found = session.client.requests.standing(model, request)

    def show(console: Console) -> None:
        asked = found.request
        verdict = "can be executed" if found.executable else f"cannot be executed ({asked.state})"
        console.print(f"version {asked.version} to {asked.to_stage}: {verdict}", markup=False, highlight=False)
        print_findings(console, found.gates, found.approvals, found.blockers)
        for said, people in (("rejected by", found.rejected_by), ("void vote of", found.void_votes)):
            for person in people:
                console.print(f"{said} {person}", markup=False, highlight=False)

    session.result(found, show)


@requests.command("approve")
@click.argument("model")
@_REQUEST
@_REASON
@command
def approve(session: Session, model: str, request: int, reason: str | None) -> None:
    """Approve a request."""
    asked = session.client.requests.approve(model, request, reason=reason)
    _say_state(session, asked)
    session.note(f"where it stands: moorage requests standing {asked.model} {asked.number}")


@requests.command("reject")
@click.argument("model")
@_REQUEST
@click.option("--reason", required=True, help="Kept in the audit trail.")
@command
def reject(session: Session, model: str, request: int, reason: str) -> None:
    """Reject a request."""
    _say_state(session, session.client.requests.reject(model, request, reason))


@requests.command("withdraw")
@click.argument("model")
@_REQUEST
@_REASON
@command
def withdraw(session: Session, model: str, request: int, reason: str | None) -> None:
    """Take a request back."""
    _say_state(session, session.client.requests.withdraw(model, request, reason=reason))


@requests.command("execute")
@click.argument("model")
@_REQUEST
@_REASON
@command
def execute(session: Session, model: str, request: int, reason: str | None) -> None:
    """Make the move of an approved request.

    Where the scheme does not say 'manual', the registry makes it by itself.
    """
    moved = session.client.requests.execute(model, request, reason=reason)
    session.say(moved, f"{moved.model}/{moved.number} is in {moved.stage}")


def _say_state(session: Session, asked: TransitionRequest) -> None:
    session.say(asked, f"request {asked.number} of {asked.model} is {asked.state}")


def _facts(asked: TransitionRequest) -> list[tuple[str, object]]:
    return [
        ("request", f"{asked.number} of {asked.model}"),
        ("version", asked.version),
        ("move", f"{asked.from_stage} to {asked.to_stage}"),
        ("state", asked.state),
        ("author", asked.author),
        ("opened", f"{asked.requested_at:%Y-%m-%d %H:%M} by {asked.requested_by}"),
        ("reason", asked.reason),
        ("due", asked.due_at),
        ("reviewers", asked.reviewers),
        ("closed", None if asked.closed_at is None else f"{asked.closed_at:%Y-%m-%d %H:%M} by {asked.closed_by}"),
        ("closing reason", asked.closing_reason),
    ]


def _votes(asked: TransitionRequest) -> list[tuple[str, object]]:
    votes: list[tuple[str, object]] = []
    for vote in asked.votes:
        said = "approved" if vote.approve else "rejected"
        why = f": {vote.reason}" if vote.reason else ""
        votes.append(("void vote" if vote.void else "vote", f"{vote.principal} {said}{why}"))
    return votes
