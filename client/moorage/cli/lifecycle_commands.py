"""freeze, lock, hold, restore, retention, as-of: what stays, what goes, and what was."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from moorage.cli.address import VERSION, Address, version_of
from moorage.cli.session import Session, command
from moorage.results import RetentionRule

_WHY = click.option("--reason", required=True, help="Kept in the audit trail.")
_LIMIT = click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)


@click.command("freeze")
@click.argument("model")
@_WHY
@command
def freeze(session: Session, model: str, reason: str) -> None:
    """Freeze a model: nothing moves but by rolling back."""
    session.say(session.client.lifecycle.freeze(model, reason), f"{model} is frozen")


@click.command("unfreeze")
@click.argument("model")
@command
def unfreeze(session: Session, model: str) -> None:
    """Lift a model's freeze."""
    session.client.lifecycle.unfreeze(model)
    session.say({"unfrozen": model}, f"{model} is not frozen any more")


@click.command("lock")
@click.argument("version", type=VERSION)
@_WHY
@command
def lock(session: Session, version: Address, reason: str) -> None:
    """Lock a version: nothing about it changes."""
    placed = session.client.lifecycle.lock(version.model, version_of(version), reason)
    session.say(placed, f"{version} is locked")


@click.command("unlock")
@click.argument("version", type=VERSION)
@command
def unlock(session: Session, version: Address) -> None:
    """Lift a version's lock."""
    session.client.lifecycle.unlock(version.model, version_of(version))
    session.say({"unlocked": str(version)}, f"{version} is not locked any more")


@click.command("hold")
@click.argument("version", type=VERSION)
@_WHY
@command
def hold(session: Session, version: Address, reason: str) -> None:
    """Put a version under legal hold, a deleted one too."""
    placed = session.client.lifecycle.hold(version.model, version_of(version), reason)
    session.say(placed, f"{version} is under legal hold")


@click.command("release")
@click.argument("version", type=VERSION)
@command
def release(session: Session, version: Address) -> None:
    """Release a version from legal hold."""
    session.client.lifecycle.release(version.model, version_of(version))
    session.say({"released": str(version)}, f"{version} is not under legal hold any more")


@click.command("deleted")
@click.argument("model")
@_LIMIT
@command
def deleted(session: Session, model: str, limit: int) -> None:
    """List deleted versions, and when their bytes go or went."""
    found = list(session.client.lifecycle.deleted(model, limit=limit))
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
        for version in found
    )
    session.rows(found, ("version", "label", "status", "deleted", "bytes due", "held for", "seen gone"), rows)


@click.command("restore")
@click.argument("version", type=VERSION)
@click.option("--reason", help="Kept in the audit trail.")
@command
def restore(session: Session, version: Address, reason: str | None) -> None:
    """Bring a deleted version back while its bytes are there."""
    number = version_of(version)
    if not isinstance(number, int):
        raise click.UsageError("a deleted version has no alias: name it by its number")
    restored = session.client.lifecycle.restore(version.model, number, reason=reason)
    session.say(restored, f"{version} is back in {restored.stage}")


@click.group("retention")
def retention() -> None:
    """Deleting old versions by rule."""


@retention.command("show")
@click.argument("model")
@command
def show_retention(session: Session, model: str) -> None:
    """Show a model's retention rule."""
    _show(session, session.client.lifecycle.retention(model))


@retention.command("set")
@click.argument("model")
@click.option(
    "--never-promoted", type=click.IntRange(1), metavar="DAYS", help="Delete what never left the first stage."
)
@click.option("--archived", type=click.IntRange(1), metavar="DAYS", help="Delete what has been archived for so long.")
@click.option("--keep-last", type=click.IntRange(0), default=0, help="But never the newest so many.")
@command
def set_retention(
    session: Session, model: str, never_promoted: int | None, archived: int | None, keep_last: int
) -> None:
    """Set a model's retention rule."""
    if never_promoted is None and archived is None:
        raise click.UsageError("a rule needs --never-promoted, --archived, or both")
    _show(session, session.client.lifecycle.set_retention(model, RetentionRule(never_promoted, archived, keep_last)))


@retention.command("clear")
@click.argument("model")
@command
def clear_retention(session: Session, model: str) -> None:
    """Remove a model's retention rule."""
    session.client.lifecycle.clear_retention(model)
    session.say({"cleared": model}, f"{model} has no retention rule any more")


@retention.command("preview")
@click.argument("model")
@_LIMIT
@command
def preview_retention(session: Session, model: str, limit: int) -> None:
    """List what the rule would delete now, without deleting."""
    found = list(session.client.lifecycle.preview_retention(model, limit=limit))
    session.rows(found, ("version", "since", "reason"), ((one.version, one.since, one.reason) for one in found))


@click.command("as-of")
@click.argument("model")
@click.argument("pointer", metavar="STAGE|@ALIAS")
@click.argument("time")
@command
def as_of(session: Session, model: str, pointer: str, time: str) -> None:
    """Say which version a stage or an alias pointed at, at a time.

    TIME is such as 2026-11-23T09:30:00Z.
    """
    client = session.client
    asked = client.aliases.as_of if pointer.startswith("@") else client.stages.as_of
    found = asked(model, pointer, time)
    move = found.move
    session.facts(
        found,
        [
            ("pointer", found.pointer),
            ("at", found.time),
            ("version", "none" if found.version is None else found.version),
            ("since", None if move is None else move.time),
            ("by", None if move is None else move.actor),
            ("trigger", None if move is None else move.trigger),
            ("reason", None if move is None else move.reason),
            *(() if move is None else _judged(move.details or {})),
        ],
    )


def _judged(details: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """How a move was judged, as its event says it."""
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
