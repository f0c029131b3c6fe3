"""JSON bodies and content types."""

import json
from typing import Any

from moorage.serving.refusals import RefusedRequestError, UnsupportedMediaError


def media_type(header: str | None, known: tuple[str, ...]) -> str:
    """The type of a body, without its parameters. Raises UnsupportedMediaError for one that is not ``known``.

    As in MLflow, the only parameter is ``charset``, and its only value utf-8.
    """
    kind, *parameters = [part.strip() for part in (header or "").split(";")]
    if kind.lower() not in known:
        raise UnsupportedMediaError(f"the content type {header!r} is not supported: send {' or '.join(known)}")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() != "charset":
            raise UnsupportedMediaError(f"the parameter {name!r} of the content type is not supported: leave it out")
        if value.strip('" ').lower() != "utf-8":
            raise UnsupportedMediaError(f"the character set {value!r} is not supported: send utf-8")
    return kind.lower()


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises RefusedRequestError if it is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedRequestError(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise RefusedRequestError(f"the body must be a JSON object, and is a {type(document).__name__}")
    return document
