"""The fields of a JSON schema as rows of a table: one for each field, those of inner objects under dotted names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Schema = Mapping[str, Any]

# The least and the most of a value, and in what they are counted.
_BOUNDS: Final = (
    ("minLength", "maxLength", " characters"),
    ("minimum", "maximum", ""),
    ("minItems", "maxItems", " entries"),
    ("minProperties", "maxProperties", " entries"),
)
# Deeper objects are described by the page of what they are.
_DEEPEST: Final = 3


@dataclass(frozen=True)
class Row:
    """A field. ``kind`` is its type in words; ``notes`` are its bounds and what it means."""

    name: str
    kind: str
    required: bool
    notes: str


class Fields:
    """Reads schemas that refer to the components of one document."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components

    def rows(self, schema: Schema) -> Iterator[Row]:
        """The fields of an object, or of each entry of a list of objects."""
        yield from self._of_object(self._resolved(schema), "", frozenset())

    def kind(self, schema: Schema) -> str:
        """The type of a value in words, such as ``list of text, or null``."""
        schema = self._resolved(schema)
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return " or ".join(dict.fromkeys(self.kind(option) for option in options))
        if "const" in schema:
            return f"`{schema['const']}`"
        if "enum" in schema:
            return " or ".join(f"`{value}`" for value in schema["enum"])
        if schema.get("type") == "array":
            return f"list of {self.kind(schema.get('items', {}))}"
        if schema.get("format") == "date-time":
            return "time"
        kinds = {"string": "text", "object": "object", "boolean": "true or false", None: "any JSON"}
        given = schema.get("type")
        return kinds.get(given, str(given))

    def notes(self, schema: Schema) -> str:
        """What a schema says of its values besides their type."""
        schema = self._resolved(schema)
        inner = self._without_null(schema)
        bounds = [_range(inner.get(least), inner.get(most), of) for least, most, of in _BOUNDS]
        if "pattern" in inner:
            bounds.append(f"`{inner['pattern']}`")
        if schema.get("default") not in (None, "", [], {}):
            bounds.append(f"default `{schema['default']}`")
        said = schema.get("description", "")
        return "; ".join(part for part in (" ".join(said.split()).rstrip("."), ", ".join(filter(None, bounds))) if part)

    def _of_object(self, schema: Schema, before: str, seen: frozenset[int]) -> Iterator[Row]:
        if id(schema) in seen or before.count(".") >= _DEEPEST:
            return
        required = schema.get("required", ())
        for field, inner in schema.get("properties", {}).items():
            yield Row(before + field, self.kind(inner), field in required, self.notes(inner))
            value = self._without_null(self._resolved(inner))
            suffix = "."
            if value.get("type") == "array":
                value, suffix = self._without_null(self._resolved(value.get("items", {}))), "[]."
            yield from self._of_object(value, before + field + suffix, seen | {id(schema)})

    def _resolved(self, schema: Schema) -> Schema:
        """The schema that is meant by a reference, with what stands beside the reference."""
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found = self._components[reference.rpartition("/")[2]]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**found, **beside} if beside else found

    def _without_null(self, schema: Schema) -> Schema:
        """The only schema besides null of those that are allowed, or the schema itself."""
        options = [self._resolved(one) for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        return options[0] if len(options) == 1 else schema


def _range(least: float | None, most: float | None, of: str) -> str:
    """Bounds in words, empty if there are none. That something is not empty is not worth a word of its own."""
    if most is None:
        return "" if least is None else f"at least {least:,}{of}"
    return f"at most {most:,}{of}" if least in (None, 0) else f"{least:,} to {most:,}{of}"
