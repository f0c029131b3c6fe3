"""Text: configuration, code, documentation and data in lines. It is clean unless a rule says otherwise."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.chat_template import template_reasons
from chalicelib.domain.scanning.formats.keras import code_in
from chalicelib.domain.scanning.formats.secrets import MAX_SEARCHED, secrets_in
from chalicelib.domain.scanning.formats.settings import (
    LOADED,
    json_reasons,
    mlflow_reasons,
    written_reasons,
    yaml_reasons,
)
from chalicelib.domain.scanning.reasons import MalformedError, note, review
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "text"
# Bytes of a text that loaders act upon.
MAX_SETTINGS: Final = 16 * 1024 * 1024
_YAML: Final = frozenset({".yaml", ".yml"})
_TEMPLATES: Final = frozenset({".jinja", ".jinja2", ".j2"})
# What TensorFlow loads where there is no saved_model.pb.
_GRAPH: Final = "saved_model.pbtxt"
_PYTHON: Final = frozenset({".py", ".pyw", ".ipynb"})
_JSON: Final = ".json"
# Long JSON is searched in parts that overlap, so that what is at their ends is seen as a whole.
_PART: Final = 1024 * 1024
_OVERLAP: Final = 4 * 1024
_LONG: Final = note("not_searched", "It is too long to be searched for credentials.")


def scan_text(path: str, source: Source) -> FileScan:
    """Reads texts up to MAX_SEARCHED bytes, and those that loaders act upon up to MAX_SETTINGS.

    Raises TooMuchReadError, MalformedError.
    """
    name = PurePosixPath(path.lower())
    acted_upon = _is_acted_upon(name)
    if acted_upon and source.size > MAX_SETTINGS:
        raise TooMuchReadError
    if not acted_upon and source.size > MAX_SEARCHED:
        return FileScan(FORMAT, (_LONG, *(_of_long_json(name, source) if name.suffix == _JSON else ())))
    content = source.read(0, source.size)
    reasons = list(_reasons(name, content))
    if source.size <= MAX_SEARCHED:
        reasons += secrets_in(content.decode(errors="replace"))
    return FileScan(FORMAT, tuple(reasons))


def _is_acted_upon(name: PurePosixPath) -> bool:
    return name.name in LOADED | {"mlmodel", _GRAPH} or name.suffix in _YAML | _TEMPLATES


def _reasons(name: PurePosixPath, content: bytes) -> Iterator[Reason]:
    if name.name == _GRAPH:
        yield review("text_graph", "It is a graph of TensorFlow as text, which is not read. Save it as saved_model.pb.")
        return
    text = content.decode(errors="replace")
    if name.suffix == _JSON:
        yield from _json(name, content)
    elif name.name == "mlmodel":
        yield from mlflow_reasons(text)
        yield from yaml_reasons(text)
    elif name.suffix in _YAML:
        yield from yaml_reasons(text)
    elif name.suffix in _TEMPLATES:
        yield from template_reasons(text)
    elif name.suffix in _PYTHON:
        yield note("python_code", "It is Python code, which runs if somebody imports it.")
    elif content.startswith(b"#!"):
        yield note("script", "It is a script, which runs if somebody starts it.")


def _json(name: PurePosixPath, content: bytes) -> Iterator[Reason]:
    """Files that loaders read must be JSON. Others may be lines of it, or of a dialect."""
    yield from code_in(content)
    try:
        yield from json_reasons(str(name), content)
    except (MalformedError, TooMuchReadError):
        if name.name in LOADED:
            raise
        yield from written_reasons(content.decode(errors="replace"))


def _of_long_json(name: PurePosixPath, source: Source) -> list[Reason]:
    if source.size <= MAX_SETTINGS:
        return list(_json(name, source.read(0, source.size)))
    reasons: dict[Reason, None] = {}
    for start in range(0, source.size, _PART - _OVERLAP):
        content = source.read(start, _PART)
        reasons.update(dict.fromkeys([*code_in(content), *written_reasons(content.decode(errors="replace"))]))
    return list(reasons)
