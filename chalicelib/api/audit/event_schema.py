"""The JSON Schema of events in lists, on the bus and in webhook deliveries."""

from functools import lru_cache
from typing import Any

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import SCHEMA_VERSION, Trigger

_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_FIELDS = {"type": ["object", "null"]}


@lru_cache(maxsize=1)
def event_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. ``before`` and ``after`` hold the fields that the change touched."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "ledger": {"type": "string", "pattern": "^(registry|model:.+)$"},
        "sequence": {"type": "integer", "minimum": 1},
        "type": {"enum": sorted(event_types.ALL)},
        "time": {"type": "string", "format": "date-time"},
        "actor": {"type": "string", "minLength": 1},
        "request_id": {"type": "string"},
        "correlation_id": {
            "type": "string",
            "description": "The same for a request and for all that followed from it. Its caller may have chosen it. "
            "Events of earlier releases lack it.",
        },
        "model": {"type": ["string", "null"]},
        "version": {"type": ["integer", "null"], "minimum": 1},
        "alias": {"type": ["string", "null"]},
        "subject": {
            "type": ["string", "null"],
            "description": "The id of a token, webhook, comment or grant, the number of a transition request, or the "
            "name of a role, trust, scheme, schedule or monitor.",
        },
        "trigger": {"enum": [trigger.value for trigger in Trigger]},
        "reason": {"type": ["string", "null"]},
        "details": {
            **_FIELDS,
            "description": "The grounds of the change: scheme, request, approvals, gates. null if it has none.",
        },
        "before": {**_FIELDS, "description": "null if the change created the entity."},
        "after": {**_FIELDS, "description": "null if the change deleted the entity."},
        "records": {
            "type": "object",
            "additionalProperties": _FIELDS,
            "description": "What the change saved, by place: the new or changed fields of a record, or null for one "
            "that it removed. Events of earlier releases lack it.",
        },
        "previous_hash": _DIGEST,
        "hash": {**_DIGEST, "description": "SHA-256 of the canonical JSON of all other fields."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:moorage:schema:event:1",
        "title": "Moorage event",
        "type": "object",
        "properties": properties,
        "required": sorted(properties.keys() - {"records", "correlation_id"}),
        "additionalProperties": False,
        "allOf": [
            _about(event_types.MODEL_EVENTS, {"model": {"type": "string"}}),
            _about(event_types.MODEL_EVENTS - event_types.SUBJECT_EVENTS, {"subject": {"type": "null"}}),
            _about(event_types.SUBJECT_EVENTS, {"subject": {"type": "string"}}),
            _about(
                event_types.REGISTRY_EVENTS,
                {"model": {"type": "null"}, "version": {"type": "null"}, "subject": {"type": "string"}},
            ),
        ],
    }


def _about(types: frozenset[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {"type": {"enum": sorted(types)}}}, "then": {"properties": properties}}
