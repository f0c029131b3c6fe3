"""sign, signatures and signers: who vouches for a version's files, and who is trusted to."""

from pathlib import Path

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.references import Reference
from moorage.signatures import REGISTRY_NAME, Signature, Signer

_SIGNATURES = Columns(
    ("name", "signer", "counts", "signed with", "identity", "recorded", "by"),
    spare=("by", "recorded", "signed with"),
    prose=("identity",),
)
_SIGNERS = Columns(("name", "trusts", "subjects", "description"), folded=("subjects",), prose=("description",))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("sign")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", required=True, type=_FILE, metavar="FILE", help="The private key in PEM: P-256, P-384 or P-521.")
@click.option("--signature", type=click.Path(dir_okay=False, path_type=Path), help="Default: model.sig in the folder.")
@click.option("--password", envvar="MOORAGE_KEY_PASSWORD", help="Of an encrypted key.  [env: MOORAGE_KEY_PASSWORD]")
@command
def sign(session: Session, folder: Path, key: Path, signature: Path | None, password: str | None) -> None:
    """Sign the files of a folder with a key of your own.

    Nothing is sent. 'moorage signatures add' gives the signature to the registry once the files are a version, and
    'model_signing verify key' verifies it too.
    """
    from moorage.signing.signing import sign_folder

    written = sign_folder(folder, key.read_text(encoding="utf-8"), signature, password)
    session.say({"signature": str(written)}, f"signed {folder}: {written}")


@click.group("signatures")
def signatures() -> None:
    """Show who signed a version, and add signatures."""


@signatures.command("list")
@click.argument("version", type=VERSION)
@list_command
def list_signatures(session: Session, version: Reference) -> None:
    """List the signatures of a version, and which of them count."""
    listed = session.client.signatures.list(version.model, session.key(version))
    rows = (
        (one.name, one.signer, _counts(one), one.signed_with, one.identity, one.recorded_at, one.recorded_by)
        for one in listed
    )
    session.rows(listed, _SIGNATURES, rows)


@signatures.command("show")
@click.argument("version", type=VERSION)
@click.argument("name", default=REGISTRY_NAME)
@command
def show_signature(session: Session, version: Reference, name: str) -> None:
    """Show a signature, by default the registry's own."""
    one = session.client.signatures.get(version.model, session.key(version), name)
    facts: list[tuple[str, object]] = [
        ("name", one.name),
        ("signer", one.signer),
        ("counts", _counts(one)),
        ("signed with", one.signed_with),
        ("identity", one.identity),
        ("digest", one.digest),
        ("recorded", one.recorded_at),
        ("by", one.recorded_by),
        ("public key", one.public_key),
    ]
    session.facts(one, facts)


@signatures.command("save")
@click.argument("version", type=VERSION)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", default=REGISTRY_NAME, show_default=True, help="Which signature.")
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="Also write the registry's key here.")
@command
def save_signature(session: Session, version: Reference, file: Path, name: str, key: Path | None) -> None:
    """Write a signature to FILE, as 'model_signing verify' reads it."""
    for target in (file, key):
        if target is not None and target.exists():
            raise click.UsageError(f"{target} exists: give another file")
    one = session.client.signatures.get(version.model, session.key(version), name)
    if key is not None:
        if one.public_key is None:
            raise click.UsageError("--key is for the registry's own signature: 'moorage signers show' has other keys")
        key.write_text(one.public_key, encoding="utf-8")
    written = one.save(file)
    session.say({"signature": str(written)}, f"saved the signature {name} of {version} to {written}")


@signatures.command("add")
@click.argument("version", type=VERSION)
@click.argument("name")
@click.argument("file", type=_FILE)
@command
def add_signature(session: Session, version: Reference, name: str, file: Path) -> None:
    """Give the registry the signature in FILE, such as model.sig. A trusted signer must have made it."""
    one = session.client.signatures.bring(version.model, session.key(version), name, file)
    session.say(one, f"added {name} to {version}: {_by(one)}")


@click.group("signers")
def signers() -> None:
    """Manage whose signatures the registry trusts."""


@signers.command("list")
@list_command
def list_signers(session: Session) -> None:
    """List the trusted signers."""
    listed = session.client.signers.list()
    rows = ((one.name, _trusted(one), one.subjects, one.description) for one in listed)
    session.rows(listed, _SIGNERS, rows)


@signers.command("show")
@click.argument("name")
@command
def show_signer(session: Session, name: str) -> None:
    """Show a trusted signer."""
    _show(session, session.client.signers.get(name))


@signers.command("save")
@click.argument("name")
@click.option("--key", type=_FILE, metavar="FILE", help="Trust this public key in PEM.")
@click.option("--authority", type=_FILE, metavar="FILE", help="Trust certificates of this authority, in PEM.")
@click.option("--subject", "subjects", multiple=True, help="Whom they must name; * matches any text. Repeatable.")
@click.option("--description", default="", help="Who that is.")
@command
def save_signer(
    session: Session,
    name: str,
    key: Path | None,
    authority: Path | None,
    subjects: tuple[str, ...],
    description: str,
) -> None:
    """Trust a signer, or change what is trusted of it.

    Give --key, or --authority with --subject. What the signer verified under other terms counts no longer.
    """
    if (key is None) == (authority is None):
        raise click.UsageError("give --key or --authority, and not both")
    saved = session.client.signers.save(
        name,
        public_key=None if key is None else key.read_text(encoding="utf-8"),
        authority=None if authority is None else authority.read_text(encoding="utf-8"),
        subjects=subjects,
        description=description,
    )
    _show(session, saved)


@signers.command("delete")
@click.argument("name")
@yes_option
@command
def delete_signer(session: Session, name: str, yes: bool) -> None:
    """Trust a signer no longer. Asks first."""
    ask(f"This deletes the signer {name}: its signatures of all versions count no longer.", yes=yes)
    session.client.signers.delete(name)
    session.say({"deleted": name}, f"deleted {name}")


def _counts(one: Signature) -> str:
    return "yes" if one.counts else f"no: {one.doubt}"


def _by(one: Signature) -> str:
    return f"signed by {one.signer}" if one.signer is not None else f"not verified, by {one.identity}"


def _trusted(one: Signer) -> str:
    return "a key" if one.authority is None else "an authority"


def _show(session: Session, one: Signer) -> None:
    facts: list[tuple[str, object]] = [
        ("name", one.name),
        ("public key", one.public_key),
        ("authority", one.authority),
        ("subjects", one.subjects),
        ("description", one.description),
        ("changed", one.updated_at),
        ("created", one.created_at),
        ("by", one.created_by),
    ]
    session.facts(one, facts)
