"""audit: list, verify, export."""

from pathlib import Path

import click

from moorage.audit import ChainBrokenError
from moorage.cli.session import Session, command, counted


@click.group("audit")
def audit() -> None:
    """What happened, who did it, and whether the record is intact.

    Without MODEL, the registry's own ledger: tokens and webhooks.
    """


@audit.command("list")
@click.argument("model", required=False)
@click.option("--order", type=click.Choice(["newest", "oldest"]), default="newest", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@command
def list_events(session: Session, model: str | None, order: str, limit: int) -> None:
    """List events."""
    found = list(session.client.events.list(model, order=order, limit=limit))
    # The registry's own events are of tokens, webhooks, roles …: never of a version.
    about = ("subject",) if model is None else ("version", "alias", "subject")
    rows = (
        (event.sequence, event.time, event.type, *(getattr(event, name) for name in about), event.actor, event.reason)
        for event in found
    )
    documents = [event.document for event in found]
    session.rows(documents, ("#", "time", "type", *about, "by", "reason"), rows)


@audit.command("verify")
@click.argument("model", required=False)
@click.option("--remote", is_flag=True, help="Let the registry check itself instead of reading every event.")
@command
def verify(session: Session, model: str | None, remote: bool) -> None:
    """Check the chain of events: every hash, every link, every number.

    The events are read and checked here, so that the registry need not be trusted.
    """
    ledger = model or "the registry"
    if not remote:
        head = session.client.events.verify(model)
        session.say(
            {"intact": True, "sequence": head.sequence, "hash": head.hash},
            f"{ledger}: {counted(head.sequence, 'event')}, unbroken, head {head.hash}",
        )
        return
    found = session.client.events.verified_by_registry(model)
    if not found.intact:
        fault = found.fault
        raise ChainBrokenError(
            found.through_sequence if fault is None else fault.sequence,
            "the registry gave no reason" if fault is None else fault.reason,
        )
    session.say(found, f"{ledger}: {counted(found.checked, 'event')}, unbroken, head {found.head_hash}")


@audit.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--model", "models", multiple=True, metavar="NAME", help="A model to export; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Every ledger: the registry's own, deleted models' too.")
@command
def export(session: Session, directory: Path, models: tuple[str, ...], everything: bool) -> None:
    """Write events and anchors into DIRECTORY.

    They are verified without the registry, by tools/verify_audit_export.py; docs/audit.md says what they are.
    """
    if bool(models) == everything:
        raise click.UsageError("Give --model, once or more, or --all.")
    made = session.client.export_audit(directory, models=None if everything else models)
    if made.anchors is None:
        session.note("without anchors, which the token may not read: a cut end of a ledger would not be seen")
    session.say(
        made,
        f"{directory}: {counted(made.ledgers, 'ledger')}, {counted(made.events, 'event')}, "
        f"{counted(made.anchors or 0, 'anchor')}",
    )
