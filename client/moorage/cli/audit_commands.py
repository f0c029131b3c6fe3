"""audit: list, verify, export."""

from pathlib import Path

import click

from moorage.audit import ChainBrokenError
from moorage.cli.options import limit_option
from moorage.cli.session import Session, command, counted


@click.group("audit")
def audit() -> None:
    """List, verify and export the events of a model or the registry.

    Without MODEL, the commands use the registry's own ledger, such as the events of tokens and webhooks.
    """


@audit.command("list")
@click.argument("model", required=False)
@click.option(
    "--order",
    type=click.Choice(["newest", "oldest"]),
    default="newest",
    show_default=True,
    help="Which events come first.",
)
@limit_option(50)
@command
def list_events(session: Session, model: str | None, order: str, limit: int) -> None:
    """List the events of MODEL or of the registry."""
    listed = list(session.client.events.list(model, order=order, limit=limit))
    # The registry's own events are about tokens, webhooks or roles, and never about a version.
    about = ("subject",) if model is None else ("version", "alias", "subject")
    rows = (
        (event.sequence, event.time, event.type, *(getattr(event, name) for name in about), event.actor, event.reason)
        for event in listed
    )
    documents = [event.document for event in listed]
    session.rows(documents, ("#", "time", "type", *about, "by", "reason"), rows)


@audit.command("verify")
@click.argument("model", required=False)
@click.option("--remote", is_flag=True, help="Have the registry check its own chain instead.")
@command
def verify(session: Session, model: str | None, remote: bool) -> None:
    """Verify the chain of events: every hash, link and number.

    All events are downloaded and checked locally, so that you do not need to trust the registry.
    """
    ledger = model or "the registry"
    if not remote:
        head = session.client.events.verify(model)
        session.say(
            {"intact": True, "sequence": head.sequence, "hash": head.hash},
            f"{ledger}: {counted(head.sequence, 'event')}, the chain is unbroken, its head is {head.hash}",
        )
        return
    result = session.client.events.verified_by_registry(model)
    if not result.intact:
        fault = result.fault
        raise ChainBrokenError(
            result.through_sequence if fault is None else fault.sequence,
            "the registry gave no reason" if fault is None else fault.reason,
        )
    checked = counted(result.checked, "event")
    session.say(result, f"{ledger}: {checked}, the chain is unbroken, its head is {result.head_hash}")


@audit.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--model", "models", multiple=True, metavar="NAME", help="Export the ledger of this model. May be repeated."
)
@click.option(
    "--all", "everything", is_flag=True, help="Export all ledgers, those of deleted models and of the registry too."
)
@command
def export(session: Session, directory: Path, models: tuple[str, ...], everything: bool) -> None:
    """Export events and anchors into DIRECTORY.

    tools/verify_audit_export.py verifies the export without the registry. docs/audit.md describes the files.
    """
    if bool(models) == everything:
        raise click.UsageError("give either --model, once or several times, or --all")
    exported = session.client.export_audit(directory, models=None if everything else models)
    if exported.anchors is None:
        session.note(
            "exported without anchors, because the token may not read them: a cut end of a ledger cannot be detected"
        )
    session.say(
        exported,
        f"{directory}: {counted(exported.ledgers, 'ledger')}, {counted(exported.events, 'event')}, "
        f"{counted(exported.anchors or 0, 'anchor')}",
    )
