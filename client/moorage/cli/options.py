"""Options and option types that several commands share."""

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

import click

from moorage.results import Number, Scalar

Function = TypeVar("Function", bound=Callable[..., Any])

_NOT_FINITE: Final = ("nan", "inf", "infinity")


class Pair(click.ParamType[tuple[str, str]]):
    """``name=value``."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        name, equals, text = value.partition("=")
        if not equals or not name:
            self.fail(f"{value!r} is not of the form NAME=VALUE", param, ctx)
        return name, text


class NumberPair(click.ParamType[tuple[str, Number]]):
    """``name=number``. An integer stays an integer."""

    name = "name=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Number]:
        name, text = PAIR.convert(value, param, ctx)
        number = number_of(text)
        if number is None:
            kind = "finite number" if text.strip("+-").lower() in _NOT_FINITE else "number"
            self.fail(f"the value of {name} is not a {kind}: {text!r}", param, ctx)
        return name, number


class NumberType(click.ParamType[Number]):
    """A number; an integer stays an integer."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Number:
        number = value if isinstance(value, int | float) else number_of(value)
        if number is None:
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class SettingPair(click.ParamType[tuple[str, object]]):
    """``name=value``. A value that is ``true``, ``false``, or a JSON object or list, is read as such."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, object]:
        name, text = PAIR.convert(value, param, ctx)
        if text not in ("true", "false") and not text.startswith(("{", "[")):
            return name, text
        try:
            return name, json.loads(text)
        except ValueError as error:
            self.fail(f"the value of {name} is not JSON: {error}", param, ctx)


class TimeType(click.ParamType[datetime]):
    """A time with its zone, or a date, which begins at midnight in UTC. It becomes a time in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a time such as 2026-11-23T09:30:00Z nor a date", param, ctx)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
        if not isinstance(value, datetime) and len(value) > len("2026-11-23"):
            self.fail(f"{value!r} does not say in which time zone: end it with Z for UTC, or with +01:00", param, ctx)
        return time.replace(tzinfo=UTC)


PAIR: Final = Pair()
TIME: Final = TimeType()
SETTING: Final = SettingPair()
NUMBER_PAIR: Final = NumberPair()
NUMBER: Final = NumberType()


def limit_option(default: int = 100) -> Callable[[Function], Function]:
    """``--limit`` and ``--all``, for commands that list something. The command gets ``limit``, None for all."""

    def decorate(function: Function) -> Function:
        @click.option(
            "--limit",
            type=click.IntRange(min=1),
            default=default,
            show_default=True,
            metavar="N",
            help="List at most N entries.",
        )
        @click.option("--all", "everything", is_flag=True, help="List all entries.")
        @functools.wraps(function)
        def run(*arguments: Any, limit: int, everything: bool, **named: Any) -> Any:
            return function(*arguments, limit=None if everything else limit, **named)

        return cast(Function, run)

    return decorate


def bounded_limit_option(default: int, most: int) -> Callable[[Function], Function]:
    """``--limit``, for commands whose answer has a fixed size at most."""
    return click.option(
        "--limit",
        type=click.IntRange(min=1, max=most),
        default=default,
        show_default=True,
        metavar="N",
        help=f"List at most N entries, {most} at most.",
    )


def grace_option(text: str) -> Callable[[Function], Function]:
    """``--grace``: for how many seconds, a day at most, a replaced secret still counts. ``text`` is its help."""
    return click.option(
        "--grace", type=click.IntRange(0, 86_400), default=0, show_default=True, metavar="SECONDS", help=text
    )


def number_of(text: str) -> Number | None:
    """Parse ``text`` as a JSON number. Returns None if it is not a number."""
    value = scalar_of(text)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def scalar_of(text: str) -> Scalar:
    """Parse the value of a parameter: a JSON number or boolean, otherwise the text itself."""
    try:
        value = json.loads(text, parse_constant=lambda constant: constant)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text
