"""What narrows the events of a webhook beyond their types and models: stages, tags and changed fields.

An event must pass each filter that the webhook has. The filters look at the registry's own event, whatever the format.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.access.principal import matches as matches_text
from chalicelib.domain.documents import MAX_TAG_KEY
from chalicelib.domain.ledger.changes import changes_of
from chalicelib.domain.webhooks.webhook import Webhook, invalid

MAX_STAGES: Final = 20
MAX_TAGS: Final = 10
MAX_FIELDS: Final = 20
MAX_STAGE: Final = 100
MAX_TAG_PATTERN: Final = 256
MAX_FIELD: Final = 300

Event = Mapping[str, Any]
# The tags of one thing, by key.
Tags = Mapping[str, str]


def passes(webhook: Webhook, event: Event, tags: Iterable[Tags]) -> bool:
    """Whether an event passes the webhook's filters by stage, tag and field.

    ``tags`` are those of the event's model and of its version. It is not looked at if the webhook has no such filter.

    - Stages: a version enters one of them by the event.
    - Tags: for each tag asked for, the model, the version or the event itself has a value that matches.
    - Fields: the event changes one of them, or something in it.
    """
    if webhook.only_stages or webhook.only_fields:
        changes = changes_of(event)
        if webhook.only_stages and not any(
            change.field == "stage" and change.after in webhook.only_stages for change in changes
        ):
            return False
        if webhook.only_fields and not any(
            change.concerns(None, field) for change in changes for field in webhook.only_fields
        ):
            return False
    return not webhook.only_tags or _has_all(webhook.only_tags, [*tags, *_tags_said(event)])


def stages(given: Sequence[str]) -> tuple[str, ...]:
    """At most 20 names of stages, each of 1 to 100 characters. Raises InvalidInputError."""
    return _names(given, "/only_stages", MAX_STAGES, MAX_STAGE)


def fields(given: Sequence[str]) -> tuple[str, ...]:
    """At most 20 names of fields, such as ``description`` or ``tags/team``. Raises InvalidInputError."""
    return _names(given, "/only_fields", MAX_FIELDS, MAX_FIELD)


def tags(given: Mapping[str, str]) -> dict[str, str]:
    """At most 10 tags with patterns of their values, in which ``*`` matches any text. Raises InvalidInputError."""
    if len(given) > MAX_TAGS:
        raise invalid("/only_tags", f"must have at most {MAX_TAGS} tags")
    for key, pattern in given.items():
        if not 1 <= len(key) <= MAX_TAG_KEY or len(pattern) > MAX_TAG_PATTERN:
            raise invalid(
                "/only_tags",
                f"must map keys of 1 to {MAX_TAG_KEY} characters to patterns of at most {MAX_TAG_PATTERN}",
            )
    return dict(given)


def _has_all(wanted: Tags, found: Sequence[Tags]) -> bool:
    return all(
        any(key in tagged and matches_text(pattern, tagged[key]) for tagged in found) for key, pattern in wanted.items()
    )


def _tags_said(event: Event) -> list[Tags]:
    """The tags that the event itself tells: those before it and those after it."""
    said = [(event[side] or {}).get("tags") for side in ("before", "after")]
    return [tagged for tagged in said if isinstance(tagged, Mapping)]


def _names(given: Sequence[str], pointer: str, most: int, longest: int) -> tuple[str, ...]:
    if len(given) > most:
        raise invalid(pointer, f"must have at most {most} names")
    for index, name in enumerate(given):
        if not 1 <= len(name) <= longest:
            raise invalid(f"{pointer}/{index}", f"must have 1 to {longest} characters")
    return tuple(dict.fromkeys(given))
