"""One call of the dialect as a handler sees it, and what a handler may answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.api.call import Call


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers when it is not a JSON document: a redirect, text, bytes."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MlflowCall(Call):
    """``base_url`` is the API's public URL, its stage included, without a slash at the end."""

    base_url: str
    signed_by_aws: bool
    body: bytes
