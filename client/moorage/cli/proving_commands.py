"""verify and statements: what is proven of a version, and what the registry stated of its moves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from moorage.cli.problems import print_folded
from moorage.cli.project import with_project_model
from moorage.cli.references import VERSION, ReferenceType
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted
from moorage.errors import IntegrityError, NotFoundError
from moorage.proving.claims import Proof
from moorage.references import Reference
from moorage.statements import Statement

_CLAIMS: Final = Columns(("outcome", "about", "what"), prose=("what",))
_STATEMENTS: Final = Columns(
    ("number", "from", "to", "aliases", "signed", "key"), spare=("key", "signed"), folded=("aliases",)
)
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
# How much of a key's SHA-256 is shown.
_SHOWN: Final = 16


class _VersionOrFolder(ReferenceType):
    """A version, or a directory, which may have a name that no version has. Versions are completed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value


@click.command("verify")
@click.argument("what", type=_VersionOrFolder(), metavar="MODEL/VERSION|DIR")
@click.argument("directory", type=_FOLDER, required=False)
@click.option("--key", "keys", type=_FILE, multiple=True, help="A public key in PEM that you trust. May be repeated.")
@click.option("--signature", type=_FILE, help="Without the registry: the signature of the files in DIR.")
@click.option("--statement", type=_FILE, help="Without the registry: the statement about the version's move.")
@click.option("--export", type=_FOLDER, help="Without the registry: an audit export with the move's event.")
@click.option("--strict", is_flag=True, help="Fail also if anything is not proven.")
@command
def verify(
    session: Session,
    what: str,
    directory: Path | None,
    keys: tuple[Path, ...],
    signature: Path | None,
    statement: Path | None,
    export: Path | None,
    strict: bool,
) -> None:
    """Say what is proven of a version, what is not, and why.

    Checks the bytes in DIRECTORY or the cache, the registry's signature, its statement about the version's move, and
    the move's event in the ledger. With --signature or --statement, only files are looked at: the first argument is
    then the directory of the version's files. The exit code is 8 if anything contradicts.
    """
    trusted = [key.read_text(encoding="utf-8") for key in keys]
    if signature is None and statement is None:
        if export is not None:
            raise click.UsageError("--export comes with --statement")
        proof = session.client.verify(str(_version(session, what)), directory, keys=trusted)
    else:
        proof = _from_files(what, directory, trusted, signature, statement, export)
    session.result(_document(proof), lambda console: _show(session, console, proof))
    _fail(proof, strict)


@click.group("statements")
def statements() -> None:
    """Show and save signed statements about moves."""


@statements.command("list")
@click.argument("version", type=VERSION)
@list_command
def list_statements(session: Session, version: Reference) -> None:
    """List the statements about a version, newest first."""
    listed = list(session.client.statements.list(version.model, session.key(version)))
    rows = (
        (one.sequence, one.from_stage, one.to_stage, one.aliases, one.signed_at, one.key_id[:_SHOWN]) for one in listed
    )
    session.rows(listed, _STATEMENTS, rows)


@statements.command("show")
@click.argument("version", type=VERSION)
@click.argument("number", type=int, required=False)
@command
def show_statement(session: Session, version: Reference, number: int | None) -> None:
    """Show a statement, by default the newest one. With --json, all that was signed."""
    one = _statement(session, version, number)
    said = one.statement["predicate"]
    facts: list[tuple[str, object]] = [
        ("number", one.sequence),
        ("version", f"{said['model']}/{said['version']}"),
        ("digest", said["digest"]),
        ("from", one.from_stage),
        ("to", one.to_stage),
        ("aliases", one.aliases),
        ("at", said["event"]["time"]),
        ("by", said["event"]["actor"]),
        ("reason", said["reason"]),
        ("scheme", said["scheme"] and f"{said['scheme']['name']} {said['scheme']['version']}"),
        ("gates", [f"{gate['gate']}: {'held' if gate['holds'] else 'failed'}" for gate in said["gates"]]),
        ("overridden", said["overridden"]),
        ("approved by", [f"{one['principal']} at {one['at']}" for one in said["approvals"]]),
        ("event", said["event"]["hash"]),
        ("key", one.key_id),
    ]
    session.facts(one, facts)


@statements.command("save")
@click.argument("version", type=VERSION)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("number", type=int, required=False)
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="Also write the public key here.")
@command
def save_statement(session: Session, version: Reference, file: Path, number: int | None, key: Path | None) -> None:
    """Write a signed statement to FILE, by default the newest one.

    'moorage verify DIR --statement FILE' verifies it without the registry.
    """
    for target in (file, key):
        if target is not None and target.exists():
            raise click.UsageError(f"{target} exists: give another file")
    one = _statement(session, version, number)
    if key is not None:
        key.write_text(one.public_key, encoding="utf-8")
    written = one.save(file)
    session.say({"statement": str(written)}, f"saved statement {one.sequence} about {version} to {written}")


def _version(session: Session, what: str) -> Reference:
    given = {"version": VERSION.convert(what, None, None)}
    version: Reference = with_project_model(lambda: session.project, given)["version"]
    return version


def _from_files(
    folder: str,
    directory: Path | None,
    keys: Sequence[str],
    signature: Path | None,
    statement: Path | None,
    export: Path | None,
) -> Proof:
    # Late: it brings the verifier of audit exports along.
    from moorage.proving.offline import prove_folder

    if directory is not None:
        raise click.UsageError("with --signature or --statement, give the directory alone: no registry is called")
    if not keys:
        raise click.UsageError("with --signature or --statement, give the public key that you trust: --key")
    return prove_folder(folder, keys, signature=signature, statement=statement, export=export)


def _statement(session: Session, version: Reference, number: int | None) -> Statement:
    resource, key = session.client.statements, session.key(version)
    if number is None:
        newest = next(resource.list(version.model, key, limit=1), None)
        if newest is None:
            raise NotFoundError(f"the registry has signed no statement about {version}", code="statement_not_found")
        number = newest.sequence
    return resource.get(version.model, key, number)


def _document(proof: Proof) -> dict[str, object]:
    return {
        "model": proof.model,
        "version": proof.version,
        "digest": proof.digest,
        "contradicted": bool(proof.contradictions),
        "claims": [{"about": one.about, "outcome": one.outcome.value, "text": one.text} for one in proof.claims],
    }


def _show(session: Session, console: Console, proof: Proof) -> None:
    print_folded(console, f"{proof.name}, digest {proof.digest}")
    session.table(console, _CLAIMS, [(one.outcome.value, one.about, one.text) for one in proof.claims])


def _fail(proof: Proof, strict: bool) -> None:
    """Raise IntegrityError if the command is to fail, in few words: the claims were shown."""
    wrong, open_ends = proof.contradictions, proof.not_proven
    if wrong:
        raise IntegrityError(f"{counted(len(wrong), 'claim')} about {proof.name} contradicted", code="not_proven")
    if strict and open_ends:
        raise IntegrityError(f"{counted(len(open_ends), 'claim')} about {proof.name} not proven", code="not_proven")
