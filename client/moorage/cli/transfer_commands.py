"""register, resume, download: commands that transfer files."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from moorage.cli.confirmation import ask
from moorage.cli.options import NUMBER_PAIR, PAIR, scalar_of
from moorage.cli.progress_bar import progress_bar
from moorage.cli.project import Project
from moorage.cli.references import MODEL, VERSION, version_of
from moorage.cli.session import JSON, Session, command
from moorage.cli.values import counted
from moorage.download import Download
from moorage.errors import LocalFilesError
from moorage.local_files import gather
from moorage.references import Reference
from moorage.results import Number
from moorage.versions import VersionContent

# How many ignored files are named.
_SHOWN = 3
_EXISTING = click.Path(exists=True, path_type=Path)
_JSON_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_follow_links = click.option("--follow-links", is_flag=True, help="Also take linked directories and files outside.")
_ignore = click.option(
    "--ignore", multiple=True, metavar="PATTERN", help="Leave out files, as .gitignore names them. May be repeated."
)


@click.command("register")
@click.argument("model", type=MODEL)
@click.argument("paths", type=_EXISTING, nargs=-1, required=True, metavar="PATH...")
@click.option("--label", help="A semantic version, such as 1.4.0.")
@click.option("--description", help="A description of the version.")
@click.option("--metric", "metrics", type=NUMBER_PAIR, multiple=True, help="A metric. May be repeated.")
@click.option("--metrics", "metrics_file", type=_JSON_FILE, help="A JSON file with metrics.")
@click.option("--param", "parameters", type=PAIR, multiple=True, help="A training parameter. May be repeated.")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="A tag. May be repeated.")
@click.option("--provenance", type=_JSON_FILE, help="A JSON file with run, datasets, source, runtime, author.")
@click.option("--framework", metavar="NAME[=VERSION]", help="The framework, such as xgboost=2.1.")
@click.option("--task", help="What the model does, such as tabular-classification.")
@_ignore
@_follow_links
@click.option("--idempotency-key", help="The same key continues the registration that it began.")
@command
def register(
    session: Session,
    model: str,
    paths: tuple[Path, ...],
    label: str | None,
    description: str | None,
    metrics: tuple[tuple[str, Number], ...],
    metrics_file: Path | None,
    parameters: tuple[tuple[str, str], ...],
    tags: tuple[tuple[str, str], ...],
    provenance: Path | None,
    framework: str | None,
    task: str | None,
    ignore: tuple[str, ...],
    follow_links: bool,
    idempotency_key: str | None,
) -> None:
    """Register files and directories as a version of MODEL.

    Creates the model if it does not exist. Framework, task and tags that are not given come from moorage.toml. What
    its ignore names is left out too.
    """
    defaults = session.project or Project(Path())
    framework, task = framework or defaults.framework, task or defaults.task
    content: VersionContent = {"label": label, "description": description}
    content["tags"] = {**defaults.tags, **dict(tags)}
    content["metrics"] = (_object(metrics_file) if metrics_file else {}) | dict(metrics)
    content["parameters"] = {name: scalar_of(text) for name, text in parameters}
    if provenance is not None:
        content["provenance"] = _object(provenance)
    if framework is not None:
        name, equals, version = framework.partition("=")
        content["framework"] = {"name": name} | ({"version": version} if equals else {})
    if task is not None:
        content["task"] = task
    files = _gathered(session, paths, ignore, follow_links)
    with progress_bar() as progress:
        registered = session.client.register(
            model,
            files=files,
            idempotency_key=idempotency_key,
            progress=progress,
            **content,
        )
    for warning in registered.warnings:
        session.note(f"{warning.path}: {warning.message}")
    session.say(
        registered,
        f"registered {model}/{registered.number}: "
        f"{counted(registered.file_count, 'file')}, {registered.total_size} bytes, {registered.status}",
    )


@click.command("resume")
@click.argument("version", type=VERSION)
@click.argument("paths", type=_EXISTING, nargs=-1, required=True, metavar="PATH...")
@_ignore
@_follow_links
@command
def resume(
    session: Session, version: Reference, paths: tuple[Path, ...], ignore: tuple[str, ...], follow_links: bool
) -> None:
    """Finish an interrupted upload by sending what is missing."""
    if not isinstance(version.version, int):
        raise click.UsageError("an alias cannot point at an unfinished version: give its number")
    files = _gathered(session, paths, ignore, follow_links)
    with progress_bar() as progress:
        finished = session.client.resume(version.model, version.version, files=files, progress=progress)
    session.say(finished, f"finished {version}: {finished.status}")


@click.command("download")
@click.argument("version", type=VERSION)
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--file", "files", multiple=True, metavar="PATH", help="Download only this file. May be repeated.")
@click.option("--overwrite", is_flag=True, help="Overwrite files of your own that differ, and keep the others.")
@command
def download(session: Session, version: Reference, directory: Path, files: tuple[str, ...], overwrite: bool) -> None:
    """Download a version's files and check the SHA-256 of each."""

    def attempt(overwrite: bool) -> Download:
        with progress_bar() as progress:
            return session.client.download(
                version.model,
                version_of(version),
                directory,
                paths=files or None,
                overwrite=overwrite,
                progress=progress,
            )

    try:
        done = attempt(overwrite)
    except LocalFilesError as error:
        if session.output == JSON or not sys.stdin.isatty():
            raise
        session.note(str(error))
        ask("This overwrites the files that differ, and keeps your other files.", yes=False)
        done = attempt(overwrite=True)
    document: dict[str, Any] = {
        "model": done.model,
        "version": done.version,
        "digest": done.digest,
        "directory": str(done.directory),
        "fetched": [str(path) for path in done.fetched],
        "skipped": [str(path) for path in done.skipped],
        "references": [{"path": file.path, "uri": file.uri} for file in done.references],
        "renamed": {path: str(local) for path, local in done.renamed.items()},
        "removed": [str(path) for path in done.removed],
        "age_seconds": int(done.age.total_seconds()),
    }
    for reference in done.references:
        session.note(f"{reference.path} is not stored in the registry and was not downloaded: {reference.uri}")
    for path, local in done.renamed.items():
        session.note(f"{path} is downloaded as {local}: the file system cannot hold its own name")
    already = f", {len(done.skipped)} already there" if done.skipped else ""
    removed = f", {len(done.removed)} removed" if done.removed else ""
    files_put = f"{counted(len(done.fetched), 'file')} to {directory}{already}{removed}"
    session.say(document, f"{done.model}/{done.version}: {files_put}")


def _gathered(
    session: Session, paths: tuple[Path, ...], ignore: tuple[str, ...], follow_links: bool
) -> Mapping[str, Path]:
    # A later pattern counts more, so that the command can take in again what the project leaves out.
    patterns = (*(session.project.ignore if session.project else ()), *ignore)
    gathered = gather(files=paths, ignore=patterns, follow_links=follow_links)
    if gathered.ignored:
        examples = ", ".join(str(path) for path in gathered.ignored[:_SHOWN])
        more = f" and {len(gathered.ignored) - _SHOWN} more" if len(gathered.ignored) > _SHOWN else ""
        session.note(f"ignored: {examples}{more}")
    return gathered.files


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.UsageError(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise click.UsageError(f"{path} does not hold a JSON object")
    return value
