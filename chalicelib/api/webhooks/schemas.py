"""Schemas of webhooks and of the log of their deliveries."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Time, View
from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.webhook import MAX_DESCRIPTION, MAX_PATTERNS, MAX_URL

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATTERN)]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=MAX_PATTERNS)]
_NOT_NULLABLE = ("url", "enabled")


class CreateWebhook(Body):
    """Where to send which events; every event of every model when the filters are left out."""

    url: str = Field(min_length=1, max_length=MAX_URL, examples=["https://ci.example.com/hooks/models"])
    events: Patterns = Field(["*"], description="Event types, prefixes such as version.*, or *.")
    models: Patterns = Field(["*"], description="Model names, where * stands for any run of characters.")
    description: str = Field("", max_length=MAX_DESCRIPTION)
    enabled: bool = True

    def change(self) -> WebhookChange:
        return WebhookChange(None, self.events, self.models, self.description, self.enabled)


class UpdateWebhook(Body):
    """Fields to change. ``null`` puts a filter or the description back to its default."""

    url: str | None = Field(None, min_length=1, max_length=MAX_URL)
    events: Patterns | None = None
    models: Patterns | None = None
    description: str | None = Field(None, max_length=MAX_DESCRIPTION)
    enabled: bool | None = None

    def change(self) -> WebhookChange:
        """Raises InvalidInputError for a field that has no default and cannot be null."""
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
        )


class WebhookView(View):
    """A webhook. In the format ``mlflow``, made by MLflow's own clients, it has a name, and events are MLflow's."""

    id: str
    format: Literal["standard", "mlflow"]
    name: str
    url: str
    events: list[str]
    models: list[str]
    description: str
    enabled: bool
    created_at: Time
    created_by: str
    updated_at: Time


class CreatedWebhookView(WebhookView):
    """``secret`` is what deliveries are signed with (Standard Webhooks); no other call shows it."""

    secret: str


class AttemptView(View):
    """One try. ``status`` is null when no answer came; ``error`` when the receiver took the delivery."""

    time: Time
    duration_ms: int
    status: int | None
    error: str | None
    excerpt: str = Field(description="The beginning of what the receiver answered.")


class DeliveryView(View):
    """A delivery; ``id`` is its ``webhook-id`` header, or ``X-MLflow-Delivery-Id`` in the form of a UUID.

    A test has no ledger and sequence. In MLflow's format ``event_type`` is MLflow's, and ``part`` says which it is of
    what one event of ours is to MLflow.
    """

    id: str
    webhook: str
    event_type: str
    ledger: str | None
    sequence: int | None
    part: int | None
    state: Literal["pending", "succeeded", "failed", "cancelled"]
    round: int = Field(description="1, and one more for each redelivery.")
    created_at: Time
    next_attempt_at: Time | None
    finished_at: Time | None
    attempts: list[AttemptView] = Field(description="Those of this round, oldest first.")
