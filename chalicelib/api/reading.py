"""Parse the parts of a request: path, query, headers and body. Each gives a checked value or a registry error."""

import json
import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from chalicelib import registry
from chalicelib.api.faults import in_words
from chalicelib.domain import names
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import (
    BodyTooLargeError,
    InvalidInputError,
    InvalidNameError,
    MalformedBodyError,
    Problem,
    UnsupportedMediaTypeError,
)
from chalicelib.domain.instants import parsed

if TYPE_CHECKING:
    from chalicelib.registry.ledger.commit import Idempotency

M = TypeVar("M", bound=BaseModel)

MAX_BODY: Final = 1024 * 1024
JSON_TYPE: Final = "application/json"
_MAX_PROBLEMS: Final = 20
# An error shows a number up to this length.
_LONGEST_SHOWN: Final = 40
_MAX_IF_MATCH: Final = 1024
_IDEMPOTENCY_KEY: Final = re.compile(r"[!-~]{1,255}")
_IDENTIFIER: Final = re.compile(r"[\w@.\-]{1,256}")


def path_value(name: str, encoded: str) -> str:
    """A path parameter, percent-decoded. Some gateways decode it first; decoding a name twice does no harm."""
    try:
        value = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise InvalidNameError(f"The {name} in the path is not percent-encoded UTF-8.") from None
    return _GRAMMAR.get(name, _identifier)(value)


def _identifier(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        raise InvalidNameError(f"{value!r} is not a valid name.")
    return value


_GRAMMAR: Final[Mapping[str, Callable[[str], str]]] = {
    "model": names.model_name,
    "alias": names.alias_name,
    "check": names.check_name,
    "evaluation": names.evaluation_name,
    "evidence_file": names.evidence_file_name,
    "scheme": names.scheme_name,
    "path": names.file_path,
    "monitor": names.monitor_name,
    "start": parsed,
}


def query(model: type[M], given: Mapping[str, list[str]]) -> M:
    """The query parameters. Raises InvalidInputError for unknown, repeated or malformed ones."""
    repeated = [name for name, values in given.items() if len(values) != 1]
    if repeated:
        raise InvalidInputError(
            f"The query parameter {repeated[0]!r} is given more than once.",
            [Problem(f"?{name}", "is given more than once") for name in repeated],
        )
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        _refuse(error, "?", "query")


def body(model: type[M], raw: bytes, content_type: str | None) -> M:
    """The parsed body. An empty body counts as ``{}``, which is enough for calls without required fields.

    Raises BodyTooLargeError, UnsupportedMediaTypeError, MalformedBodyError, InvalidInputError.
    """
    if len(raw) > MAX_BODY:
        raise BodyTooLargeError(f"A body has at most {MAX_BODY} bytes; this one has {len(raw)}.")
    if raw:
        _check_content_type(content_type)
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False, include_input=False)):
            raise MalformedBodyError("The body is not a JSON document.") from None
        _refuse(error, "/", "body")


def idempotency(key: str | None, method: str, route: str, path: Mapping[str, str], raw: bytes) -> "Idempotency | None":
    """The caller's key and a fingerprint of the request. White space and the order of fields don't change it."""
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInputError("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    content = _plain_json(raw) if raw else None
    return registry.ledger.commit.Idempotency(key, sha256_hex(canonical_json([method, route, dict(path), content])))


def if_match(value: str | None) -> str | None:
    if value is not None and len(value) > _MAX_IF_MATCH:
        raise InvalidInputError(f"If-Match has at most {_MAX_IF_MATCH} characters.")
    return value


def _plain_json(raw: bytes) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise MalformedBodyError(f"JSON has no {constant}.")

    def finite(digits: str) -> float:
        number = float(digits)
        if not isfinite(number):
            raise MalformedBodyError(f"The number {digits[:_LONGEST_SHOWN]} is beyond those that are kept.")
        return number

    try:
        return json.loads(raw, parse_constant=refuse, parse_float=finite)
    except ValueError:
        # Not caught by ``body`` for views that take no body.
        raise MalformedBodyError("The body is not a JSON document.") from None


def _check_content_type(content_type: str | None) -> None:
    if (content_type or "").partition(";")[0].strip().lower() != JSON_TYPE:
        raise UnsupportedMediaTypeError(f"A body is {JSON_TYPE}, not {content_type or 'of no stated Content-Type'}.")


def _refuse(error: ValidationError, root: str, what: str) -> NoReturn:
    problems = in_words(error.errors(include_url=False, include_input=False), root)[:_MAX_PROBLEMS]
    if len(problems) > 1:
        raise InvalidInputError(f"The {what} is not valid in {len(problems)} places.", problems) from None
    (only,) = problems
    raise InvalidInputError(f"The {what} is not valid: {only.pointer}: {only.message}.", problems) from None
