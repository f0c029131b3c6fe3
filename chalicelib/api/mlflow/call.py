"""A call of the dialect as a handler sees it, and the answers that are not JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.api.call import Call


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a handler that returns no JSON document: a redirect, text or bytes."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MlflowCall(Call):
    """``base_url`` is the API's public URL with its stage, without a slash at the end."""

    base_url: str
    signed_by_aws: bool
    body: bytes
