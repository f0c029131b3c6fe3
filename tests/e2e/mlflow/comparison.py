"""What of two answers is compared, and how what must differ is made alike. docs/mlflow.md says it in words.

Times become whether they are there and in order. ``user_id``, which MLflow's own server never fills, and the aliases of
search results, which it leaves out, are Moorage's additions. Lists in no stated order are sorted. Where MLflow's server
fails with 500 at bad input, Moorage must refuse it as such.
"""

from collections.abc import Mapping
from typing import Any

from tests.e2e.mlflow.sides import Answer

_TIMES = ("creation_timestamp", "last_updated_timestamp")
_FIRST_TIME = 1_500_000_000_000


def compared(answer: Answer, path: str) -> Any:
    """What of an answer must be the same on both sides."""
    if answer.status == 200:
        return 200, _plain(answer.document, path.endswith("/search"))
    return answer.status, answer.document["error_code"], _message(answer.document["message"], path)


def differ(mlflow: Answer, moorage: Answer, path: str) -> bool:
    if mlflow.status >= 500:
        return moorage.status not in (400, 404)
    return bool(compared(mlflow, path) != compared(moorage, path))


def _plain(document: Any, searched: bool) -> Any:
    if isinstance(document, Mapping):
        _check_times(document)
        left_out = {"user_id", "next_page_token", *_TIMES}
        if searched and "version" in document:
            left_out.add("aliases")
        return {field: _ordered(field, value, searched) for field, value in document.items() if field not in left_out}
    if isinstance(document, list):
        return [_plain(one, searched) for one in document]
    return document


def _ordered(field: str, value: Any, searched: bool) -> Any:
    plain = _plain(value, searched)
    if field in ("tags", "aliases"):
        return sorted(plain, key=str)
    if field == "latest_versions" or (field == "model_versions" and not searched):
        return sorted(plain, key=lambda one: one["current_stage"])
    return plain


def _check_times(document: Mapping[str, Any]) -> None:
    times = [document[field] for field in _TIMES if field in document]
    if times:
        assert all(type(time) is int and time > _FIRST_TIME for time in times), document
        assert times == sorted(times) and len(times) == 2, document


def _message(message: str, path: str) -> str:
    # Moorage says where in a filter the fault is; what is wrong with a source depends on what a server has itself.
    if path.endswith("/search") or (path == "model-versions/create" and "source" in message):
        return "of this parameter"
    # What follows is of the database's statement.
    return message.partition(" Error: (")[0]
