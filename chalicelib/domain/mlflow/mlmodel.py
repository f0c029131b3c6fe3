"""Reads the ``MLmodel`` file that MLflow writes beside a model: the part of YAML that MLflow uses, and no more.

A full YAML parser would take most of the size that the Lambda package has left. MLflow writes the file in one style:
block mappings, two spaces per level, scalars plain or quoted and perhaps folded. What is not understood is left out,
because the file is only evidence: a version can be registered without it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

# A signature of a thousand columns takes half of this.
MAX_BYTES: Final = 256 * 1024
MAX_REQUIREMENTS: Final = 200

_ENTRY = re.compile(r"( *)([A-Za-z0-9_.\-]+):(?: (.*))?$")
_ESCAPED = re.compile(r"\\.")
_QUOTES: Final = "'\""
_COMMON_FLAVOUR: Final = "python_function"


def parsed(text: str) -> dict[str, Any]:
    """The mappings of the file. Scalars are text, null is None."""
    root: dict[str, Any] = {}
    levels: list[tuple[int, dict[str, Any]]] = [(-1, root)]
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        entry = _ENTRY.match(lines[index])
        index += 1
        if entry is None:
            continue
        depth, name, value = len(entry[1]), entry[2], (entry[3] or "").strip()
        while depth <= levels[-1][0]:
            levels.pop()
        if not value:
            inner: dict[str, Any] = {}
            levels[-1][1][name] = inner
            levels.append((depth, inner))
            continue
        end = _end(lines, index, depth, value)
        levels[-1][1][name] = _scalar([value, *(line.strip() for line in lines[index:end])])
        index = end
    return root


def framework(model: Mapping[str, Any]) -> dict[str, str] | None:
    """The model's own flavour, other than ``python_function``, with the version of its library."""
    flavours = model.get("flavors")
    own = [name for name in flavours if name != _COMMON_FLAVOUR] if isinstance(flavours, dict) else []
    if not own or not isinstance(flavours, dict):
        return None
    name = str(own[0])
    about = flavours[name] if isinstance(flavours[name], dict) else {}
    version = next((value for key, value in about.items() if key.endswith("_version") and isinstance(value, str)), None)
    return {"name": name} if version is None else {"name": name, "version": version}


def signature(model: Mapping[str, Any]) -> dict[str, Any] | None:
    """The model's inputs, outputs and parameters."""
    written = model.get("signature")
    if not isinstance(written, dict):
        return None
    read = {ours: _json(written.get(theirs)) for ours, theirs in _SIGNATURE.items()}
    found = {name: value for name, value in read.items() if value is not None}
    return found or None


def python_version(model: Mapping[str, Any]) -> str | None:
    flavours = model.get("flavors")
    about = flavours.get(_COMMON_FLAVOUR) if isinstance(flavours, dict) else None
    version = about.get("python_version") if isinstance(about, dict) else None
    return version if isinstance(version, str) else None


def requirements(text: str) -> list[str]:
    """The lines of a requirements.txt that name a package."""
    lines = (line.strip() for line in text.splitlines())
    return [line[:500] for line in lines if line and not line.startswith(("#", "-"))][:MAX_REQUIREMENTS]


_SIGNATURE: Final = {"inputs": "inputs", "outputs": "outputs", "parameters": "params"}


def _end(lines: Sequence[str], index: int, depth: int, value: str) -> int:
    """The index after the last line of a scalar that begins with ``value`` and may continue at line ``index``.

    A quoted scalar continues to its closing quote, a plain one over lines indented deeper than its key.
    """
    quote = value[0]
    if quote not in _QUOTES:
        while index < len(lines) and _is_further(lines[index], depth):
            index += 1
        return index
    # Quotes within single quotes are doubled. So the text is still open after an even number of them.
    quotes = _quotes(value[1:], quote)
    while index < len(lines) and quotes % 2 == 0:
        quotes += _quotes(lines[index], quote)
        index += 1
    return index


def _is_further(line: str, depth: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip()) > depth and _ENTRY.match(line) is None


def _quotes(text: str, quote: str) -> int:
    return text.count(quote) if quote == "'" else _ESCAPED.sub("", text).count(quote)


def _scalar(folded: list[str]) -> str | None:
    quote = folded[0][0]
    if quote not in _QUOTES:
        text = " ".join(folded)
        return None if text in ("null", "~") else text
    if quote == '"':
        # A line that ends in a backslash continues without a space. The next line may begin with an escaped space.
        pieces: list[str] = []
        for line in folded:
            if pieces and pieces[-1].endswith("\\"):
                pieces[-1] = pieces[-1][:-1]
                pieces.append(line.removeprefix("\\"))
            else:
                pieces.append(f" {line}" if pieces else line)
        text = _json("".join(pieces))
        return text if isinstance(text, str) else None
    # A line end is a space; an empty line is a line end.
    joined = re.sub(r"\n(\n*)", lambda ends: ends[1] or " ", "\n".join(folded))
    return joined[1:-1].replace("''", "'")


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
