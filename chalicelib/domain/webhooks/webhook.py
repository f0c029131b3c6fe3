"""Webhooks: which events are sent to which URL."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.access.principal import matches as matches_name
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import DIGESTED, Identity, Record

EVERYTHING: Final = ("*",)
# The name of the format Standard Webhooks. Webhooks stored before there were formats have it.
STANDARD: Final = "standard"
# The only event that is not a change. It is sent on request to the webhook that is tested, whatever its filters.
TEST_EVENT: Final = "webhook.test"
MAX_URL: Final = 2048
MAX_PATTERNS: Final = 50
MAX_DESCRIPTION: Final = 1_000
MAX_SECRET: Final = 1_000
# A secret that is a private key in PEM.
MAX_KEY: Final = 8_000
# How long an old secret may still sign after a new one was made, and how many may.
MAX_GRACE_SECONDS: Final = 86_400
MAX_OLD_SECRETS: Final = 3
# Deliveries a minute.
MAX_RATE: Final = 6_000

# The fields that JSON has as lists.
LISTS: Final = ("events", "models", "only_stages", "only_fields", "secret_headers")

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-_.]{0,251}[A-Za-z0-9])?\.?|[0-9A-Fa-f:.]+")
_GROUPS: Final = frozenset(event_type.split(".", 1)[0] for event_type in event_types.ALL)


@dataclass(frozen=True, slots=True)
class OldSecret:
    """An earlier secret, by its generation. Deliveries are also signed with it ``until`` then."""

    generation: int
    until: Instant


@dataclass(frozen=True, slots=True)
class Webhook(Record, kind="webhook"):
    """A receiver outside.

    ``format`` is the name of the format in which events are sent. ``events`` are the format's event types; in the
    standard format also ``prefix.*`` or ``*``. ``models`` are patterns of model names, in which ``*`` matches any run
    of characters. ``revision`` is that of the registry at the webhook's last change. Only some formats have a ``name``.
    ``settings`` are those of the format, such as the repository whose workflow is started. They hold no secret.

    In formats whose secret is the caller's own, ``sealed_secret`` is that secret encrypted, or empty if none was given.
    In all others the secret is derived from the id and ``secret_generation``, and not stored. ``old_secrets`` are those
    that deliveries are also signed with, the newest first.

    ``only_stages``, ``only_tags`` and ``only_fields`` narrow the events further; empty ones do not. ``custom_headers``
    are sent with each delivery. So are the headers named by ``secret_headers``, whose values are encrypted together in
    ``sealed_headers``; ``headers_generation`` counts how often these were set. ``rate_limit`` is how many deliveries a
    minute may be attempted, None for any number. ``max_attempts`` is how often a delivery is attempted, None for as
    often as the schedule of retries has it. ``disabled_reason`` says why the registry disabled the webhook.
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
    format: str = STANDARD
    name: str = ""
    sealed_secret: str = field(default="", repr=False, metadata=DIGESTED)
    old_secrets: tuple[OldSecret, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    only_stages: tuple[str, ...] = ()
    only_tags: Mapping[str, str] = field(default_factory=dict)
    only_fields: tuple[str, ...] = ()
    custom_headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: tuple[str, ...] = ()
    sealed_headers: str = field(default="", repr=False, metadata=DIGESTED)
    headers_generation: int = 0
    rate_limit: int | None = None
    max_attempts: int | None = None
    disabled_reason: str = ""

    @property
    def identity(self) -> Identity:
        return (Webhook, self.id)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        if before == self:
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)

    @property
    def secret_set(self) -> bool:
        """Whether the webhook has a secret that its owner gave."""
        return bool(self.sealed_secret)

    @property
    def receiver(self) -> tuple[Any, ...]:
        """What decides whether the receiver takes a delivery: where it goes, and with which secrets and headers.

        Whoever changes it starts anew: failures from before say nothing of the receiver any more.
        """
        return (self.url, self.settings, self.secret_generation, self.custom_headers, self.headers_generation)

    @property
    def old_secrets_end_at(self) -> Instant | None:
        """When the last old secret ends; None if the last rotation left none."""
        return max((old.until for old in self.old_secrets), default=None)

    def signing_generations(self, now: Instant) -> tuple[int, ...]:
        """The generations of the secrets that a delivery is signed with, the present one first."""
        return (self.secret_generation, *(old.generation for old in self.old_secrets if old.until > now))

    def wants(self, event_type: str, model: str | None) -> bool:
        """Whether the webhook gets an event: it is enabled, and its events and its models both match.

        An event of the registry's own ledger has no model. Webhooks for all models (``*``) get it.
        """
        return self.enabled and matches(self.events, self.models, event_type, model)


def document(webhook: Webhook) -> dict[str, Any]:
    """The webhook as it is stored, with its secrets as they are sealed. Never shown to callers."""
    lists = {name: list(getattr(webhook, name)) for name in LISTS}
    return {**asdict(webhook), **lists, "old_secrets": [asdict(old) for old in webhook.old_secrets]}


def matches(events: Sequence[str], models: Sequence[str], event_type: str, model: str | None) -> bool:
    """Whether patterns of events and of models match an event of this type and model."""
    if not any(_matches_type(pattern, event_type) for pattern in events):
        return False
    if model is None:
        return "*" in models
    return any(matches_name(pattern, model) for pattern in models)


def endpoint(url: str, pointer: str = "/url") -> SplitResult:
    """The parts of a webhook's URL: http or https with a host, at most 2,048 characters, no user, no fragment.

    Raises InvalidInputError, which names the field ``pointer`` and does not show the URL. The outbound policy decides
    whether the registry may connect there.
    """
    if not 1 <= len(url) <= MAX_URL:
        raise invalid(pointer, f"must have 1 to {MAX_URL} characters")
    if not url.isascii() or any(character <= " " or character in '\\^`{|}"<>\x7f' for character in url):
        raise invalid(pointer, "must be percent-encoded ASCII, its host in punycode")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise invalid(pointer, "is not a URL") from None
    if parts.scheme not in ("https", "http"):
        raise invalid(pointer, "must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise invalid(pointer, "must not carry a user name or password; check the signature instead")
    if "#" in url:
        raise invalid(pointer, "must not have a fragment")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or ".." in parts.hostname or port == 0:
        raise invalid(pointer, "has no usable host or port")
    return parts


def origin(url: str, pointer: str = "/url") -> str:
    """Scheme, host and port of a URL, such as ``https://hooks.example.com``. Raises InvalidInputError."""
    parts = endpoint(url, pointer)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def event_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """1 to 50 patterns of events: event types, ``prefix.*`` or ``*``. Raises InvalidInputError."""
    _check_count(patterns, "/events")
    for index, pattern in enumerate(patterns):
        group = pattern.removesuffix(".*") if pattern.endswith(".*") else None
        if pattern != "*" and pattern not in event_types.ALL and group not in _GROUPS:
            known = ", ".join(sorted(f"{group}.*" for group in _GROUPS))
            raise invalid(f"/events/{index}", f"{pattern[:100]!r} is neither an event type, nor one of {known}, nor *")
    return tuple(dict.fromkeys(patterns))


def model_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """1 to 50 patterns of model names, each of 1 to 256 characters. Raises InvalidInputError."""
    _check_count(patterns, "/models")
    for index, pattern in enumerate(patterns):
        if not 1 <= len(pattern) <= MAX_PATTERN:
            raise invalid(f"/models/{index}", f"must have 1 to {MAX_PATTERN} characters")
    return tuple(dict.fromkeys(patterns))


def caller_secret(text: str) -> str:
    """A secret of the caller's own, at most 1,000 characters; empty for none.

    Raises InvalidInputError, whose text does not show the secret.
    """
    if len(text) > MAX_SECRET:
        raise invalid("/secret", f"must have at most {MAX_SECRET} characters")
    return text


def description(text: str) -> str:
    """A description of at most 1,000 characters. Raises InvalidInputError."""
    if len(text) > MAX_DESCRIPTION:
        raise invalid("/description", f"must have at most {MAX_DESCRIPTION} characters")
    return text


def rate_limit(given: int) -> int | None:
    """How many deliveries a minute at most, 1 to 6,000; 0 for no limit. Raises InvalidInputError."""
    if not 0 <= given <= MAX_RATE:
        raise invalid("/rate_limit", f"must be from 1 to {MAX_RATE} deliveries a minute; null ends the limit")
    return given or None


def _matches_type(pattern: str, event_type: str) -> bool:
    if pattern == "*" or pattern == event_type:
        return True
    return pattern.endswith(".*") and event_type.startswith(pattern[:-1])


def _check_count(patterns: Sequence[str], pointer: str) -> None:
    if not 1 <= len(patterns) <= MAX_PATTERNS:
        raise invalid(pointer, f"must have 1 to {MAX_PATTERNS} patterns; leave it out to match everything")


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error for a field of a webhook that is not valid."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
