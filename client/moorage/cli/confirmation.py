"""Asking before a command does what cannot be undone at once."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from moorage.cli.problems import print_folded
from moorage.cli.session import console_on

Function = TypeVar("Function", bound=Callable[..., Any])


def yes_option(function: Function) -> Function:
    """``--yes``, for commands that ask first."""
    return click.option("--yes", "-y", is_flag=True, help="Do not ask first.")(function)


def ask(what: str, *, yes: bool) -> None:
    """Ask on stderr whether to do ``what``, which is one or two sentences about what will happen.

    Returns only if the answer is yes. Raises UsageError where nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"Nobody can be asked here, because the input is not a terminal: give --yes. {what}")
    print_folded(console_on(sys.stderr, stderr=True), what)
    if not click.confirm("Go on?", err=True):
        raise click.ClickException("nothing was done")
