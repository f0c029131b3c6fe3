"""Limits on names and values of experiments, runs and logged models. The messages are MLflow's own."""

import json
import math
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Metric

MAX_KEY: Final = 250
# A metric's key is part of a sort key, which DynamoDB limits to 1,024 bytes.
MAX_KEY_BYTES: Final = 750
MAX_PARAM_VALUE: Final = 6_000
MAX_TAG_VALUE: Final = 8_000
MAX_EXPERIMENT_NAME: Final = 500
MAX_EXPERIMENT_TAG_VALUE: Final = 20_000
MAX_LOCATION: Final = 2_048
MAX_METRICS_PER_BATCH: Final = 1_000
MAX_PARAMS_OR_TAGS_PER_BATCH: Final = 100
MAX_PER_BATCH: Final = 1_000
MAX_DATASETS: Final = 100
MAX_MODELS: Final = 100
# A longer schema or profile of a dataset is not kept: MLflow's own limits exceed the size of a DynamoDB item.
MAX_DATASET_TEXT: Final = 60_000
# A run is one item, with its tags, parameters, latest metrics, inputs and outputs. A logged model is one item too.
MAX_ENTITY_BYTES: Final = 350_000

_INT64: Final = 2**63
_NAME = re.compile(r"[/\w.\- :]*")
_MODEL_NAME_REFUSED: Final = ("/", ":", ".", "%", '"', "'")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def key(name: str, pointer: str = "key") -> str:
    """Check the key of a metric, parameter or tag and return it. Raises InvalidInputError."""
    if not _NAME.fullmatch(name):
        raise invalid(
            pointer,
            name,
            "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) "
            "and slashes (/).",
        )
    normal = posixpath.normpath(name)
    if name != normal or normal == "." or normal.startswith(("..", "/")):
        raise invalid(
            pointer,
            name,
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as such. "
            f"This name would resolve to {normal!r}",
        )
    if len(name) > MAX_KEY:
        raise InvalidInputError(f"'{pointer}' exceeds the maximum length of {MAX_KEY} characters")
    if len(name.encode()) > MAX_KEY_BYTES:
        raise InvalidInputError(f"'{pointer}' exceeds the maximum length of {MAX_KEY_BYTES} bytes")
    return name


def tag(name: str, value: str, pointer: str = "") -> tuple[str, str]:
    """A tag of a run or logged model. A value that is too long is cut, as MLflow cuts it."""
    return key(name, f"{pointer}key"), value[:MAX_TAG_VALUE]


def experiment_tag(name: str, value: str) -> tuple[str, str]:
    return key(name), _short(value, MAX_EXPERIMENT_TAG_VALUE, "value")


def param(name: str, value: str, pointer: str = "") -> tuple[str, str]:
    """A parameter. A value that is too long is cut, as MLflow cuts it."""
    return key(name, f"{pointer}key"), value[:MAX_PARAM_VALUE]


def metric(given: Metric, pointer: str = "") -> Metric:
    key(given.key, f"{pointer}name")
    if given.timestamp < 0 or given.timestamp >= _INT64:
        raise invalid(
            f"{pointer}timestamp",
            given.timestamp,
            f"metric '{given.key}' (value={given.value}). Timestamp must be a nonnegative long (64-bit integer) ",
        )
    if not -_INT64 <= given.step < _INT64:
        raise invalid(
            f"{pointer}step",
            given.step,
            f"metric '{given.key}' (value={given.value}). Step must be a valid long (64-bit integer).",
        )
    return given


def batch(metrics: Sequence[object], params: Sequence[object], tags: Sequence[object]) -> None:
    """Raise InvalidInputError if one request logs too much."""
    for what, limit, count in (
        ("metrics", MAX_METRICS_PER_BATCH, len(metrics)),
        ("params", MAX_PARAMS_OR_TAGS_PER_BATCH, len(params)),
        ("tags", MAX_PARAMS_OR_TAGS_PER_BATCH, len(tags)),
        ("metrics, params, and tags", MAX_PER_BATCH, len(metrics) + len(params) + len(tags)),
    ):
        if count > limit:
            raise InvalidInputError(
                f"A batch logging request can contain at most {limit} {what}. Got {count} {what}. Please split up "
                f"{what} across multiple requests and try again."
            )


def unique_params(names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InvalidInputError(
            f"Duplicate parameter keys have been submitted: {twice}. Please ensure the request contains only one param "
            "value per param key."
        )


def experiment_name(name: str) -> str:
    if not name:
        raise InvalidInputError(f"Invalid experiment name: '{name}'")
    if len(name) > MAX_EXPERIMENT_NAME:
        raise InvalidInputError(f"'name' exceeds the maximum length of {MAX_EXPERIMENT_NAME} characters")
    if _CONTROL.search(name):
        raise InvalidInputError("An experiment's name must not contain control characters.")
    return name


def logged_model_name(name: str) -> str:
    if any(character in name for character in _MODEL_NAME_REFUSED):
        raise InvalidInputError(
            f"Invalid model name ({name!r}) provided. Model name must be a non-empty string and cannot contain the "
            f"following characters: {_MODEL_NAME_REFUSED}"
        )
    return _short(name, MAX_EXPERIMENT_NAME, "name")


def dataset(given: DatasetInput) -> DatasetInput:
    """Check that a dataset's texts are within MLflow's limits and return it. Raises InvalidInputError."""
    for what, text, limit in (
        ("name", given.name, 500),
        ("digest", given.digest, 36),
        ("source_type", given.source_type, 500),
        ("source", given.source or "", 65_535),
    ):
        _short(text, limit, f"dataset.{what}")
    for name, value in given.tags.items():
        _short(name, 255, "dataset.tags.key")
        _short(value, 500, "dataset.tags.value")
    return given


def kept_text(text: str | None) -> str | None:
    """A dataset's schema or profile; None if it is too long to be kept."""
    return None if text is None or len(text.encode()) > MAX_DATASET_TEXT else text


def whole(body: str, what: str) -> str:
    """Check that the document of a run or logged model fits one item and return it. Raises BodyTooLargeError."""
    size = len(body.encode())
    if size > MAX_ENTITY_BYTES:
        raise BodyTooLargeError(
            f"Everything logged for {what} would take {size} bytes; the registry keeps at most {MAX_ENTITY_BYTES}. "
            "Log large content as an artifact."
        )
    return body


def number_text(value: float) -> str:
    """A double as text that reads back to the same value; ``NaN``, ``Infinity``, ``-Infinity`` as in clients' JSON."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def invalid(pointer: str, value: object, message: str) -> InvalidInputError:
    shown = json.dumps(value, separators=(",", ":"))
    return InvalidInputError(f"Invalid value {shown} for parameter '{pointer}' supplied: {message}")


def _short(text: str, limit: int, pointer: str) -> str:
    if len(text) > limit:
        raise InvalidInputError(f"'{pointer}' exceeds the maximum length of {limit} characters")
    return text
