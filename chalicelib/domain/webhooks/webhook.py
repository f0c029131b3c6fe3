"""Webhooks: who is told of which events, at which URL."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.access.principal import matches as matches_name
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

EVERYTHING: Final = ("*",)
# The one event that is no change: sent on request, to the one webhook that is tested, whatever its filters.
TEST_EVENT: Final = "webhook.test"
MAX_URL: Final = 2048
MAX_PATTERNS: Final = 50
MAX_DESCRIPTION: Final = 1_000
MAX_SECRET: Final = 1_000

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-_.]{0,251}[A-Za-z0-9])?\.?|[0-9A-Fa-f:.]+")
_MLFLOW_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)
_GROUPS: Final = frozenset(event_type.split(".", 1)[0] for event_type in event_types.ALL)


class Format(StrEnum):
    """What a receiver understands: Standard Webhooks with our events, or what MLflow's server sends."""

    STANDARD = "standard"
    MLFLOW = "mlflow"


@dataclass(frozen=True, slots=True)
class Webhook(Record):
    """A receiver outside. Its secret is not part of it: it is derived from the id and ``secret_generation``.

    ``events`` are event types, ``prefix.*`` or ``*``; ``models`` are patterns of model names, where ``*`` is
    any run of characters. ``revision`` is the registry's at its last change.

    In MLflow's format ``events`` are names of MLflow's events, there is a ``name``, and the secret is the caller's own,
    which cannot be derived: ``sealed_secret`` is it, enciphered; empty where none was given.
    """

    id: str
    url: str
    events: tuple[str, ...]
    models: tuple[str, ...]
    description: str
    enabled: bool
    secret_generation: int
    created_at: Instant
    created_by: str
    updated_at: Instant = Instant("")
    revision: int = 0
    format: Format = Format.STANDARD
    name: str = ""
    sealed_secret: str = field(default="", repr=False)

    @property
    def identity(self) -> Identity:
        return (Webhook, self.id)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        if before == self:
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)

    def wants(self, event_type: str, model: str | None) -> bool:
        """Whether an event is to be delivered: the webhook is enabled, and a pattern of each kind matches.

        An event of the registry's own ledger has no model; it is for webhooks that watch all models (``*``).
        """
        return self.enabled and matches(self.events, self.models, event_type, model)


def matches(events: Sequence[str], models: Sequence[str], event_type: str, model: str | None) -> bool:
    """Whether the patterns take an event of this type and model."""
    if not any(_takes(pattern, event_type) for pattern in events):
        return False
    if model is None:
        return "*" in models
    return any(matches_name(pattern, model) for pattern in models)


def endpoint(url: str) -> SplitResult:
    """The parts of a well-formed webhook URL: http or https, a host, nothing secret, no fragment.

    Raises InvalidInputError. Whether the registry may connect there is for the outbound policy to say.
    """
    if not 1 <= len(url) <= MAX_URL:
        raise _invalid("/url", f"must have 1 to {MAX_URL} characters")
    if not url.isascii() or any(character <= " " or character in '\\^`{|}"<>\x7f' for character in url):
        raise _invalid("/url", "must be percent-encoded ASCII, its host in punycode")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid("/url", "is not a URL") from None
    if parts.scheme not in ("https", "http"):
        raise _invalid("/url", "must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _invalid("/url", "must not carry a user name or password; check the signature instead")
    if "#" in url:
        raise _invalid("/url", "must not have a fragment")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or ".." in parts.hostname or port == 0:
        raise _invalid("/url", "has no usable host or port")
    return parts


def event_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """1 to 50 event types, ``prefix.*`` of event types, or ``*``. Raises InvalidInputError."""
    _counted(patterns, "/events")
    for index, pattern in enumerate(patterns):
        group = pattern.removesuffix(".*") if pattern.endswith(".*") else None
        if pattern != "*" and pattern not in event_types.ALL and group not in _GROUPS:
            known = ", ".join(sorted(f"{group}.*" for group in _GROUPS))
            raise _invalid(f"/events/{index}", f"{pattern[:100]!r} is neither an event type, nor one of {known}, nor *")
    return tuple(dict.fromkeys(patterns))


def model_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """1 to 50 patterns of model names, each of 1 to 256 characters. Raises InvalidInputError."""
    _counted(patterns, "/models")
    for index, pattern in enumerate(patterns):
        if not 1 <= len(pattern) <= MAX_PATTERN:
            raise _invalid(f"/models/{index}", f"must have 1 to {MAX_PATTERN} characters")
    return tuple(dict.fromkeys(patterns))


def mlflow_name(text: str) -> str:
    """A name that MLflow takes for a webhook. Raises InvalidInputError."""
    if not _MLFLOW_NAME.fullmatch(text):
        raise _invalid("/name", "must have 1 to 63 letters, digits or . _ - and begin and end with a letter or digit")
    return text


def caller_secret(text: str) -> str:
    """A secret that a caller brings along; empty for none. Raises InvalidInputError, which does not show it."""
    if len(text) > MAX_SECRET:
        raise _invalid("/secret", f"must have at most {MAX_SECRET} characters")
    return text


def description(text: str) -> str:
    if len(text) > MAX_DESCRIPTION:
        raise _invalid("/description", f"must have at most {MAX_DESCRIPTION} characters")
    return text


def _takes(pattern: str, event_type: str) -> bool:
    if pattern == "*" or pattern == event_type:
        return True
    return pattern.endswith(".*") and event_type.startswith(pattern[:-1])


def _counted(patterns: Sequence[str], pointer: str) -> None:
    if not 1 <= len(patterns) <= MAX_PATTERNS:
        raise _invalid(pointer, f"must list 1 to {MAX_PATTERNS} patterns; leave it out to mean everything")


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
