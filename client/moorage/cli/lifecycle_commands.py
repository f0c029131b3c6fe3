"""freeze, lock, hold, restore, retention, as-of: the lifecycle of models and versions."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from moorage.cli.options import limit_option
from moorage.cli.references import MODEL, VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.references import Reference, parse_reference
from moorage.results import AsOf, Move, RetentionRule

_WHY = click.option("--reason", required=True, help="Recorded in the audit trail.")
_LIMIT = limit_option()
_DELETED = Columns(
    ("version", "label", "status", "deleted", "purge due", "legal hold", "purged"),
    spare=("label", "purged", "status", "deleted"),
    prose=("legal hold",),
)
_EXPIRED = Columns(("version", "since", "reason"), spare=("reason",), prose=("reason",))
_IN_STAGE = Columns(("model", "version", "since", "by", "reason"), spare=("reason", "by"), prose=("reason",))
_POINTERS = Columns(("pointer", "version", "since", "by", "reason"), spare=("reason", "by"), prose=("reason",))


@click.command("freeze")
@click.argument("model", type=MODEL)
@_WHY
@command
def freeze(session: Session, model: str, reason: str) -> None:
    """Freeze a model: until unfrozen, it can only be rolled back."""
    session.say(session.client.lifecycle.freeze(model, reason), f"{model} is frozen")


@click.command("unfreeze")
@click.argument("model", type=MODEL)
@command
def unfreeze(session: Session, model: str) -> None:
    """Lift the freeze of a model."""
    session.client.lifecycle.unfreeze(model)
    session.say({"unfrozen": model}, f"{model} is not frozen any more")


@click.command("lock")
@click.argument("version", type=VERSION)
@_WHY
@command
def lock(session: Session, version: Reference, reason: str) -> None:
    """Lock a version: until unlocked, nothing about it can change."""
    placed = session.client.lifecycle.lock(version.model, session.key(version), reason)
    session.say(placed, f"{version} is locked")


@click.command("unlock")
@click.argument("version", type=VERSION)
@command
def unlock(session: Session, version: Reference) -> None:
    """Lift the lock of a version."""
    session.client.lifecycle.unlock(version.model, session.key(version))
    session.say({"unlocked": str(version)}, f"{version} is not locked any more")


@click.command("hold")
@click.argument("version", type=VERSION)
@_WHY
@command
def hold(session: Session, version: Reference, reason: str) -> None:
    """Put a version under legal hold.

    Its bytes are kept until 'moorage release'. The version may be a deleted one.
    """
    placed = session.client.lifecycle.hold(version.model, session.key(version), reason)
    session.say(placed, f"{version} is under legal hold")


@click.command("release")
@click.argument("version", type=VERSION)
@command
def release(session: Session, version: Reference) -> None:
    """Release a version from legal hold."""
    session.client.lifecycle.release(version.model, session.key(version))
    session.say({"released": str(version)}, f"{version} is not under legal hold any more")


@click.command("deleted")
@click.argument("model", type=MODEL)
@_LIMIT
@list_command
def deleted(session: Session, model: str, limit: int | None) -> None:
    """List deleted versions, and when their bytes are removed."""
    listed = session.first(limit, lambda most: session.client.lifecycle.deleted(model, limit=most))
    rows = (
        (
            version.number,
            version.label,
            version.status,
            version.deleted_at,
            version.purge_at,
            None if version.legal_hold is None else version.legal_hold.reason,
            None if version.receipt is None else version.receipt.verified_at,
        )
        for version in listed
    )
    session.rows(listed, _DELETED, rows)


@click.command("restore")
@click.argument("version", type=VERSION)
@click.option("--reason", help="Recorded in the audit trail.")
@command
def restore(session: Session, version: Reference, reason: str | None) -> None:
    """Restore a deleted version while its bytes still exist."""
    if not isinstance(version.version, int):
        raise click.UsageError("a deleted version has no alias: give its number")
    restored = session.client.lifecycle.restore(version.model, version.version, reason=reason)
    session.say(restored, f"{version} is back in {restored.stage}")


@click.group("retention")
def retention() -> None:
    """Manage the rule that deletes old versions of a model."""


@retention.command("show")
@click.argument("model", type=MODEL)
@command
def show_retention(session: Session, model: str) -> None:
    """Show a model's retention rule."""
    _show(session, session.client.lifecycle.retention(model))


@retention.command("set")
@click.argument("model", type=MODEL)
@click.option(
    "--never-promoted",
    type=click.IntRange(1),
    metavar="DAYS",
    help="Delete versions that never left the first stage after DAYS days.",
)
@click.option(
    "--archived", type=click.IntRange(1), metavar="DAYS", help="Delete versions that have been archived for DAYS days."
)
@click.option(
    "--keep-last",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Always keep the N newest versions.",
)
@command
def set_retention(
    session: Session, model: str, never_promoted: int | None, archived: int | None, keep_last: int
) -> None:
    """Set a model's retention rule."""
    if never_promoted is None and archived is None:
        raise click.UsageError("a rule needs --never-promoted, --archived, or both")
    _show(session, session.client.lifecycle.set_retention(model, RetentionRule(never_promoted, archived, keep_last)))


@retention.command("clear")
@click.argument("model", type=MODEL)
@command
def clear_retention(session: Session, model: str) -> None:
    """Remove a model's retention rule."""
    session.client.lifecycle.clear_retention(model)
    session.say({"cleared": model}, f"{model} has no retention rule any more")


@retention.command("preview")
@click.argument("model", type=MODEL)
@_LIMIT
@list_command
def preview_retention(session: Session, model: str, limit: int | None) -> None:
    """List the versions that the rule would delete now.

    Nothing is deleted.
    """
    client = session.client.lifecycle
    expired = session.first(limit, lambda most: client.preview_retention(model, limit=most))
    session.rows(expired, _EXPIRED, ((one.version, one.since, one.reason) for one in expired))


@click.command("as-of")
@click.argument("place", metavar="[MODEL|MODEL STAGE|MODEL@ALIAS]", nargs=-1)
@click.argument("time")
@click.option("--stage", help="Without a model: list what each model had in this stage.")
@list_command
def as_of(session: Session, place: tuple[str, ...], time: str, stage: str | None) -> None:
    """Show which version a stage or an alias had at a given time.

    With a model alone, list all its stages and aliases. TIME includes a time zone, such as 2026-11-23T09:30:00Z.
    """
    client = session.client
    match place, stage:
        case (), str():
            everywhere = list(client.stages.of_all_models_as_of(stage, time))
            rows = ((at.model, *_moved(at.version, at.move)) for at in everywhere)
            session.rows(everywhere, _IN_STAGE, rows)
        case (name,), None:
            _show_reference(session, name, time)
        case (model, in_stage), None:
            _show_pointer(session, client.stages.as_of(model, in_stage, time))
        case _:
            raise click.UsageError("give MODEL, MODEL STAGE, MODEL@ALIAS or --stage alone; then the time")


def _moved(version: int | None, move: Move | None) -> tuple[object, ...]:
    return (version, *((None, None, None) if move is None else (move.time, move.actor, move.reason)))


def _show_reference(session: Session, name: str, time: str) -> None:
    """Show where one alias pointed, or all aliases and stages of a model."""
    reference = parse_reference(name)
    if isinstance(reference.version, int):
        raise click.UsageError(f"'{reference}' is a version: give the model, an alias or a stage that pointed at one")
    if reference.version is not None:
        _show_pointer(session, session.client.aliases.as_of(reference.model, reference.version, time))
        return
    pointers = list(session.client.models.as_of(reference.model, time))
    rows = ((at.pointer, *_moved(at.version, at.move)) for at in pointers)
    session.rows(pointers, _POINTERS, rows)


def _show_pointer(session: Session, answer: AsOf) -> None:
    move = answer.move
    session.facts(
        answer,
        [
            ("pointer", answer.pointer),
            ("at", answer.time),
            ("version", "none" if answer.version is None else answer.version),
            ("since", None if move is None else move.time),
            ("by", None if move is None else move.actor),
            ("trigger", None if move is None else move.trigger),
            ("reason", None if move is None else move.reason),
            *(() if move is None else _evaluation(move.details or {})),
        ],
    )


def _evaluation(details: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """How a move was evaluated, as its event records it."""
    rest = dict(details)
    scheme, gates = rest.pop("scheme", None), rest.pop("gates", ())
    yield "request", rest.pop("request", None)
    yield "scheme", None if scheme is None else f"{scheme['name']} version {scheme['version']}"
    yield "tier", rest.pop("tier", None)
    yield "approved by", rest.pop("approvals", None)
    yield "overridden", rest.pop("overridden", None)
    for gate in gates:
        yield f"gate {gate['gate']}", f"{'ok' if gate['holds'] else 'failed'}: {gate['reason']}"
    yield from rest.items()


def _show(session: Session, rule: RetentionRule) -> None:
    session.facts(
        rule,
        [
            ("never promoted", _days(rule.never_promoted_after_days)),
            ("archived", _days(rule.archived_after_days)),
            ("keeps the newest", rule.keep_last),
        ],
    )


def _days(count: int | None) -> str | None:
    return None if count is None else f"deleted after {count} days"
