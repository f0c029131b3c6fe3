"""cache: the files of versions that are kept on this machine."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from moorage.cache import inventory
from moorage.cache.location import cache_root
from moorage.cache.pruning import Kept
from moorage.cache.pruning import prune as prune_cache
from moorage.cache.quantities import age_text, parse_age, parse_size, size_text
from moorage.cli import exits
from moorage.cli.references import REFERENCE
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.references import Reference

_THREADS: Final = 8
_VERSIONS = Columns(
    ("version", "files", "size", "used", "seen", "registry"), spare=("files", "seen", "registry", "used")
)


class _Parsed(click.ParamType[Any]):
    """A text that ``parse`` understands."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group("cache")
def cache() -> None:
    """See, verify and prune the versions kept on this machine."""


@cache.command("path")
@command
def path(session: Session) -> None:
    """Show where the cache is."""
    session.say({"path": str(cache_root())}, str(cache_root()))


@cache.command("list")
@list_command
def list_versions(session: Session) -> None:
    """List the versions in the cache, with their sizes and ages."""
    entries = [one.entry for one in inventory.shelved(cache_root())]
    now = datetime.now(UTC)
    session.rows(
        entries,
        _VERSIONS,
        (
            (
                f"{entry.model}/{entry.version}",
                f"{entry.present} of {entry.files}",
                size_text(entry.size),
                f"{age_text(now - entry.used_at)} ago",
                f"{age_text(now - entry.checked_at)} ago",
                entry.registry,
            )
            for entry in entries
        ),
    )
    if entries:
        session.note(f"{size_text(inventory.stored_size(cache_root()))} in {cache_root()}")


@cache.command("verify")
@click.option("--remove", is_flag=True, help="Remove what is damaged. It is downloaded again when it is needed.")
@command
def verify(session: Session, remove: bool) -> None:
    """Read all files in the cache and check their SHA-256. Exits with 8 if something is damaged."""
    damage = inventory.find_damage(cache_root(), _THREADS)
    if remove:
        inventory.remove_damage(damage)
    for one in damage:
        session.note(f"{one.path}: {one.reason}")
    document = {"damaged": [{"path": str(one.path), "reason": one.reason} for one in damage], "removed": remove}
    done = "removed" if remove else "remove them with --remove"
    found = f"{len(damage)} damaged: {done}" if damage else "everything in the cache is as it was downloaded"
    session.say(document, found)
    if damage:
        raise click.exceptions.Exit(exits.INTEGRITY)


@cache.command("prune")
@click.option("--older-than", type=_Parsed("age", parse_age), help="Remove versions not used for so long, such as 30d.")
@click.option("--max-size", type=_Parsed("size", parse_size), help="Remove the oldest until so much is left, as 20GB.")
@click.option("--keep", type=REFERENCE, multiple=True, help="Keep a model or a version. May be repeated.")
@command
def prune(session: Session, older_than: timedelta | None, max_size: int | None, keep: tuple[Reference, ...]) -> None:
    """Remove versions by age and size, and files that no version needs."""
    done = prune_cache(
        cache_root(),
        datetime.now(UTC),
        older_than=older_than,
        max_size=max_size,
        keep=[Kept(reference.model, reference.version) for reference in keep],
    )
    for entry in done.versions:
        session.note(f"{entry.model}/{entry.version} of {entry.registry}")
    session.say(done, f"removed {counted(len(done.versions), 'version')}, {size_text(done.freed)}")
