"""The pages of the SDK: which classes and functions there are. mkdocstrings fills in their docstrings."""

import dataclasses
import inspect
import json
from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import Final

import moorage
from moorage import AsyncClient, Client, MoorageError


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of each page."""
    public = [getattr(moorage, name) for name in moorage.__all__ if not name.startswith("__")]
    errors = [one for one in public if inspect.isclass(one) and issubclass(one, MoorageError)]
    functions = [one for one in public if inspect.isfunction(one)]
    results = [one for one in public if one not in (*errors, *functions, Client, AsyncClient)]
    called = [f"## client.{attribute}\n\n{_directive(area, **_AREA)}" for attribute, area in areas().items()]
    raised = [*map(_directive, errors), *map(_directive, functions)]
    both = [_directive(Client, members=calls(Client)), _directive(AsyncClient, members=["aclose"])]
    yield "client.md", _page("The client", _ABOUT_CLIENT, both)
    yield "areas.md", _page("Areas of the client", _ABOUT_AREAS, called)
    yield "results.md", _page("Results", _ABOUT_RESULTS, map(_directive, results))
    yield "errors.md", _page("Errors and functions", _ABOUT_ERRORS, raised)


def areas() -> dict[str, type]:
    """The attributes of a client that have the single calls, such as ``models``, with their classes."""
    with Client("https://registry.example", "moor_x_y") as client:
        values = {name: type(value) for name, value in vars(client).items() if not name.startswith("_")}
    return {name: kind for name, kind in values.items() if kind.__module__.startswith("moorage.")}


def calls(kind: type) -> list[str]:
    """The public methods of a class, in the order of the code."""
    return [name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")]


def _page(title: str, about: str, parts: Iterable[str]) -> str:
    return "\n".join([f"# {title}\n", f"{about}\n", *parts])


def _directive(thing: type | FunctionType, **options: object) -> str:
    """What mkdocstrings replaces by the docstrings of a class with its members, or of a function."""
    if dataclasses.is_dataclass(thing):
        # The signature has the fields, so that they need not be listed again.
        options["members"] = False
    lines = [f"::: {thing.__module__}.{thing.__qualname__}"]
    if options:
        lines += ["    options:", *(f"      {name}: {json.dumps(value)}" for name, value in options.items())]
    return "\n".join([*lines, ""])


# Nobody but the client makes these objects, so how they are made is left out.
_AREA: Final = {
    "show_root_heading": False,
    "show_root_toc_entry": False,
    "merge_init_into_class": False,
    "filters": ["!^_"],
    "heading_level": 3,
}
_ABOUT_CLIENT = (
    "`pip install ./client` installs the package `moorage`. [The guide](../../client.md) shows it at work. These pages "
    "are made from its docstrings."
)
_ABOUT_AREAS = "The single calls of [the API](../http/index.md), by what they are about."
_ABOUT_RESULTS = (
    "What calls answer with, and what some of them take. All are frozen dataclasses unless their text says otherwise; "
    "lists of them are iterators that read page after page. [The API](../http/index.md) describes the fields."
)
_ABOUT_ERRORS = (
    "Every error is a `MoorageError`. [Errors](../errors.md) has the codes that the registry answers with, each with "
    "its cause and its cure."
)
