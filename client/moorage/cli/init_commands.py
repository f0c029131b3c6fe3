"""init: write the project file, and a CI workflow."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import PAIR
from moorage.cli.project import FILE_NAME
from moorage.cli.session import Session, command
from moorage.cli.workflows import project_file, workflow
from moorage.errors import NotConfiguredError
from moorage.login import URL_VARIABLE, clean_url, load_login, login_path

_REMOTE = re.compile(r"(?:git@|ssh://git@|https://)(?P<host>[^/:]+)[/:](?P<path>.+?)(?:\.git)?/?$")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the project. ``outcome`` is ``written``, ``unchanged`` or, in a dry run, ``would be written``."""

    path: str
    outcome: str
    text: str


@click.command("init")
@click.option("--model", metavar="NAME", help="The model of this project. Default: the name of the directory.")
@click.option("--registry", metavar="URL", help="The registry's address. Default: that of the login.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    help="Also write a workflow that registers the model. Default: by the git remote.",
)
@click.option("--repository", metavar="OWNER/NAME", help="Where the workflow runs. Default: by the git remote.")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="A tag of all versions. May be repeated.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, without writing it.")
@yes_option
@command
def init(
    session: Session,
    model: str | None,
    registry: str | None,
    ci: str | None,
    repository: str | None,
    tags: tuple[tuple[str, str], ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Write moorage.toml and a CI workflow in this directory.

    The workflow logs in by OIDC, so that no secret is stored. The command that makes the registry trust it is shown.
    Files that differ are only overwritten after a question.
    """
    name, url = model or Path.cwd().name, _address(registry or session.url)
    files = {FILE_NAME: project_file(url, name, dict(tags))}
    system, remote_repository = _remote()
    chosen = ci or system
    trust = None
    if chosen not in (None, "none"):
        made = workflow(chosen, url, name, repository or remote_repository or "OWNER/NAME")
        files[made.path], trust = made.text, made.trust
    if not dry_run:
        _ask_for_differing(files, yes)
    written = [_write(path, text, dry_run) for path, text in files.items()]
    session.result({"files": written, "trust": trust}, lambda _: _tell(written, dry_run))
    if trust is not None:
        session.note("An administrator lets the workflow in with:")
        session.note_command(trust)


def _address(given: str | None) -> str:
    """The address to write down: as given, or that of the login. Raises NotConfiguredError if there is none."""
    saved = load_login(login_path(os.environ))
    url = given or os.environ.get(URL_VARIABLE) or (None if saved is None else saved.url)
    if url is None:
        raise NotConfiguredError("No registry is known: give --registry URL, or run 'moorage login URL' first.")
    return clean_url(url)


def _remote() -> tuple[str | None, str | None]:
    """The CI system and the repository of git's remote ``origin``, as far as they are known."""
    try:
        asked = subprocess.run(
            ["git", "config", "--get", "remote.origin.url"],  # noqa: S607 - git is wherever the user has it
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None, None
    found = _REMOTE.match(asked.stdout.strip())
    if found is None:
        return None, None
    system = next((name for name in ("github", "gitlab") if name in found["host"]), None)
    return system, found["path"]


def _ask_for_differing(files: Mapping[str, str], yes: bool) -> None:
    differing = [path for path, text in files.items() if Path(path).exists() and _differs(path, text)]
    if differing:
        ask(f"This overwrites {' and '.join(differing)}.", yes=yes)


def _differs(path: str, text: str) -> bool:
    return Path(path).read_text(encoding="utf-8") != text


def _write(path: str, text: str, dry_run: bool) -> Written:
    if Path(path).exists() and not _differs(path, text):
        return Written(path, "unchanged", text)
    if dry_run:
        return Written(path, "would be written", text)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8", newline="\n")
    return Written(path, "written", text)


def _tell(written: Sequence[Written], dry_run: bool) -> None:
    for file in written:
        click.echo(f"{file.path}: {file.outcome}")
        if dry_run:
            click.echo("".join(f"  {line}".rstrip() + "\n" for line in file.text.splitlines()))
