"""Translates a committed event to MLflow's own webhook events: none, one or several.

MLflow has fifteen events with few fields each. Stages, deletions, actors and reasons exist in the standard format only.
An event's name, for example ``model_version_tag.set``, is an entity and an action.
https://mlflow.org/docs/latest/ml/webhooks/
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.ledger import event_types

PROMPT_TAG: Final = "mlflow.prompt.is_prompt"
_PROMPT_TYPE_TAG: Final = "_mlflow_prompt_type"
_PROMPT_TEXT_TAG: Final = "mlflow.prompt.text"
MODEL_CREATED: Final = "registered_model.created"

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Notice:
    """One webhook event for a receiver of MLflow's format: ``event`` is its name, ``data`` its payload."""

    event: str
    data: Data

    @property
    def entity(self) -> str:
        return self.event.split(".")[0]

    @property
    def action(self) -> str:
        return self.event.split(".")[1]


# Every event that MLflow accepts, with the example that MLflow sends as a test. The registry has no budgets.
EXAMPLES: Final[Mapping[str, Data]] = {
    MODEL_CREATED: {
        "name": "example_model",
        "tags": {"example_key": "example_value"},
        "description": "An example registered model",
    },
    "model_version.created": {
        "name": "example_model",
        "version": "1",
        "source": "models:/123",
        "run_id": "abcd1234abcd5678",
        "tags": {"example_key": "example_value"},
        "description": "An example model version",
    },
    "model_version_tag.set": {
        "name": "example_model",
        "version": "1",
        "key": "example_key",
        "value": "example_value",
    },
    "model_version_tag.deleted": {"name": "example_model", "version": "1", "key": "example_key"},
    "model_version_alias.created": {"name": "example_model", "alias": "example_alias", "version": "1"},
    "model_version_alias.deleted": {"name": "example_model", "alias": "example_alias"},
    "prompt.created": {
        "name": "example_prompt",
        "tags": {"example_key": "example_value"},
        "description": "An example prompt",
    },
    "prompt_version.created": {
        "name": "example_prompt",
        "version": "1",
        "template": "Hello {{name}}!",
        "tags": {"example_key": "example_value"},
        "description": "An example prompt version",
    },
    "prompt_tag.set": {"name": "example_prompt", "key": "example_key", "value": "example_value"},
    "prompt_tag.deleted": {"name": "example_prompt", "key": "example_key"},
    "prompt_version_tag.set": {
        "name": "example_prompt",
        "version": "1",
        "key": "example_key",
        "value": "example_value",
    },
    "prompt_version_tag.deleted": {"name": "example_prompt", "version": "1", "key": "example_key"},
    "prompt_alias.created": {"name": "example_prompt", "alias": "example_alias", "version": "1"},
    "prompt_alias.deleted": {"name": "example_prompt", "alias": "example_alias"},
    "budget_policy.exceeded": {
        "budget_policy_id": "bp-abc123",
        "budget_unit": "USD",
        "budget_amount": 100.0,
        "current_spend": 105.50,
        "duration_unit": "MONTHS",
        "duration_value": 1,
        "target_scope": "ENDPOINT",
        "workspace": "default",
        "target_value": "ep-abc123",
        "window_start": 1704067200000,
    },
}


def event_names(names: Sequence[str]) -> tuple[str, ...]:
    """Check names of MLflow's events and return each once. There must be at least one. Raises InvalidInputError."""
    if not names:
        raise _invalid("/events", "must list at least one event")
    for index, name in enumerate(names):
        if name not in EXAMPLES:
            raise _invalid(f"/events/{index}", f"{name[:100]!r} is not one of MLflow's events: {', '.join(EXAMPLES)}")
    return tuple(dict.fromkeys(names))


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Whether a model or version with these tags is a prompt to MLflow."""
    return tags.get(PROMPT_TAG) == "true"


def speaks_of_versions(event_type: str) -> bool:
    """Whether the notices of an event of this type depend on the model's tags, which the event does not carry."""
    return event_type in _OF_VERSIONS


def notices(event: Mapping[str, Any], prompt: bool) -> tuple[Notice, ...]:
    """The notices that MLflow would send for ``event``, always in the same order.

    ``prompt`` says whether the model is a prompt. It is ignored for events of the model itself: they carry its tags.
    """
    translate = _OF_MODELS.get(event["type"])
    if translate is not None:
        return tuple(translate(event))
    of_version = _OF_VERSIONS.get(event["type"])
    return () if of_version is None else tuple(of_version(event, prompt))


def example(event: str) -> Notice:
    """The notice that tests a receiver of ``event``."""
    return Notice(event, EXAMPLES[event])


def _model_created(event: Mapping[str, Any]) -> list[Notice]:
    after = event["after"]
    tags = dict(after["tags"])
    if not is_prompt(tags):
        return [Notice(MODEL_CREATED, _described(event, tags, after["description"]))]
    return [Notice("prompt.created", _described(event, _own_tags(tags), after["description"]))]


def _model_updated(event: Mapping[str, Any]) -> list[Notice]:
    """Notices for changed tags of a prompt. MLflow has no event for any other change of a model."""
    tags = event["after"].get("tags")
    if tags is None or not is_prompt(tags):
        return []
    return _tag_notices("prompt_tag", {"name": event["model"]}, event["before"]["tags"], tags)


def _version_created(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    after = event["after"]
    tags = dict(after["tags"])
    named: dict[str, object] = {"name": event["model"], "version": str(event["version"])}
    described: dict[str, object] = {"tags": _own_tags(tags), "description": after["description"] or None}
    if prompt or is_prompt(tags):
        template = tags.get(_PROMPT_TEXT_TAG)
        return [Notice("prompt_version.created", {**named, "template": template, **described})]
    provenance = after["provenance"]
    origin: dict[str, object] = {
        "source": _string_at(provenance, "artifact_source", "uri") or _own_source(event["model"], event["version"]),
        "run_id": _string_at(provenance, "run", "id"),
    }
    return [Notice("model_version.created", {**named, **origin, **described, "tags": tags})]


def _version_updated(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    tags = event["after"].get("tags")
    if tags is None:
        return []
    entity = "prompt_version_tag" if prompt else "model_version_tag"
    named = {"name": event["model"], "version": str(event["version"])}
    return _tag_notices(entity, named, event["before"]["tags"], tags)


def _alias_set(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    return [_alias_created(event, event["alias"], prompt)]


def _alias_dropped(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    return [_alias_deleted(event, event["alias"], prompt)]


def _challenger_promoted(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    """``before`` and ``after`` map the champion's and the challenger's alias to the versions that they pointed at."""
    before, after = event["before"], event["after"]
    moved = [alias for alias in before if after[alias] is not None and after[alias] != before[alias]]
    dropped = [alias for alias in before if after[alias] is None]
    return [
        *(_alias_created(event, alias, prompt) for alias in sorted(moved)),
        *(_alias_deleted(event, alias, prompt) for alias in sorted(dropped)),
    ]


def _version_transitioned(event: Mapping[str, Any], prompt: bool) -> list[Notice]:
    """Notices for aliases that the transition set. MLflow has no event for the transition itself."""
    return [_alias_created(event, alias, prompt) for alias in event["after"].get("aliases", ())]


_OF_MODELS: Final[Mapping[str, Callable[[Mapping[str, Any]], list[Notice]]]] = {
    event_types.MODEL_CREATED: _model_created,
    event_types.MODEL_UPDATED: _model_updated,
}
_OF_VERSIONS: Final[Mapping[str, Callable[[Mapping[str, Any], bool], list[Notice]]]] = {
    event_types.VERSION_CREATED: _version_created,
    event_types.VERSION_UPDATED: _version_updated,
    event_types.VERSION_TRANSITIONED: _version_transitioned,
    event_types.ALIAS_SET: _alias_set,
    event_types.ALIAS_DELETED: _alias_dropped,
    event_types.CHALLENGER_PROMOTED: _challenger_promoted,
    event_types.CHALLENGER_RETIRED: _alias_dropped,
}


def _described(event: Mapping[str, Any], tags: Mapping[str, str], description: str) -> Data:
    return {"name": event["model"], "tags": tags, "description": description}


def _own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags of a prompt without those that MLflow uses to store it as a model."""
    return {key: value for key, value in tags.items() if key not in (PROMPT_TAG, _PROMPT_TYPE_TAG, _PROMPT_TEXT_TAG)}


def _tag_notices(entity: str, named: Data, before: Mapping[str, str], after: Mapping[str, str]) -> list[Notice]:
    """One notice for each tag that changed, because MLflow's payload has one tag."""
    changed = sorted(key for key, value in after.items() if before.get(key) != value)
    gone = sorted(before.keys() - after.keys())
    return [
        *(Notice(f"{entity}.set", {**named, "key": key, "value": after[key]}) for key in changed),
        *(Notice(f"{entity}.deleted", {**named, "key": key}) for key in gone),
    ]


def _alias_created(event: Mapping[str, Any], alias: str, prompt: bool) -> Notice:
    named = {"name": event["model"], "alias": alias, "version": str(event["version"])}
    return Notice("prompt_alias.created" if prompt else "model_version_alias.created", named)


def _alias_deleted(event: Mapping[str, Any], alias: str, prompt: bool) -> Notice:
    named = {"name": event["model"], "alias": alias}
    return Notice("prompt_alias.deleted" if prompt else "model_version_alias.deleted", named)


def _string_at(document: Mapping[str, Any], *path: str) -> str | None:
    """The text at ``path`` in a document that a caller wrote; None if there is none or it is not text."""
    found: Any = document
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) and found else None


def _own_source(model: str, version: int) -> str:
    """The address at which the artifact proxy serves the files of a version that has no other source."""
    encoded = base64.urlsafe_b64encode(model.encode()).decode().rstrip("=")
    return f"mlflow-artifacts:/registered/{encoded}/{version}"


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
