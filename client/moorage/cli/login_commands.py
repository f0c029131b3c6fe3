"""login, logout, whoami."""

import os
import sys
from pathlib import Path

import click

from moorage.cli.grants import grant_text
from moorage.cli.session import Session, command
from moorage.login import Login, clean_url, forget_login, login_path, read_token, save_login


@click.command("login")
@click.argument("url")
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="Read the token from this file at every call, for example the OIDC token of a CI job.",
)
@command
def login(session: Session, url: str, token_stdin: bool, token_file: Path | None) -> None:
    """Save the registry's URL and a token for it.

    Asks for the token, so that it does not get into your shell history. The login is saved only if the registry accepts
    the token, in a file that only you can read. With --token-file, the path is saved instead of the token.
    """
    if token_file is not None:
        token = read_token(token_file)
    else:
        token = sys.stdin.readline().strip() if token_stdin else click.prompt("Token", hide_input=True, err=True)
    entry = Login(clean_url(url), token, token_file)
    with session.connect(entry.url, entry.token) as client:
        identity = client.whoami()
    save_login(login_path(os.environ), entry)
    session.say(identity, f"logged in to {entry.url} as {identity.principal}")


@click.command("logout")
@command
def logout(session: Session) -> None:
    """Remove the saved login.

    The token itself stays valid. To revoke it, use 'moorage tokens revoke'.
    """
    removed = forget_login(login_path(os.environ))
    session.say({"logged_out": removed}, "logged out" if removed else "there was no saved login")


@click.command("whoami")
@command
def whoami(session: Session) -> None:
    """Show who you are to the registry, and your grants."""
    identity = session.client.whoami()
    grants = [grant_text(grant) for grant in identity.grants]
    session.facts(identity, [("principal", identity.principal), ("registry", session.client.url), ("grants", grants)])
