"""Creating, changing and deleting webhooks. Events carry all fields of a webhook except its secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.webhooks import custom_headers, deliveries, narrowing
from chalicelib.domain.webhooks import webhook as webhooks
from chalicelib.domain.webhooks.formats import Format, Formats, Secret
from chalicelib.domain.webhooks.webhook import MAX_GRACE_SECONDS, MAX_OLD_SECRETS, OldSecret, Webhook, origin

# Internal to the record. The generation of a secret is not secret, but of no use to a reader.
_UNSHOWN: Final = (
    "secret_generation",
    "revision",
    "sealed_secret",
    "old_secrets",
    "sealed_headers",
    "headers_generation",
)


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """Fields to set; None leaves one as it is, or at its default on creation. ``url`` has been checked.

    ``name``, ``sealed_secret`` and ``settings`` are for formats that have them. An empty ``sealed_secret`` means no
    secret. ``settings`` replace all that there were. ``secret_headers`` are the names of the headers whose values
    ``sealed_headers`` holds; the two are given together. A ``rate_limit`` or ``max_attempts`` of 0 means none.
    """

    url: str | None = None
    events: Sequence[str] | None = None
    models: Sequence[str] | None = None
    description: str | None = None
    enabled: bool | None = None
    name: str | None = None
    sealed_secret: str | None = None
    settings: Mapping[str, Any] | None = None
    only_stages: Sequence[str] | None = None
    only_tags: Mapping[str, str] | None = None
    only_fields: Sequence[str] | None = None
    custom_headers: Mapping[str, str] | None = None
    secret_headers: Sequence[str] | None = None
    sealed_headers: str | None = None
    rate_limit: int | None = None
    max_attempts: int | None = None


def create(
    registry: RegistryState,
    webhook_id: str,
    url: str,
    given: WebhookChange,
    stamp: Stamp,
    webhook_format: Format,
) -> Decision[Webhook]:
    """Create a webhook. Without filters it gets the default events of its format, of all models.

    Raises InvalidInputError, also if a setting that the format needs is missing.
    """
    blank = Webhook(
        id=webhook_id,
        url=url,
        events=webhook_format.default_events,
        models=webhooks.EVERYTHING,
        description="",
        enabled=True,
        secret_generation=1,
        created_at=stamp.time,
        created_by=stamp.actor,
        format=webhook_format.name,
    )
    complete = replace(given, url=url, settings=given.settings or {})
    webhook = _applied(blank, _checked(webhook_format, complete)).stamped(None, stamp)
    return decided(
        webhook,
        registry,
        EventDraft(event_types.WEBHOOK_CREATED, None, public_document(webhook), subject=webhook_id),
        Put(webhook),
        subject=webhook_id,
    )


def update(
    registry: RegistryState,
    webhook: Webhook,
    given: WebhookChange,
    stamp: Stamp,
    formats: Formats,
) -> Outcome[Webhook]:
    """Change fields of a webhook. There is no change if all fields have the given values already.

    A webhook of an unknown format can still be disabled. Raises UnknownFormatError if the change includes fields whose
    values only the format can check, and InvalidInputError if it would send the secret to another host.
    """
    of_format = (given.url, given.events, given.name, given.sealed_secret, given.settings)
    if any(value is not None for value in of_format):
        webhook_format = formats.named(webhook.format)
        given = _checked(webhook_format, given)
        _check_secret_stays(webhook_format, webhook, given)
    wanted = _applied(webhook, given)
    if given.sealed_headers is None and webhook.secret_headers and _leads_elsewhere(webhook, wanted):
        raise webhooks.invalid(
            "/secret_headers", "must be given again or removed, because the URL leads to another host"
        )
    if wanted == webhook:
        return NoChange(webhook)
    changed = replace(
        wanted,
        secret_generation=webhook.secret_generation + (wanted.sealed_secret != webhook.sealed_secret),
        headers_generation=webhook.headers_generation + (wanted.sealed_headers != webhook.sealed_headers),
    ).stamped(webhook, stamp)
    before, after = _event_fields(webhook), _event_fields(changed)
    fields = [field for field in after if field != "updated_at" and before[field] != after[field]]
    return decided(
        changed,
        registry,
        EventDraft(
            event_types.WEBHOOK_UPDATED,
            {field: before[field] for field in fields},
            {field: after[field] for field in fields},
            subject=webhook.id,
        ),
        Put(changed),
    )


def rotate_secret(
    registry: RegistryState, webhook: Webhook, grace_seconds: int, stamp: Stamp, formats: Formats
) -> Decision[Webhook]:
    """Give a webhook a new secret. The old one, and older ones in their grace, sign too for the grace at most.

    Raises InvalidInputError if its secret is the caller's own.
    """
    if not 0 <= grace_seconds <= MAX_GRACE_SECONDS:
        raise webhooks.invalid("/grace_seconds", f"must be from 0 to {MAX_GRACE_SECONDS}")
    if formats.named(webhook.format).own_secret:
        raise InvalidInputError(
            f"The secret of a webhook of the format {webhook.format!r} is its owner's own. Change it where it was set."
        )
    grace_ends = later(stamp.time, timedelta(seconds=grace_seconds))
    old = [OldSecret(webhook.secret_generation, grace_ends)]
    old += [OldSecret(one.generation, min(one.until, grace_ends)) for one in webhook.old_secrets]
    rotated = replace(
        webhook,
        secret_generation=webhook.secret_generation + 1,
        old_secrets=tuple(one for one in old if one.until > stamp.time)[:MAX_OLD_SECRETS],
    ).stamped(webhook, stamp)
    before, after = (
        {"secret_generation": one.secret_generation, "old_secrets_end_at": one.old_secrets_end_at}
        for one in (webhook, rotated)
    )
    event = EventDraft(event_types.WEBHOOK_UPDATED, before, after, subject=webhook.id)
    return decided(rotated, registry, event, Put(rotated), subject=webhook.id)


def disable(registry: RegistryState, webhook: Webhook, reason: str) -> Outcome[bool]:
    """Disable a webhook whose receiver takes no more deliveries. A disabled one stays as it is.

    The result is whether it was enabled.
    """
    if not webhook.enabled:
        return NoChange(False)
    event = EventDraft(
        event_types.WEBHOOK_DISABLED, {"enabled": True}, {"enabled": False}, subject=webhook.id, reason=reason
    )
    return decided(True, registry, event, Put(replace(webhook, enabled=False, disabled_reason=reason)))


def delete(registry: RegistryState, webhook: Webhook) -> Decision[None]:
    """Delete a webhook. Its queued deliveries are dropped."""
    return decided(
        None,
        registry,
        EventDraft(event_types.WEBHOOK_DELETED, public_document(webhook), None, subject=webhook.id),
        Remove(webhook),
    )


def public_document(webhook: Webhook) -> dict[str, Any]:
    """The fields of a webhook that callers see."""
    kept = webhooks.document(webhook)
    shown = {field: kept[field] for field in kept if field not in _UNSHOWN}
    return {**shown, "secret_set": webhook.secret_set, "old_secrets_end_at": webhook.old_secrets_end_at}


def _event_fields(webhook: Webhook) -> dict[str, Any]:
    """The fields in the event of a change. They show that a secret changed, but not the secret."""
    generations = {name: getattr(webhook, name) for name in ("secret_generation", "headers_generation")}
    return {**public_document(webhook), **generations}


def _checked(webhook_format: Format, given: WebhookChange) -> WebhookChange:
    """The change, with the fields checked whose rules differ by format. Raises InvalidInputError."""
    if given.sealed_secret and not webhook_format.own_secret:
        raise webhooks.invalid("/secret", "cannot be set in this format, because the registry derives the secret")
    if given.url is not None and webhook_format.base_url and urlsplit(given.url).query:
        raise webhooks.invalid("/url", "must have no query, because requests go to addresses below it")
    return replace(
        given,
        events=None if given.events is None else webhook_format.events(given.events),
        name=None if given.name is None else webhook_format.webhook_name(given.name),
        settings=None if given.settings is None else webhook_format.settings(given.settings),
    )


def _check_secret_stays(webhook_format: Format, webhook: Webhook, given: WebhookChange) -> None:
    """Refuse a change that would use the stored secret otherwise than its owner meant.

    A credential stays with its host: who changes the URL may not be who knows it. A private key is not sent as a token.
    Raises InvalidInputError.
    """
    if not webhook.sealed_secret or given.sealed_secret is not None:
        return
    if given.url is not None and webhook_format.secret is Secret.ADDRESS:
        raise webhooks.invalid("/url", "cannot be set in this format: give the address as the secret")
    if webhook_format.secret is not Secret.CREDENTIAL:
        return
    if given.url is not None and origin(given.url) != origin(webhook.url):
        raise webhooks.invalid("/secret", "must be given again, because the URL leads to another host")
    if given.settings is not None:
        was_key, is_key = (
            webhook_format.exchange(webhook.url, settings) is not None
            for settings in (webhook.settings, given.settings)
        )
        if was_key != is_key:
            raise webhooks.invalid("/secret", "must be given again, because the settings need one of another kind")


def _applied(webhook: Webhook, given: WebhookChange) -> Webhook:
    """The webhook with the given fields, those checked whose rules are the same in every format."""
    enabled = webhook.enabled if given.enabled is None else given.enabled
    changed = replace(
        webhook,
        url=webhook.url if given.url is None else given.url,
        events=webhook.events if given.events is None else tuple(given.events),
        models=webhook.models if given.models is None else webhooks.model_patterns(given.models),
        description=webhook.description if given.description is None else webhooks.description(given.description),
        enabled=enabled,
        disabled_reason="" if enabled else webhook.disabled_reason,
        name=webhook.name if given.name is None else given.name,
        sealed_secret=webhook.sealed_secret if given.sealed_secret is None else given.sealed_secret,
        settings=webhook.settings if given.settings is None else given.settings,
        rate_limit=webhook.rate_limit if given.rate_limit is None else webhooks.rate_limit(given.rate_limit),
        max_attempts=webhook.max_attempts if given.max_attempts is None else _max_attempts(given.max_attempts),
    )
    return _with_headers(_narrowed(changed, given), given)


def _narrowed(webhook: Webhook, given: WebhookChange) -> Webhook:
    return replace(
        webhook,
        only_stages=webhook.only_stages if given.only_stages is None else narrowing.stages(given.only_stages),
        only_tags=webhook.only_tags if given.only_tags is None else narrowing.tags(given.only_tags),
        only_fields=webhook.only_fields if given.only_fields is None else narrowing.fields(given.only_fields),
    )


def _with_headers(webhook: Webhook, given: WebhookChange) -> Webhook:
    plain = given.custom_headers
    changed = replace(
        webhook,
        custom_headers=webhook.custom_headers if plain is None else custom_headers.plain_headers(plain),
        secret_headers=webhook.secret_headers if given.secret_headers is None else tuple(sorted(given.secret_headers)),
        sealed_headers=webhook.sealed_headers if given.sealed_headers is None else given.sealed_headers,
    )
    custom_headers.check_apart(changed.custom_headers, changed.secret_headers)
    return changed


def _max_attempts(given: int) -> int | None:
    if not 0 <= given <= deliveries.MAX_ATTEMPTS:
        raise webhooks.invalid("/max_attempts", f"must be from 1 to {deliveries.MAX_ATTEMPTS}; null is the most")
    return given or None


def _leads_elsewhere(before: Webhook, after: Webhook) -> bool:
    """Whether the URL was changed to another scheme, host or port: the secrets meant for one are not for another."""
    return origin(before.url) != origin(after.url)
