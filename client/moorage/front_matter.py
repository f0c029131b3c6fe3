"""Conversion between YAML front matter and JSON values, without loss.

The YAML is read by the core schema of YAML 1.2, so that ``no`` is a language and ``2024-01-01`` a text. Tags, anchors,
duplicate keys and deep nesting are refused: front matter must not create objects, expand when it is read, or hide a
value behind another.
"""

import math
import re
from collections.abc import Callable
from typing import Any, ClassVar, Final

import yaml

from moorage.errors import InvalidRequestError

MAX_FRONT_MATTER: Final = 256 * 1024
_MAX_DEPTH: Final = 20
_FENCE: Final = "---"
_BOM: Final = "\ufeff"
_BOOL: Final = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
_NULL: Final = re.compile(r"^(?:~|null|Null|NULL|)$")
_INT: Final = re.compile(r"^[-+]?[0-9]+$")
_FLOAT: Final = re.compile(r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]")
_TAG: Final = "tag:yaml.org,2002:"


def split(text: str) -> tuple[dict[str, Any], str]:
    """Split a document into the values of its front matter and the text after it.

    Raises InvalidRequestError for front matter that is not valid YAML or has values that JSON does not have.
    """
    lines = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, "\n".join(lines)
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise InvalidRequestError("the front matter has no closing line: end it with ---")
    return _read("\n".join(lines[1:end])), "\n".join(lines[end + 1 :])


def join(values: dict[str, Any], text: str) -> str:
    """Write values and text as a document that ``split`` can read. Front matter is left out if it is not needed."""
    if not values and not text.startswith((_FENCE, _BOM)):
        return text
    head = "" if not values else yaml.dump(values, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=4096)
    return f"{_FENCE}\n{head}{_FENCE}\n{text}"


def _read(text: str) -> dict[str, Any]:
    if len(text) > MAX_FRONT_MATTER:
        raise InvalidRequestError(f"the front matter is too long: at most {MAX_FRONT_MATTER} characters are allowed")
    try:
        values = yaml.load(text, Loader=_Reader)  # noqa: S506 - _Reader creates only plain JSON values
    except yaml.YAMLError as error:
        raise InvalidRequestError(f"the front matter is not plain YAML: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InvalidRequestError("the front matter must be a mapping of names to values")
    return values


class _Reader(yaml.SafeLoader):
    """Creates only plain JSON values."""

    # Separate, empty registries, so that the types of SafeLoader that JSON lacks (sets, bytes, dates) are not read.
    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - not a ClassVar in yaml's types
    yaml_constructors: ClassVar[dict[Any, Any]] = {}
    yaml_multi_constructors: ClassVar[dict[Any, Any]] = {}

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        # Annotated here, because the stubs of yaml do not type it.
        peek: Callable[[], Any] = self.peek_event
        event = peek()
        if getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not allowed", problem_mark=event.start_mark)
        if self._depth > _MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Writer(yaml.SafeDumper):
    """Quotes every text that a reader of YAML 1.1 or 1.2 would read as another type."""

    yaml_implicit_resolvers: dict[Any, Any] = {  # noqa: RUF012 - not a ClassVar in yaml's types
        first: list(resolvers) for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _object(reader: _Reader, node: yaml.MappingNode) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode) or name.value in values:
            raise yaml.MarkedYAMLError(problem="the key is not a text or occurs twice", problem_mark=name.start_mark)
        # Keys are text, as in JSON, even if they look like a number.
        values[name.value] = reader.construct_object(value, deep=True)
    return values


def _list(reader: _Reader, node: yaml.SequenceNode) -> list[Any]:
    return [reader.construct_object(value, deep=True) for value in node.value]


def _number(_: _Reader, node: yaml.ScalarNode) -> float:
    number = float(node.value)
    if not math.isfinite(number):
        raise yaml.MarkedYAMLError(problem="JSON cannot represent this number", problem_mark=node.start_mark)
    return number


def _integer(_: _Reader, node: yaml.ScalarNode) -> int:
    if len(node.value) > 1000:
        raise yaml.MarkedYAMLError(problem="the number is too long", problem_mark=node.start_mark)
    return int(node.value)


def _refused(_: _Reader, node: yaml.Node) -> Any:
    raise yaml.MarkedYAMLError(problem=f"the tag {node.tag} is not allowed", problem_mark=node.start_mark)


def _written_text(writer: _Writer, text: str) -> yaml.ScalarNode:
    # YAML folds line breaks in plain and single-quoted text, and treats more characters than \n as line breaks.
    return writer.represent_scalar(f"{_TAG}str", text, style='"' if _BREAKS.search(text) else None)


_Writer.add_representer(str, _written_text)
_Reader.add_constructor(f"{_TAG}map", _object)
_Reader.add_constructor(f"{_TAG}seq", _list)
_Reader.add_constructor(f"{_TAG}str", lambda _, node: node.value)
_Reader.add_constructor(f"{_TAG}null", lambda *_: None)
_Reader.add_constructor(f"{_TAG}bool", lambda _, node: node.value.lower() == "true")
_Reader.add_constructor(f"{_TAG}int", _integer)
_Reader.add_constructor(f"{_TAG}float", _number)
_Reader.add_constructor(None, _refused)
for _kind, _pattern, _first in (
    ("bool", _BOOL, "tTfF"),
    ("null", _NULL, ["~", "n", "N", ""]),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
):
    _Reader.add_implicit_resolver(f"{_TAG}{_kind}", _pattern, list(_first))
    _Writer.add_implicit_resolver(f"{_TAG}{_kind}", _pattern, list(_first))
