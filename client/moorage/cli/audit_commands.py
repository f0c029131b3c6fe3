"""audit: list, verify, export."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from moorage.audit import ChainBrokenError, ChainHead
from moorage.audit_export import REGISTRY
from moorage.cli.options import limit_option
from moorage.cli.problems import print_folded
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted, flat
from moorage.errors import ForbiddenError, IntegrityError
from moorage.state_check import StateDifference, ledger_of


@click.group("audit")
def audit() -> None:
    """List, verify and export events of a model or the registry.

    Without MODEL, the commands use the registry's own ledger, such as the events of tokens and webhooks.
    """


@audit.command("list")
@click.argument("model", type=MODEL, required=False)
@click.option(
    "--order",
    type=click.Choice(["newest", "oldest"]),
    default="newest",
    show_default=True,
    help="Which events come first.",
)
@limit_option(50)
@list_command
def list_events(session: Session, model: str | None, order: str, limit: int | None) -> None:
    """List the events of MODEL or of the registry."""
    listed = session.first(limit, lambda most: session.client.events.list(model, order=order, limit=most))
    # The registry's own events are about tokens, webhooks or roles, and never about a version.
    about = ("subject",) if model is None else ("version", "alias", "subject")
    rows = (
        (event.sequence, event.time, event.type, *(getattr(event, name) for name in about), event.actor, event.reason)
        for event in listed
    )
    documents = [event.document for event in listed]
    columns = Columns(
        ("#", "time", "type", *about, "by", "reason"), spare=("reason", *reversed(about), "by"), prose=("reason",)
    )
    session.rows(documents, columns, rows)


@audit.command("verify")
@click.argument("model", type=MODEL, required=False)
@click.option("--all", "everything", is_flag=True, help="Verify every ledger, those of deleted models too.")
@click.option("--remote", is_flag=True, help="Have the registry check its own chain instead.")
@click.option("--state", is_flag=True, help="Also compare what is stored with what the events tell.")
@click.option("--bytes", "stored_bytes", is_flag=True, help="Also compare S3's digests of all files; implies --state.")
@command
def verify(
    session: Session, model: str | None, everything: bool, remote: bool, state: bool, stored_bytes: bool
) -> None:
    """Verify the chain of events: every hash, link and number.

    All events are downloaded and checked locally, so that you do not need to trust the registry. The ledger must end at
    its head, and must have what the newest anchor names, if your token may read anchors. With --state, every difference
    between what is stored and what the events tell is named. The exit code is 8 if anything is wrong.
    """
    if everything and model is not None:
        raise click.UsageError("give either MODEL or --all")
    if remote:
        _verify_remotely(session, model)
        return
    models = _all_models(session) if everything else [model]
    anchored = _newest_anchor(session)
    verified = [_verified(session, one, anchored, state or stored_bytes, stored_bytes) for one in models]
    differences = [difference for one in verified for difference in one.differences]
    session.result(verified if everything else verified[0], lambda console: _show(console, verified))
    if differences:
        raise IntegrityError(
            f"{counted(len(differences), 'difference')} between what is stored and what the events tell",
            code="state_differs",
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger whose chain is unbroken, and what differs from its events, if that was asked."""

    ledger: str
    sequence: int
    hash: str
    intact: bool = True
    compared: int | None = None
    unproven: int | None = None
    differences: tuple[StateDifference, ...] = ()


def _verified(
    session: Session, model: str | None, anchored: Mapping[str, ChainHead], state: bool, stored_bytes: bool
) -> Verified:
    ledger = ledger_of(model)
    head = session.client.events.verify(model, anchored=anchored.get(ledger))
    if not state:
        return Verified(ledger, head.sequence, head.hash)
    found = session.client.state.check(model)
    differences = found.differences
    if stored_bytes and model is not None:
        differences += tuple(session.client.state.check_bytes(model))
    return Verified(ledger, head.sequence, head.hash, not differences, found.compared, found.unproven, differences)


def _newest_anchor(session: Session) -> Mapping[str, ChainHead]:
    try:
        return session.client.anchors.newest_heads()
    except ForbiddenError:
        session.note("not compared with an anchor, because the token may not read them: a cut end cannot be detected")
        return {}


def _all_models(session: Session) -> list[str | None]:
    ledgers = sorted(session.client.anchors.ledgers())
    return [None if ledger == REGISTRY else ledger.removeprefix("model:") for ledger in ledgers]


def _show(console: Console, verified: list[Verified]) -> None:
    for one in verified:
        name = "the registry" if one.ledger == REGISTRY else one.ledger.removeprefix("model:")
        print_folded(
            console, f"{name}: {counted(one.sequence, 'event')}, the chain is unbroken, its head is {one.hash}"
        )
        if one.compared is None:
            continue
        unproven = f", {one.unproven} facts not provable from events of earlier releases" if one.unproven else ""
        compared = f"{one.compared} places compared, {counted(len(one.differences), 'difference')}{unproven}"
        print_folded(console, f"{name}: {compared}")
        for difference in one.differences:
            print_folded(console, f"DIFFERS  {flat(str(difference))}")


def _verify_remotely(session: Session, model: str | None) -> None:
    result = session.client.events.verified_by_registry(model)
    if not result.intact:
        fault = result.fault
        raise ChainBrokenError(
            result.through_sequence if fault is None else fault.sequence,
            "the registry gave no reason" if fault is None else fault.reason,
        )
    checked = counted(result.checked, "event")
    ledger = model or "the registry"
    session.say(result, f"{ledger}: {checked}, the chain is unbroken, its head is {result.head_hash}")


@audit.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--model", "models", multiple=True, metavar="NAME", help="Export the ledger of this model. May be repeated."
)
@click.option(
    "--all", "everything", is_flag=True, help="Export all ledgers, those of deleted models and of the registry too."
)
@click.option("--state", is_flag=True, help="Also export what is stored, to compare it with the events.")
@command
def export(session: Session, directory: Path, models: tuple[str, ...], everything: bool, state: bool) -> None:
    """Export events and anchors into DIRECTORY.

    'moorage-verify DIRECTORY' verifies the export without the registry. docs/audit.md describes the files.
    """
    if bool(models) == everything:
        raise click.UsageError("give either --model, once or several times, or --all")
    exported = session.client.export_audit(directory, models=None if everything else models, state=state)
    if exported.anchors is None:
        session.note(
            "exported without anchors, because the token may not read them: a cut end of a ledger cannot be detected"
        )
    session.say(
        exported,
        f"{directory}: {counted(exported.ledgers, 'ledger')}, {counted(exported.events, 'event')}, "
        f"{counted(exported.anchors or 0, 'anchor')}",
    )
