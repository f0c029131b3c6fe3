"""versions, show, files, annotate, delete: list, show and change versions."""

import click
from rich.text import Text

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.marks import last_override, quarantine, restriction
from moorage.cli.model_commands import show_model
from moorage.cli.options import PAIR, limit_option
from moorage.cli.references import MODEL, REFERENCE, VERSION
from moorage.cli.session import TABLE, Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.references import Reference
from moorage.results import Version
from moorage.versions import VersionChanges

_VERSIONS = Columns(
    ("version", "label", "status", "stage", "aliases", "metrics"),
    spare=("metrics", "label"),
    folded=("aliases", "metrics"),
)
_FILES = Columns(("path", "size", "sha256", "verified", "kind"), spare=("kind", "verified", "size"))


@click.command("versions")
@click.argument("model", type=MODEL)
@limit_option()
@list_command
def versions(session: Session, model: str, limit: int | None) -> None:
    """List a model's versions, newest first."""
    client = session.client
    listed = session.first(
        limit, lambda most: client.versions.list(model, limit=most), lambda: client.models.get(model).versions
    )
    rows = (
        (version.number, version.label, version.status, version.stage, version.aliases, version.metrics)
        for version in listed
    )
    session.rows(listed, _VERSIONS, rows)


@click.command("show")
@click.argument("reference", type=REFERENCE)
@command
def show(session: Session, reference: Reference) -> None:
    """Show a model (MODEL) or a version (MODEL/3, MODEL@champion).

    Freezes, locks, legal holds, and a move against the gates are marked.
    """
    if reference.version is None:
        show_model(session, session.client.models.get(reference.model))
    else:
        version = session.client.versions.get(reference.model, session.key(reference))
        overridden = last_override(session.client, version) if session.output == TABLE else None
        show_version(session, version, overridden)


@click.command("files")
@click.argument("version", type=VERSION)
@limit_option(1000)
@list_command
def files(session: Session, version: Reference, limit: int | None) -> None:
    """List a version's files with their digests."""
    client, key = session.client.versions, session.key(version)
    listed = session.first(
        limit,
        lambda most: client.files(version.model, key, limit=most),
        lambda: client.get(version.model, key).file_count,
    )
    rows = ((file.path, file.size, file.sha256, file.verified, file.kind) for file in listed)
    session.rows(listed, _FILES, rows)


@click.command("annotate")
@click.argument("version", type=VERSION)
@click.option("--description", help="The new description.")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="Set a tag. May be repeated.")
@click.option("--untag", multiple=True, metavar="NAME", help="Remove a tag. May be repeated.")
@command
def annotate(
    session: Session,
    version: Reference,
    description: str | None,
    tags: tuple[tuple[str, str], ...],
    untag: tuple[str, ...],
) -> None:
    """Change a version's description or tags.

    Nothing else in a version can be changed.
    """
    changes: VersionChanges = {}
    key = session.key(version)
    etag = None
    if description is not None:
        changes["description"] = description
    if tags or untag:
        current = session.client.versions.get(version.model, key)
        # Tags are replaced as a whole, so the update must apply to the state that was read.
        key, etag = current.number, current.etag
        kept = {name: value for name, value in current.tags.items() if name not in untag}
        changes["tags"] = kept | dict(tags)
    if not changes:
        raise click.UsageError("nothing to change: give --description, --tag or --untag")
    show_version(session, session.client.versions.update(version.model, key, if_match=etag, **changes))


@click.command("delete")
@click.argument("version", type=VERSION)
@yes_option
@command
def delete(session: Session, version: Reference, yes: bool) -> None:
    """Delete a version that has no alias and holds no stage.

    Asks first. 'moorage restore' brings it back until its bytes are removed.
    """
    key = session.key(version)
    ask(f"This deletes {version}. It can be restored until its bytes are removed: see 'moorage deleted'.", yes=yes)
    session.client.versions.delete(version.model, key)
    session.say({"deleted": str(version)}, f"deleted {version}")


def show_version(session: Session, version: Version, overridden: Text | None = None) -> None:
    session.facts(
        version,
        [
            ("version", f"{version.model}/{version.number}"),
            ("label", version.label),
            ("status", version.status),
            ("stage", version.stage),
            ("override", overridden),
            ("locked", restriction(version.locked)),
            ("legal hold", restriction(version.legal_hold)),
            ("scan", quarantine(version.scan)),
            ("aliases", version.aliases),
            ("description", version.description),
            ("metrics", version.metrics),
            ("parameters", version.parameters),
            ("tags", version.tags),
            ("metadata", version.metadata),
            ("framework", version.framework),
            ("task", version.task),
            ("provenance", version.provenance),
            ("content", f"{counted(version.file_count, 'file')}, {version.total_size} bytes"),
            ("digest", version.digest),
            ("created", f"{version.created_at:%Y-%m-%d %H:%M} by {version.created_by}"),
        ],
    )
