"""MLflow's rules for names, with its messages.

The registry's own rules are narrower. A name that only MLflow allows cannot exist here: looking it up finds nothing.
"""

import json
import posixpath
import re
from typing import Final

from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain import names
from chalicelib.domain.documents import MAX_TAG_KEY, MAX_TAG_VALUE
from chalicelib.domain.errors import AliasNotFoundError, InvalidNameError, ModelNotFoundError
from chalicelib.domain.mlflow.tracking.entities import View
from chalicelib.registry.versions.versions import MAX_NUMBER

_TAG_KEY: Final = re.compile(r"[/\w.\- :]*")
_ALIAS: Final = re.compile(r"[\w\-]*")
_VERSION_ALIAS: Final = re.compile(r"[vV]\d+")
_INTEGER: Final = re.compile(r"\s*[+-]?\d+(_\d+)*\s*")


def new_model_name(given: Parameters, parameter: str = "name") -> str:
    """The name of a model to create. Raises MlflowError, InvalidNameError."""
    return names.model_name(_model_name(given.required(parameter), parameter))


def model_name(given: Parameters) -> str:
    """The name of a model to look up. Raises MlflowError, ModelNotFoundError."""
    name = _model_name(given.required("name"), "name")
    try:
        return names.model_name(name)
    except InvalidNameError:
        raise ModelNotFoundError(f"There is no model {name!r}.") from None


def version_number(given: Parameters) -> int:
    """A version's number, possibly written as ``01``. Numbers out of range become 0, which no version has.

    Raises MlflowError.
    """
    written = given.required("version")
    if not _INTEGER.fullmatch(written):
        raise invalid(f"Parameter 'version' must be an integer, got '{written[:100]}'.")
    # Python refuses to parse thousands of digits.
    number = int(written) if len(written) <= 20 else 0
    return number if 1 <= number <= MAX_NUMBER else 0


def alias(given: Parameters) -> str:
    """The name of an alias to look up. Raises MlflowError, AliasNotFoundError."""
    name = given.required("alias")
    if not _ALIAS.fullmatch(name):
        raise invalid(
            f"Invalid alias name: '{name}'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )
    if len(name) > names.MAX_ALIAS:
        raise invalid(f"'Registered model alias name' exceeds the maximum length of {names.MAX_ALIAS} characters")
    if len(name.encode()) > names.MAX_NAME_BYTES:
        raise AliasNotFoundError(f"There is no alias {name!r}.")
    return name


def new_alias(given: Parameters) -> str:
    """The name of an alias to set. Raises MlflowError, AliasNotFoundError."""
    name = alias(given)
    if name.lower() == "latest":
        raise invalid("'latest' alias name (case insensitive) is reserved.")
    if _VERSION_ALIAS.fullmatch(name):
        raise invalid(f"Version alias name '{name}' is reserved.")
    return name


def tag_key(key: str) -> str:
    """The key of a tag to look up. Raises MlflowError."""
    if not _TAG_KEY.fullmatch(key):
        raise _invalid_value(
            "key",
            key,
            "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and"
            " slashes (/).",
        )
    if _resolves_elsewhere(key):
        raise _invalid_value("key", key, _bad_path(key))
    return key


def new_tag_key(key: str) -> str:
    """The key of a tag to set. Raises MlflowError."""
    if len(tag_key(key)) > MAX_TAG_KEY:
        raise invalid(f"'key' exceeds the maximum length of {MAX_TAG_KEY} characters")
    return key


def tags(given: Parameters) -> dict[str, str]:
    """The tags of a new entity. If a key repeats, the last counts. Raises MlflowError."""
    return {new_tag_key(key): tag_value(value) for key, value in given.pairs("tags").items()}


def tag_value(value: str) -> str:
    """A tag's value. Raises MlflowError."""
    if len(value) > MAX_TAG_VALUE:
        raise invalid(f"'value' exceeds the maximum length of {MAX_TAG_VALUE} characters")
    return value


def view(given: Parameters, parameter: str) -> View:
    """Which experiments or runs a search shows: by default those that are not deleted. Raises MlflowError."""
    name = given.text_or_empty(parameter) or View.ACTIVE.value
    if name not in set(View):
        raise _invalid_value(parameter, name, f"It must be one of {', '.join(View)}")
    return View(name)


def _model_name(name: str, parameter: str) -> str:
    if not name.strip():
        raise invalid(f"Missing value for required parameter '{parameter}'.")
    if "/" in name or ":" in name:
        raise invalid(f"Invalid model name '{name}'. Names cannot contain '/' or ':'.")
    if _resolves_elsewhere(name):
        raise _invalid_value("name", name, _bad_path(name))
    return name


def _resolves_elsewhere(name: str) -> bool:
    path = posixpath.normpath(name)
    return path != name or path == "." or path.startswith(("..", "/"))


def _bad_path(name: str) -> str:
    return (
        "Names may be treated as files in certain cases, and must not resolve to other names when treated as such. "
        f"This name would resolve to {posixpath.normpath(name)!r}"
    )


def _invalid_value(parameter: str, value: str, why: str) -> MlflowError:
    return invalid(f"Invalid value {json.dumps(value)} for parameter '{parameter}' supplied: {why}")
