"""A page for each group of endpoints: what each takes and answers, with an example that was really made."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from tools.reference.http.exchange import Exchange
from tools.reference.http.fields import Fields, Row
from tools.reference.markdown import code, name, prose, table

# Longer documents and texts of an example are cut, and say so.
_LINES: Final = 60
_CHARACTERS: Final = 100
_ABOUT: Final = """\
Every call of the HTTP API, with an example of its request and of its answer. These pages are made from the
[OpenAPI document](../openapi.json) that the registry serves at `/v1/openapi.json`. The [tour](../../api.md) says what
all calls have in common: credentials, idempotency, ETags, lists, errors. An action in the last column is what the
caller must be granted.

The examples are calls that were made, one after the other, on one registry. Headers that every call has are left out,
and longer texts are cut, which `…` shows.
"""
_SHOWN_HEADERS: Final = ("ETag", "Location", "Retry-After")
_METHODS: Final = ("get", "head", "post", "put", "patch", "delete")

Operation = Mapping[str, Any]
Examples = Mapping[tuple[str, str], Exchange]


def pages(document: Mapping[str, Any], examples: Examples) -> Iterator[tuple[str, str]]:
    """File name and text of each page. Raises KeyError if an operation has no example."""
    groups: dict[str, list[tuple[str, str, Operation]]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    fields = Fields(document["components"]["schemas"])
    yield "index.md", _index(document, groups)
    for tag, operations in groups.items():
        parts = [f"# {title(tag)}\n"]
        parts += [_operation(*operation, examples[operation[:2]], fields) for operation in operations]
        yield f"{tag}.md", "\n".join(parts)


def title(tag: str) -> str:
    """A group's name for people."""
    return {"as_of": "As of a time", "contract": "OpenAPI and schemas"}.get(tag, tag.replace("_", " ").capitalize())


def _index(document: Mapping[str, Any], groups: Mapping[str, list[tuple[str, str, Operation]]]) -> str:
    listed = [
        f"## {title(tag)}\n\n"
        + table(
            ("call", "does", "action"),
            [
                (
                    f"[`{method} {path}`]({tag}.md#{operation['operationId']})",
                    prose(operation["summary"]),
                    operation.get("x-action", ""),
                )
                for method, path, operation in operations
            ],
        )
        for tag, operations in groups.items()
    ]
    codes = document["components"]["responses"]
    statuses = table(
        ("status", "codes"),
        [
            (status, ", ".join(f"[`{one}`](../errors.md#{one})" for one in _codes(response)))
            for status, response in codes.items()
        ],
    )
    return "\n".join(
        [
            "# Endpoints\n",
            _ABOUT,
            *listed,
            "## Statuses\n",
            "A call that fails answers with a problem document. Programs should branch on its `code`.\n",
            statuses,
        ]
    )


def _codes(response: Mapping[str, Any]) -> list[str]:
    schema = response["content"]["application/problem+json"]["schema"]
    codes: list[str] = schema["allOf"][1]["properties"]["code"]["enum"]
    return codes


def _operation(method: str, path: str, operation: Operation, example: Exchange, fields: Fields) -> str:
    action = operation.get("x-action")
    needs = f"Needs the action `{action}`." if action else "Needs no grant."
    parts = [
        f"## {prose(operation['summary'])} {{#{operation['operationId']}}}\n",
        code(f"{method} {path}", "http"),
        f"{needs}\n",
        _parameters(operation, fields),
    ]
    body = operation.get("requestBody")
    if body:
        schema = body["content"]["application/json"]["schema"]
        parts += ["**Body**\n" if body["required"] else "**Body**, which may be left out\n", _rows(fields.rows(schema))]
    parts += ["**Example**\n", code(request(example), "http"), code(answer(example), "http")]
    parts.append(_answers(operation, fields))
    refused = [status for status in operation["responses"] if status >= "400"]
    named = ", ".join(f"`{status}`" for status in refused)
    parts.append(f"Refused with {named}: see [statuses](index.md#statuses).\n")
    return "\n".join(part for part in parts if part)


def _parameters(operation: Operation, fields: Fields) -> str:
    rows = [
        Row(one["name"], fields.kind(one["schema"]), one["required"], fields.notes(one["schema"]))
        for one in operation["parameters"]
        if one["in"] == "query"
    ]
    return f"**Query**\n\n{_rows(rows)}" if rows else ""


def _answers(operation: Operation, fields: Fields) -> str:
    """The fields of the answer, folded away, since an example stands before them."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content is None:
            continue
        rows = _rows(fields.rows(content["schema"]), of_answer=True)
        if rows:
            summary = f"Fields of the answer {status}"
            return f'<details markdown="1">\n<summary>{summary}</summary>\n\n{rows}\n</details>\n'
    return ""


def _rows(rows: Iterable[Row], *, of_answer: bool = False) -> str:
    """A table. Of what a caller sends, it says which fields are needed, if any is."""
    listed = list(rows)
    if of_answer or not any(row.required for row in listed):
        return table(("field", "type", "notes"), [(name(row.name), row.kind, prose(row.notes)) for row in listed])
    return table(
        ("field", "type", "needed", "notes"),
        [(name(row.name), row.kind, "yes" if row.required else "", prose(row.notes)) for row in listed],
    )


def request(example: Exchange) -> str:
    """The call as it goes over the wire, without the headers that every call has."""
    query = f"?{urlencode(example.query)}" if example.query else ""
    lines = [f"{example.method} {_cut(example.path + query, 200)} HTTP/1.1"]
    if example.body is not None:
        lines += ["Content-Type: application/json", "", _document(example.body)]
    return "\n".join(lines)


def answer(example: Exchange) -> str:
    """The answer as it comes over the wire, without the headers that every answer has."""
    kind = example.headers.get("Content-Type")
    lines = [f"HTTP/1.1 {example.status}"]
    lines += [f"{head}: {_cut(example.headers[head], 200)}" for head in _SHOWN_HEADERS if head in example.headers]
    if not example.text:
        return "\n".join(lines)
    text = _document(json.loads(example.text)) if example.text.startswith(("{", "[")) else example.text
    shown = [_cut(line, 160) for line in text.splitlines()]
    if len(shown) > _LINES:
        shown = [*shown[:_LINES], "…"]
    return "\n".join([*lines, f"Content-Type: {kind}", "", *shown])


def _document(value: object) -> str:
    return json.dumps(_shortened(value), indent=2, ensure_ascii=False)


def _shortened(value: object) -> object:
    """The document with long texts cut, such as presigned URLs and cursors."""
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    return _cut(value, _CHARACTERS) if isinstance(value, str) else value


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
