"""package, serve: putting a version into service."""

from dataclasses import fields
from pathlib import Path

import click

from moorage.cli.log_notes import information_as_notes
from moorage.cli.references import VERSION
from moorage.cli.session import Session, command
from moorage.cli.values import counted
from moorage.references import Reference

_allow = click.option(
    "--allow", multiple=True, metavar="FORMAT:MODEL", help="Permit a format that runs code, such as pickle:fraud/3."
)
_trust = click.option("--trust", multiple=True, metavar="TYPE", help="Permit a type in a skops file. May be repeated.")


@click.command("package")
@click.argument("version", type=VERSION)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--base", metavar="IMAGE", help="The image to start from, as NAME@sha256:DIGEST.")
@click.option("--download", is_flag=True, help="Let the image's build download the model's files.")
@click.option("--follow", is_flag=True, help="Let the image follow the alias, not serve this version for good.")
@click.option("--requirement", "requirements", multiple=True, metavar="NAME==VERSION", help="Install this as well.")
@_allow
@_trust
@command
def package(
    session: Session,
    version: Reference,
    directory: Path,
    base: str | None,
    download: bool,
    follow: bool,
    requirements: tuple[str, ...],
    allow: tuple[str, ...],
    trust: tuple[str, ...],
) -> None:
    """Write a directory to build an image from that serves a version.

    The same version gives the same bytes. For example: moorage package fraud@champion image && docker build image
    """
    written = session.client.package(
        str(version),
        directory,
        base=base,
        download=download,
        follow=follow,
        allow=allow,
        trust=trust,
        requirements=requirements,
    )
    if "@sha256:" not in written.base:
        session.note(
            f"{written.base} is a tag, which may name another image tomorrow: pin it with --base NAME@sha256:…"
        )
    if not written.hashed:
        session.note(
            f"{written.environment} has no hashes, so what the requirements need themselves is not pinned: register a "
            "pylock.toml with the model"
        )
    if follow:
        for permission in allow:
            if permission.endswith(f"/{written.version}"):
                session.warn(f"{permission} is for one version: the image will refuse those that the alias moves to")
    document = {field.name: getattr(written, field.name) for field in fields(written)}
    session.say(
        {**document, "directory": str(directory)},
        f"{written.model}/{written.version}: {counted(len(written.files), 'file')} to build from in {directory}"
        + (f", to follow {written.model}@{written.follows}" if follow else ""),
    )


@click.command("serve")
@click.argument("version", type=VERSION)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How often an alias is looked at.",
)
@click.option("--target", metavar="NAME", help="The target that this is: the registry is told what it serves.")
@click.option("--monitor", metavar="NAME", help="The monitor that gets counts of what is asked and answered.")
@_allow
@_trust
@command
def serve(
    session: Session,
    version: Reference,
    host: str,
    port: int,
    interval: float,
    target: str | None,
    monitor: str | None,
    allow: tuple[str, ...],
    trust: tuple[str, ...],
) -> None:
    """Serve a model over HTTP, and follow its alias.

    The version that an alias moves to takes over without a request being dropped. Ends with SIGTERM or Ctrl-C.
    """
    from moorage.serving.http_server import told_to_end

    with (
        told_to_end() as end,
        information_as_notes("moorage.following", session.note),
        session.client.serve(
            str(version),
            host=host,
            port=port,
            interval=interval,
            allow=allow,
            trust=trust,
            target=target,
            monitor=monitor,
        ) as model,
    ):
        document = {"url": model.url, "model": model.served.model, "version": model.served.version}
        session.say(document, f"serving {model.served} on {model.url}")
        end.wait()
