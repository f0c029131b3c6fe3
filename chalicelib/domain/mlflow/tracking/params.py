"""Parameters of runs and logged models. One keeps its first value.

They lie in the item of their run or logged model. Once they take much of it, further long ones lie in items of their
own, and the item has their digests.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar

from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError
from chalicelib.domain.mlflow.tracking.entities import Apart, LoggedModel, Run

# Of the values within the item, as JSON.
MAX_WITHIN: Final = 100_000
# A shorter value takes no more than its digest.
MIN_APART: Final = 64
# Of the values apart, as JSON: a run with all of them is one answer.
MAX_APART: Final = 2_000_000

T = TypeVar("T", Run, LoggedModel)


def with_params(logged: T, params: Mapping[str, str], what: str) -> T:
    """The run or logged model with more parameters; the same object if it has them.

    Raises InvalidInputError if one already has another value, BodyTooLargeError if there are too many long ones.
    """
    within, apart = dict(logged.params), dict(logged.params_apart)
    size = sum(map(_size, within.values()))
    for name, value in params.items():
        if name in within or name in apart:
            _check_same(within.get(name, apart.get(name)), name, value, what)
        elif len(value) > MIN_APART and size + _size(value) > MAX_WITHIN:
            apart[name] = Apart.of(value)
        else:
            within[name] = value
            size += _size(value)
    taken = sum(one.size for one in apart.values())
    if taken > MAX_APART:
        raise BodyTooLargeError(
            f"The parameters of {what} would take {taken} bytes beyond the first {MAX_WITHIN}; the registry keeps at "
            f"most {MAX_APART}. Log long texts as an artifact."
        )
    if (within, apart) == (logged.params, logged.params_apart):
        return logged
    return replace(logged, params=within, params_apart=apart)


def newly_apart(before: T, after: T, params: Mapping[str, str]) -> dict[str, str]:
    """Those of the logged parameters that a change puts into items of their own."""
    return {name: params[name] for name in after.params_apart if name not in before.params_apart}


def _check_same(known: str | Apart | None, name: str, value: str, what: str) -> None:
    if known != (Apart.of(value) if isinstance(known, Apart) else value):
        said = f"a text with the digest {known.digest}" if isinstance(known, Apart) else f"'{known}'"
        raise InvalidInputError(
            f"Changing param values is not allowed. Param with key='{name}' was already logged with "
            f"value={said} for {what}. Attempted logging new value '{value}'."
        )


def _size(value: str) -> int:
    return len(json.dumps(value))
