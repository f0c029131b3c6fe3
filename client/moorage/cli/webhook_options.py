"""The options that say what a webhook is told, and how."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TextIO, TypedDict, TypeVar, Unpack

import click

from moorage.cli.options import PAIR, SETTING
from moorage.webhooks import WebhookContent

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: Final = (
    click.option(
        "--setting",
        "settings",
        type=SETTING,
        multiple=True,
        metavar="NAME=VALUE",
        help="A setting of the format, such as repository=example/models. An object is given as JSON. May be repeated.",
    ),
    click.option(
        "--secret",
        "secret_file",
        type=click.File(),
        metavar="FILE",
        help="A file with the receiver's token, key or secret address, or - for standard input.",
    ),
    click.option(
        "--event",
        "events",
        multiple=True,
        metavar="TYPE",
        help="An event type, such as version.ready or alias.*. May be repeated.",
    ),
    click.option(
        "--model",
        "models",
        multiple=True,
        metavar="NAME",
        help="Only events of these models; * matches any text. May be repeated.",
    ),
    click.option(
        "--only-stage",
        "only_stages",
        multiple=True,
        metavar="STAGE",
        help="Only events by which a version enters one of these stages. May be repeated.",
    ),
    click.option(
        "--only-tag",
        "only_tags",
        type=PAIR,
        multiple=True,
        help="Only events of a model or version that has this tag; * matches any text. May be repeated.",
    ),
    click.option(
        "--only-field",
        "only_fields",
        multiple=True,
        metavar="FIELD",
        help="Only events that change one of these fields, such as description or tags/team. May be repeated.",
    ),
    click.option(
        "--header",
        "custom_headers",
        type=PAIR,
        multiple=True,
        help="A header of each delivery. May be repeated.",
    ),
    click.option(
        "--secret-header",
        "secret_headers",
        type=PAIR,
        multiple=True,
        metavar="NAME=FILE",
        help="A header of each delivery whose value, read from the file or - for standard input, is never shown.",
    ),
    click.option(
        "--rate-limit",
        type=click.IntRange(0, 6_000),
        metavar="NUMBER",
        help="How many deliveries a minute; the others wait. 0 ends the limit.",
    ),
    click.option(
        "--max-attempts",
        type=click.IntRange(0, 10),
        metavar="NUMBER",
        help="How often a delivery is attempted. 0 is as often as can be.",
    ),
    click.option("--description", help="A description of the webhook."),
)


class Given(TypedDict):
    """The values of the options."""

    settings: tuple[tuple[str, object], ...]
    secret_file: TextIO | None
    events: tuple[str, ...]
    models: tuple[str, ...]
    only_stages: tuple[str, ...]
    only_tags: tuple[tuple[str, str], ...]
    only_fields: tuple[str, ...]
    custom_headers: tuple[tuple[str, str], ...]
    secret_headers: tuple[tuple[str, str], ...]
    rate_limit: int | None
    max_attempts: int | None
    description: str | None


def content_options(function: Function) -> Function:
    """Give a command the options that ``content_of`` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def content_of(**given: Unpack[Given]) -> WebhookContent:
    """The fields that were given. What may be repeated replaces all that was there before."""
    content: WebhookContent = {}
    for field in ("events", "models", "only_stages", "only_fields"):
        if given[field]:
            content[field] = list(given[field])
    for pairs in ("only_tags", "custom_headers"):
        if given[pairs]:
            content[pairs] = dict(given[pairs])
    if given["secret_headers"]:
        content["secret_headers"] = _read(dict(given["secret_headers"]))
    if given["settings"]:
        content["settings"] = dict(given["settings"])
    for limit in ("rate_limit", "max_attempts"):
        if given[limit] is not None:
            content[limit] = given[limit] or None
    if given["description"] is not None:
        content["description"] = given["description"]
    return content if given["secret_file"] is None else {**content, "secret": given["secret_file"].read().strip()}


def _read(files: Mapping[str, str]) -> dict[str, str]:
    """The values of headers, from files so that no other process sees them in a command line."""
    values = {}
    for name, path in files.items():
        try:
            with click.open_file(path, encoding="utf-8") as stream:
                values[name] = stream.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"the value of the header {name} cannot be read from {path}: {error}") from None
    return values
