"""Completing the names of models, versions and aliases in a shell.

A shell waits while somebody types, so a completion makes one call to the registry, waits briefly for it, and suggests
nothing if there is no answer.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import click
import httpx
from click.shell_completion import CompletionItem

from moorage.cli.project import PROJECT_MODEL, find_project, project_url
from moorage.client import Client
from moorage.errors import MoorageError
from moorage.retry import RetryPolicy

_SECONDS: Final = 1.5
_MOST: Final = 50


def complete_models(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The models whose names begin with what was typed."""
    return _asked(context, lambda client: _models(client, incomplete))


def complete_references(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Models until one is whole, then its versions behind ``/`` and its aliases behind ``@``."""
    model, mark, rest = _parted(incomplete)
    if not mark:
        return complete_models(context, incomplete)
    return _asked(
        context,
        lambda client: (f"{model}{mark}{name}" for name in _names(client, model, mark) if name.startswith(rest)),
    )


def _parted(text: str) -> tuple[str, str, str]:
    if "/" in text:
        return text.partition("/")
    return text.rpartition("@") if "@" in text else (text, "", "")


def _models(client: Client, beginning: str) -> Iterable[str]:
    return (model.name for model in client.models.list(prefix=beginning, limit=_MOST))


def _names(client: Client, name: str, mark: str) -> Iterable[str]:
    if name == PROJECT_MODEL:
        project = find_project(Path.cwd())
        name = (project and project.model) or name
    model = client.models.get(name)
    if mark == "@":
        return [*model.aliases, "latest"]
    return [str(number) for number in range(model.last_version, max(model.last_version - _MOST, 0), -1)]


def _asked(context: click.Context, ask: Callable[[Client], Iterable[str]]) -> list[CompletionItem]:
    try:
        with _connected(context.find_root()) as client:
            return [CompletionItem(name) for name in ask(client)]
    except (MoorageError, ValueError):
        # Whatever is wrong, an error in the middle of what somebody types would not help.
        return []


def _connected(root: click.Context) -> Client:
    url = root.params.get("url") or project_url(find_project(Path.cwd()), os.environ)
    if root.obj is not None:
        # A caller of main() passed its own function that creates a client.
        made: Client = root.obj(url, None)
        return made
    return Client(url, retry=RetryPolicy(attempts=1), transport=_Impatient())


class _Impatient(httpx.HTTPTransport):
    """Waits for an answer no longer than somebody who types does."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions = {**request.extensions, "timeout": httpx.Timeout(_SECONDS).as_dict()}
        return super().handle_request(request)
