"""Grants on the command line: ``ROLE=MODELS``, with ``:WORD,WORD`` for one that is limited to classifications."""

from typing import Any, Final

import click

from moorage.cli.options import PAIR
from moorage.principals import AccessPath, Grant


class GrantType(click.ParamType[Grant]):
    """``role=models`` or ``role=models:word,word``. No model's name has a colon."""

    name = "role=models"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Grant:
        role, text = PAIR.convert(value, param, ctx)
        models, colon, words = text.partition(":")
        if colon and not all(words.split(",")):
            self.fail(f"{value!r} names no classification after the colon, as viewer=*:public does", param, ctx)
        return Grant(role, models, tuple(words.split(",")) if colon else None)


GRANT: Final = GrantType()


def grant_text(grant: Grant | AccessPath) -> str:
    """A grant in words: ``viewer on fraud* (public, internal)``."""
    limit = f" ({', '.join(grant.classifications)})" if grant.classifications else ""
    return f"{grant.role} on {grant.models}{limit}"
