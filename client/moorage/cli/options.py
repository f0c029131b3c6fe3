"""Option types that several commands share."""

import json
from typing import Any, Final

import click

from moorage.results import Number, Scalar


class Pair(click.ParamType[tuple[str, str]]):
    """``name=value``."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        name, equals, text = value.partition("=")
        if not equals or not name:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text


class NumberPair(click.ParamType[tuple[str, Number]]):
    """``name=number``; integers stay integers."""

    name = "name=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Number]:
        name, text = PAIR.convert(value, param, ctx)
        number = number_of(text)
        if number is None:
            self.fail(f"{text!r} is not a number", param, ctx)
        return name, number


class NumberType(click.ParamType[Number]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Number:
        number = value if isinstance(value, int | float) else number_of(value)
        if number is None:
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


PAIR: Final = Pair()
NUMBER_PAIR: Final = NumberPair()
NUMBER: Final = NumberType()


def number_of(text: str) -> Number | None:
    """The number that ``text`` spells in JSON, None if it is none."""
    value = scalar_of(text)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def scalar_of(text: str) -> Scalar:
    """A parameter's value: a number or a boolean where JSON reads one, else the text itself."""
    try:
        value = json.loads(text, parse_constant=lambda constant: constant)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text
