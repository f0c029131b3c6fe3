"""The parameters of a call, read as MLflow's server reads them: with its types, its leniency and its messages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.api.mlflow.errors import INVALID, MlflowError, invalid
from chalicelib.api.reading import JSON_TYPE, MAX_BODY

_SEE: Final = " See the API docs for more information about request parameters."
_MAX_INTEGER: Final = 2**63 - 1
_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call: ``given`` in the query of a GET or else in the JSON body, and those of the ``path``.

    Names are MLflow's, in snake case. A caller may write them in camel case too. ``null`` counts as absent.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str | None = None) -> str | None:
        """A string. Raises MlflowError."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, list) and value and self._from_query(value):
            value = value[0]
        if not isinstance(value, str):
            raise _wrong_type(name, value)
        _check_characters(name, value)
        return value

    def required(self, name: str) -> str:
        """A string that must be present and not empty. Raises MlflowError."""
        value = self.text(name)
        if not value:
            raise invalid(f"Missing value for required parameter '{name}'.{_SEE}")
        return value

    def require(self, *names: str) -> None:
        """Check that all are present, before any other check. Raises MlflowError for the first that is missing."""
        for name in names:
            self.required(name)

    def integer(self, name: str, default: int, maximum: int | None = None) -> int:
        """A whole number, possibly written as text or as ``3.0``. Raises MlflowError."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, list) and value and self._from_query(value):
            value = value[0]
        number = _whole(value)
        if number is None or abs(number) > _MAX_INTEGER or (maximum is not None and number > maximum):
            raise _wrong_type(name, value)
        return number

    def number(self, name: str) -> float:
        """A double, possibly written as text, since JSON has no NaN and no infinities. Raises MlflowError."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise _wrong_type(name, value)
        try:
            return float(value)
        except (ValueError, OverflowError):
            raise _wrong_type(name, value) from None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean. Raises MlflowError."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, list) and value and self._from_query(value):
            if str(value[0]).lower() not in ("true", "false"):
                raise invalid(f"Invalid boolean value: {value[0]}, must be 'true' or 'false'.")
            return str(value[0]).lower() == "true"
        if not isinstance(value, bool):
            raise _wrong_type(name, value)
        return value

    def texts(self, name: str) -> list[str]:
        """A list of strings, empty if absent. Raises MlflowError."""
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _wrong_type(name, value)
        for item in value:
            _check_characters(name, item)
        return list(value)

    def documents(self, name: str) -> list[dict[str, Any]]:
        """A list of objects, empty if absent. Raises MlflowError."""
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _wrong_type(name, value)
        return list(value)

    def document(self, name: str) -> dict[str, Any] | None:
        """An object; None if absent. Raises MlflowError."""
        value = self._value(name)
        if value is not None and not isinstance(value, dict):
            raise _wrong_type(name, value)
        return value

    def pairs(self, name: str) -> dict[str, str]:
        """A list of ``{"key": …, "value": …}`` as a mapping. If a key repeats, the last counts. Raises MlflowError."""
        pairs = {}
        for document in self.documents(name):
            pair = Parameters(document)
            pairs[pair.text("key") or ""] = pair.text("value") or ""
        return pairs

    def has(self, name: str) -> bool:
        """Whether the parameter is present."""
        return self._value(name) is not None

    def text_or_empty(self, name: str) -> str:
        """The parameter if it is text, else an empty string. For choices and for messages. Raises MlflowError."""
        value = self._value(name)
        if isinstance(value, list) and value and self._from_query(value):
            value = value[0]
        return value if isinstance(value, str) else ""

    def _value(self, name: str) -> Any:
        camel = _camel_case(name)
        if camel != name and name in self.given and camel in self.given:
            raise invalid(f"Request specifies both '{name}' and '{camel}'; provide only one of them.")
        return self.given.get(name, self.given.get(camel))

    def _from_query(self, value: list[Any]) -> bool:
        return isinstance(value, Repeated)


class Repeated(list[str]):
    """The values of one query parameter. A query does not tell a single value from a list of one."""


def parameters(
    method: str,
    query: Mapping[str, list[str]],
    body: bytes,
    content_type: str | None,
    path: Mapping[str, str],
    max_bytes: int = MAX_BODY,
) -> Parameters:
    """The parameters of a request. Its body may have up to ``max_bytes``. Raises MlflowError."""
    if method == "GET" and query:
        return Parameters({name: Repeated(values) for name, values in query.items()}, path)
    return Parameters(_document(method, body, content_type, max_bytes), path)


def _document(method: str, body: bytes, content_type: str | None, max_bytes: int) -> dict[str, Any]:
    if method in ("POST", "PUT"):
        if content_type is None:
            raise invalid("Bad Request. Content-Type header is missing.")
        if content_type.partition(";")[0].strip().lower() != JSON_TYPE:
            raise invalid(f"Bad Request. Content-Type must be one of ['{JSON_TYPE}'].")
    if len(body) > max_bytes:
        raise MlflowError(INVALID, f"A body has at most {max_bytes} bytes; this one has {len(body)}.", 413)
    document = _parsed(body) if body.strip() else {}
    # Older clients encode the document twice, as a JSON string.
    if isinstance(document, str):
        document = _parsed(document.encode()) if document.strip() else {}
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise invalid("The body is not a JSON object.")
    return document


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise invalid("The body is not a JSON document.") from None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def _check_characters(name: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(f"The parameter '{name}' has half a surrogate pair, which is not a character.") from None


def _wrong_type(name: str, value: Any) -> MlflowError:
    quoted = json.dumps(value, sort_keys=True, separators=(",", ":"))[:200]
    return invalid(
        f"Invalid value {quoted} for parameter '{name}' supplied:  Hint: Value was of type "
        f"'{type(value).__name__}'.{_SEE}"
    )


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
