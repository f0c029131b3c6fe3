"""Schemas of webhooks and of their delivery log."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.api.document import Body, GivenTime, Paging, Time, View
from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.webhooks.custom_headers import MAX_HEADER_VALUE, MAX_HEADERS
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import MAX_ATTEMPTS, State
from chalicelib.domain.webhooks.formats import Format, no_name
from chalicelib.domain.webhooks.narrowing import MAX_FIELD, MAX_FIELDS, MAX_STAGE, MAX_STAGES, MAX_TAG_PATTERN, MAX_TAGS
from chalicelib.domain.webhooks.ranges import Range
from chalicelib.domain.webhooks.webhook import (
    MAX_DESCRIPTION,
    MAX_GRACE_SECONDS,
    MAX_KEY,
    MAX_PATTERNS,
    MAX_RATE,
    MAX_URL,
    STANDARD,
)

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATTERN)]
# Text, not the enumeration: answers are JSON and are checked strictly.
FormatName = Annotated[
    str,
    AfterValidator(lambda name: FORMATS.named(name).name),
    Field(json_schema_extra={"enum": [known.name for known in FORMATS]}),
]
_CREATED: Final = tuple(known.name for known in FORMATS if known.webhook_name is no_name)


def _is_created_here(name: str) -> str:
    """Refuse formats in which webhooks have names: MLflow's clients create those. Raises ValueError."""
    if name not in _CREATED:
        raise ValueError(f"must be one of {', '.join(_CREATED)}")
    return name


CreatedFormat = Annotated[str, AfterValidator(_is_created_here), Field(json_schema_extra={"enum": list(_CREATED)})]
# A format reads its own settings strictly. Here they are any JSON.
Settings = Annotated[dict[str, Any], Field(description="What the format needs to know. Never a secret.")]
Secret = Annotated[str, Field(max_length=MAX_KEY, description="The caller's own secret. It is stored encrypted.")]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=MAX_PATTERNS)]
DeliveryState = Literal["pending", "succeeded", "failed", "cancelled"]
SettledState = Literal["succeeded", "failed", "cancelled"]
Stages = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_STAGE)]], Field(max_length=MAX_STAGES)
]
ChangedFields = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_FIELD)]], Field(max_length=MAX_FIELDS)
]
TagPatterns = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=MAX_TAG_PATTERN)]], Field(max_length=MAX_TAGS)
]
Headers = Annotated[
    dict[str, Annotated[str, StringConstraints(min_length=1, max_length=MAX_HEADER_VALUE)]],
    Field(max_length=MAX_HEADERS),
]
Rate = Annotated[int, Field(ge=1, le=MAX_RATE)]
Attempts = Annotated[int, Field(ge=1, le=MAX_ATTEMPTS)]
_NOT_NULLABLE = ("url", "enabled", "settings", "secret")


class CreateWebhook(Body):
    """A URL and the events to send there. Without filters, a standard webhook gets every event of every model.

    ``format`` says in which form events are sent, and which ``settings`` and ``secret`` there are. Some formats have a
    URL of their own. In those whose secret is the address, ``url`` cannot be given.
    """

    url: str | None = Field(None, min_length=1, max_length=MAX_URL, examples=["https://ci.example.com/hooks/models"])
    format: CreatedFormat = STANDARD
    settings: Settings = Field(default_factory=dict)
    secret: Secret = ""
    events: Patterns | None = Field(
        None, description="Event types, prefixes such as version.*, or *. By default those of the format."
    )
    models: Patterns = Field(["*"], description="Model names, where * matches any characters.")
    description: str = Field("", max_length=MAX_DESCRIPTION)
    enabled: bool = True
    only_stages: Stages = Field([], description="Only events by which a version enters one of these stages.")
    only_tags: TagPatterns = Field(
        {}, description="Only events of a model or version with all these tags. * matches any characters of a value."
    )
    only_fields: ChangedFields = Field(
        [], description="Only events that change one of these fields, named as in the list of changes: tags/team."
    )
    custom_headers: Headers = Field({}, description="Headers of every delivery.")
    secret_headers: Headers = Field({}, description="Headers of every delivery. No answer shows their values.")
    rate_limit: Rate | None = Field(None, description="How many deliveries a minute. The others wait.")
    max_attempts: Attempts | None = Field(None, description="How often a delivery is attempted.")

    def change(self) -> WebhookChange:
        """The change, without the secret and the secret headers."""
        return WebhookChange(
            events=self.events,
            models=self.models,
            description=self.description,
            enabled=self.enabled,
            settings=self.settings,
            only_stages=self.only_stages,
            only_tags=self.only_tags,
            only_fields=self.only_fields,
            custom_headers=self.custom_headers,
            rate_limit=self.rate_limit,
            max_attempts=self.max_attempts,
        )

    def of_format(self) -> Format:
        return FORMATS.named(self.format)


class UpdateWebhook(Body):
    """Fields to change. ``null`` resets a field to its default. A list or an object replaces the one before.

    An empty ``secret`` removes it, where the format can do without.
    """

    url: str | None = Field(None, min_length=1, max_length=MAX_URL)
    events: Patterns | None = None
    models: Patterns | None = None
    description: str | None = Field(None, max_length=MAX_DESCRIPTION)
    enabled: bool | None = None
    settings: Settings | None = None
    secret: Secret | None = None
    only_stages: Stages | None = None
    only_tags: TagPatterns | None = None
    only_fields: ChangedFields | None = None
    custom_headers: Headers | None = None
    secret_headers: Headers | None = None
    rate_limit: Rate | None = None
    max_attempts: Attempts | None = None

    def new_secret_headers(self) -> dict[str, str] | None:
        """All secret headers from now on; None to leave them as they are."""
        return self.secret_headers or {} if "secret_headers" in self.model_fields_set else None

    def change(self) -> WebhookChange:
        """The change, without the secret and the secret headers.

        Raises InvalidInputError for a field that has no default and cannot be null.
        """
        given = self.model_fields_set
        null = [field for field in _NOT_NULLABLE if field in given and getattr(self, field) is None]
        if null:
            problems = [Problem(f"/{field}", "must not be null") for field in null]
            raise InvalidInputError(f"/{null[0]} must not be null.", problems)
        return WebhookChange(
            url=self.url,
            events=self.events or ["*"] if "events" in given else None,
            models=self.models or ["*"] if "models" in given else None,
            description=self.description or "" if "description" in given else None,
            enabled=self.enabled,
            settings=self.settings,
            only_stages=self.only_stages or [] if "only_stages" in given else None,
            only_tags=self.only_tags or {} if "only_tags" in given else None,
            only_fields=self.only_fields or [] if "only_fields" in given else None,
            custom_headers=self.custom_headers or {} if "custom_headers" in given else None,
            rate_limit=self.rate_limit or 0 if "rate_limit" in given else None,
            max_attempts=self.max_attempts or 0 if "max_attempts" in given else None,
        )


class RotateSecret(Body):
    grace_seconds: int = Field(
        0,
        ge=0,
        le=MAX_GRACE_SECONDS,
        description="How long deliveries are also signed with the old secret. 0 ends it at once.",
    )


class RedeliverRange(Body):
    """A range of event times, from ``since`` to before ``until``.

    A call does a part of it. Repeat the call with the answer's ``next_cursor`` as ``cursor`` until that is null.
    """

    since: GivenTime
    until: GivenTime
    states: list[SettledState] = Field(
        ["succeeded", "failed", "cancelled"],
        min_length=1,
        max_length=3,
        description="Only deliveries in these states. Pending ones are on their way already.",
    )
    missed: bool = Field(False, description="Deliver events too that have no delivery, such as while it was disabled.")
    cursor: str | None = Field(None, min_length=1, max_length=4096)

    def wanted(self) -> Range:
        return Range(self.since, self.until, tuple(map(State, self.states)), self.missed)

    def asked(self) -> dict[str, Any]:
        """What a cursor is valid for."""
        return self.model_dump(exclude={"cursor"})


class RedeliveredView(View):
    """How many deliveries this call queued. A ``next_cursor`` of null means that the range is done."""

    queued: int
    next_cursor: str | None


class ListDeliveries(Paging):
    state: DeliveryState | None = Field(None, description="Only deliveries in this state.")

    def wanted(self) -> State | None:
        return None if self.state is None else State(self.state)


class WebhookView(View):
    """A webhook. In the format mlflow, it has a ``name``, and ``events`` are that format's own.

    ``secret_set`` says whether its owner gave it a secret; the registry derives that of a standard webhook. If the
    address is the secret, ``url`` has only its scheme and host. Until ``old_secrets_end_at``, deliveries are also
    signed with secrets before the present one. ``secret_headers`` has the names of its secret headers.
    ``disabled_reason`` says why the registry disabled it, and is empty otherwise.
    """

    id: str
    format: FormatName
    name: str
    url: str
    events: list[str]
    models: list[str]
    description: str
    enabled: bool
    created_at: Time
    created_by: str
    updated_at: Time
    settings: dict[str, Any]
    secret_set: bool
    old_secrets_end_at: Time | None
    only_stages: list[str]
    only_tags: dict[str, str]
    only_fields: list[str]
    custom_headers: dict[str, str]
    secret_headers: list[str]
    rate_limit: int | None
    max_attempts: int | None
    disabled_reason: str


class WebhookHealthView(View):
    """How the receiver of a webhook is doing.

    ``failing_since`` is the time of the first failed attempt after the last success, null if the last one succeeded.
    ``failures_in_a_row`` counts the deliveries since then that failed for good.
    """

    webhook: str
    enabled: bool
    disabled_reason: str
    failing_since: Time | None
    failures_in_a_row: int


class CreatedWebhookView(WebhookView):
    """``secret`` is the key that signs the deliveries (Standard Webhooks).

    It is shown only once. The answer to a repeated request has ``null``, and so has a format whose secret is the
    caller's own.
    """

    secret: str | None


class AttemptView(View):
    """One attempt. ``status`` is null if no answer came, and ``error`` if the receiver accepted the delivery."""

    time: Time
    duration_ms: int
    status: int | None
    error: str | None
    excerpt: str = Field(description="The beginning of the receiver's answer.")
    links: dict[str, str] = Field(
        description="Where the answer leads, such as to the run that was started.",
        examples=[{"run": "https://github.com/example/models/actions/runs/1"}],
    )


class DeliveryView(View):
    """A delivery. ``id`` is its ``webhook-id`` header. Other formats send it as a UUID in a header of their own.

    A test has no ledger and no sequence. In a format that turns one event into several of its own, ``event_type`` is
    the format's, and ``part`` is the delivery's place among them.
    """

    id: str
    webhook: str
    event_type: str
    ledger: str | None
    sequence: int | None
    part: int | None
    state: DeliveryState
    round: int = Field(description="1 at first, and one more with each redelivery.")
    created_at: Time
    next_attempt_at: Time | None
    finished_at: Time | None
    attempts: list[AttemptView] = Field(description="The attempts of this round, oldest first.")


class DeliveryWithPayloadView(DeliveryView):
    """A delivery. ``payload`` is the body that every attempt sends, in the webhook's format, without its secret."""

    payload: dict[str, Any]
