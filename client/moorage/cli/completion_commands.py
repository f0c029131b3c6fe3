"""completion: suggestions of the shell for what is typed after `moorage`."""

import os
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from moorage.cli.session import Session, command

SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_MOORAGE_COMPLETE"
# Bash takes @ for the end of a word, so that it would never ask for the aliases of fraud@.
_BEFORE: Final = {
    "bash": "COMP_WORDBREAKS=${COMP_WORDBREAKS//@}\n",
    "zsh": "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n",
    "fish": "",
}
_SHELL = click.argument("shell", type=click.Choice(SHELLS), required=False)


@click.group("completion")
def completion() -> None:
    """Let the shell complete commands, options, models and versions."""


@completion.command("install")
@_SHELL
@command
def install(session: Session, shell: str | None) -> None:
    """Install completion for a shell, by default the one that you use.

    Writes a script, and for bash and zsh one line in ~/.bashrc or ~/.zshrc that reads it.
    """
    chosen = shell or _own_shell()
    script, start = _places(chosen)
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(_source(chosen), encoding="utf-8")
    line = f'[ -f "{script}" ] && . "{script}"'
    if start is not None and line not in _lines(start):
        with start.open("a", encoding="utf-8") as file:
            file.write(f"\n# Completion of the moorage command\n{line}\n")
    where = str(script) if start is None else f"{script}, which {start} reads"
    session.say({"shell": chosen, "script": str(script)}, f"wrote {where}: open a new {chosen} to use it")


@completion.command("show")
@click.argument("shell", type=click.Choice(SHELLS))
@command
def show(session: Session, shell: str) -> None:
    """Print the completion script of a shell."""
    source = _source(shell)
    session.result({"shell": shell, "script": source}, lambda _: click.echo(source, nl=False))


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"your shell is not known: name one of {', '.join(SHELLS)}")
    return name


def _places(shell: str) -> tuple[Path, Path | None]:
    """Where the script goes, and the file that the shell reads when it starts. Fish finds the script by itself."""
    home = Path.home()
    if shell == "fish":
        configuration = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        return configuration / "fish" / "completions" / "moorage.fish", None
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    start = Path(os.environ.get("ZDOTDIR") or home) / ".zshrc" if shell == "zsh" else home / ".bashrc"
    return data / "moorage" / f"completion.{shell}", start


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _source(shell: str) -> str:
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}")
    whole = click.get_current_context().find_root().command
    return f"{_BEFORE[shell]}{kind(whole, {}, 'moorage', _VARIABLE).source()}\n"
