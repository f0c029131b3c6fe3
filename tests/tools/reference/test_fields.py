"""Fields of schemas as rows: names, types in words, and bounds."""

from typing import Any

import pytest

from tools.reference.http.fields import Fields

COMPONENTS: dict[str, Any] = {
    "File": {
        "type": "object",
        "required": ["path"],
        "properties": {"path": {"type": "string", "minLength": 1, "maxLength": 981}, "size": {"type": "integer"}},
    },
    "Tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}},
}
FIELDS = Fields(COMPONENTS)


def test_fields_of_inner_objects_have_dotted_names() -> None:
    files = {"type": "array", "items": {"$ref": "#/components/schemas/File"}}
    rows = list(FIELDS.rows({"type": "object", "properties": {"files": files}, "required": ["files"]}))
    assert [(row.name, row.required) for row in rows] == [
        ("files", True),
        ("files[].path", True),
        ("files[].size", False),
    ]


def test_a_schema_that_contains_itself_ends() -> None:
    assert [row.name for row in FIELDS.rows({"$ref": "#/components/schemas/Tree"})] == ["child"]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "time"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"enum": ["low", "high"]}, "`low` or `high`"),
        ({"const": "metric"}, "`metric`"),
        ({}, "any JSON"),
    ],
)
def test_types_are_said_in_words(schema: dict[str, Any], kind: str) -> None:
    assert FIELDS.kind(schema) == kind


@pytest.mark.parametrize(
    ("schema", "notes"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 64}, "1 to 64 characters"),
        ({"type": "array", "minItems": 0, "maxItems": 20}, "at most 20 entries"),
        ({"type": "integer", "minimum": 5}, "at least 5"),
        ({"type": "string", "description": "Whose it is.", "maxLength": 256}, "Whose it is; at most 256 characters"),
        ({"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}], "default": None}, "at most 9 characters"),
        ({"type": "integer", "default": 0}, "default `0`"),
        ({"type": "string", "default": ""}, ""),
    ],
)
def test_notes_have_the_meaning_and_the_bounds(schema: dict[str, Any], notes: str) -> None:
    assert FIELDS.notes(schema) == notes
