"""The page of errors: every code that an answer can carry, with its meaning, its cause and its cure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import yaml

from chalicelib.api.openapi import GATEWAY_CODES, codes_by_status, openapi
from chalicelib.api.problems import error_types
from chalicelib.domain.errors import RegistryError
from tools.reference.markdown import prose

CURES: Final = Path(__file__).with_name("cures.yaml")
# Codes that API Gateway answers and no error of the registry has.
_OF_THE_GATEWAY: Final = {
    "route_not_found": "No call has this method and path.",
    "rate_limited": "The stack lets no more requests through at the moment.",
    "timed_out": "The registry did not answer within 29 seconds.",
}


@dataclass(frozen=True)
class Known:
    """What there is to know of a code. Texts are Markdown."""

    code: str
    status: int
    meaning: str
    cause: str
    cure: str


def known() -> list[Known]:
    """Every code, by status. Raises KeyError if one lacks its cause and cure."""
    # Making the document imports every capability, and with them the errors that they declare.
    openapi()
    cures: Mapping[str, Mapping[str, str]] = yaml.safe_load(CURES.read_text(encoding="utf-8"))
    meanings = _meanings()
    return [
        Known(code, status, meanings[code], cures[code]["cause"].strip(), cures[code]["cure"].strip())
        for status, codes in codes_by_status().items()
        for code in codes
    ]


def _meanings() -> dict[str, str]:
    """What each code means: as the error says that declares it."""
    said = dict(_OF_THE_GATEWAY)
    for error in error_types():
        # Of the errors without a code of their own, those below another are special cases of it.
        if error is not RegistryError and ("code" in vars(error) or error.code not in said):
            said[error.code] = _meaning(error)
    return said


def _meaning(error: type[Exception]) -> str:
    """The first paragraph of an error's docstring, which is what its code means."""
    return " ".join((error.__doc__ or "").partition("\n\n")[0].split())


def page() -> str:
    """The page."""
    parts = ["# Errors\n", _ABOUT]
    for status, codes in groupby(known(), key=lambda one: one.status):
        by_gateway = " Some are answered by API Gateway itself." if status in GATEWAY_CODES else ""
        parts.append(f"## Status {status}\n\n{_OF_STATUS[status]}{by_gateway}\n")
        parts += [
            f"### `{one.code}` {{#{one.code}}}\n\n{prose(one.meaning)}\n\n"
            f"**Cause.** {one.cause}\n\n**Cure.** {one.cure}\n"
            for one in codes
        ]
    return "\n".join(parts)


_ABOUT: Final = """\
A call that fails answers with a [problem document](../api.md#conventions). Its `code` says what is wrong, and `detail`
says it with the names of your call. This page has every code, each with a link of its own.

In Python, the same is in `error.code`, `error.message` and `error.errors` of a `MoorageError`. On the command line, it
is printed, with the command that is likely to help.
"""
_OF_STATUS: Final = {
    400: "The request itself is wrong, whatever the registry holds.",
    401: "The registry does not know who asks.",
    403: "The registry knows who asks, and does not allow it.",
    404: "What the call names does not exist, or the caller may not see it.",
    409: "What the registry holds does not allow the change.",
    412: "What the call changes is not what the caller has read.",
    413: "The request is too large.",
    415: "The request has the wrong form.",
    422: "The request contradicts an earlier one.",
    429: "There are too many requests.",
    500: "The registry failed, or refuses to serve what it does not trust.",
    503: "The registry cannot answer now.",
    504: "The registry took too long.",
}
