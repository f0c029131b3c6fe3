"""The pages of the SDK: which classes and functions there are. mkdocstrings fills in their docstrings."""

import dataclasses
import inspect
from collections.abc import Iterator, Sequence
from types import FunctionType

import moorage
from moorage import Client, MoorageError


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of each page."""
    yield "client.md", _page("The client", _ABOUT_CLIENT, [Client])
    yield "areas.md", _page("Areas of the client", _ABOUT_AREAS, areas())
    public = [getattr(moorage, name) for name in moorage.__all__ if not name.startswith("__")]
    errors = [one for one in public if inspect.isclass(one) and issubclass(one, MoorageError)]
    functions = [one for one in public if inspect.isfunction(one)]
    rest = [one for one in public if one not in (*errors, *functions, Client)]
    yield "results.md", _page("Results", _ABOUT_RESULTS, rest)
    yield "errors.md", _page("Errors and functions", _ABOUT_ERRORS, [*errors, *functions])


def areas() -> list[type]:
    """The classes behind the attributes of a client, such as ``client.models``, in the order of the attributes."""
    with Client("https://registry.example", "moor_x_y") as client:
        values = [value for name, value in vars(client).items() if not name.startswith("_")]
    return [type(value) for value in values if type(value).__module__.startswith("moorage.")]


def _page(title: str, about: str, things: Sequence[type | FunctionType]) -> str:
    parts = [f"# {title}\n", f"{about}\n"]
    parts += [f"::: {thing.__module__}.{thing.__qualname__}\n{_fields(thing)}" for thing in things]
    return "\n".join(parts)


def _fields(thing: type | FunctionType) -> str:
    """Values show their fields by their signature, so that the fields need not be listed again."""
    return "    options:\n      members: false\n" if dataclasses.is_dataclass(thing) else ""


_ABOUT_CLIENT = (
    "`pip install ./client` installs the package `moorage`. [The guide](../../client.md) shows it at work. These pages "
    "are made from its docstrings."
)
_ABOUT_AREAS = (
    "The single calls of [the API](../http/index.md), by what they are about. Each class is an attribute of the "
    "client: `Models` is `client.models`."
)
_ABOUT_RESULTS = (
    "What calls answer with, and what some of them take. All are frozen dataclasses unless their text says otherwise; "
    "lists of them are iterators that read page after page. [The API](../http/index.md) describes the fields."
)
_ABOUT_ERRORS = (
    "Every error is a `MoorageError`. [Errors](../errors.md) has the codes that the registry answers with, each with "
    "its cause and its cure."
)
