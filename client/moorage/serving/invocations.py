"""``/invocations``: the requests and answers of MLflow's scoring server.

https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally describes the protocol. JSON has exactly one of four
fields; the answer is ``{"predictions": …}``.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from moorage.serving.inputs import Input, Rows, Table, table_of
from moorage.serving.media import json_object, media_type
from moorage.serving.refusals import RefusedRequestError
from moorage.serving.signatures import Entry

JSON: Final = "application/json"
CSV: Final = "text/csv"
_NUMBERS: Final = frozenset({"integer", "long", "float", "double", "boolean"})


def parse(body: bytes, content_type: str | None, inputs: tuple[Entry, ...]) -> tuple[Input, dict[str, Any]]:
    """The input and the parameters of a request. Raises RefusedRequestError if it is of no form that MLflow has."""
    if media_type(content_type, (JSON, CSV)) == CSV:
        return _parse_csv(body, inputs), {}
    document = json_object(body)
    given = [name for name in _FORMS if name in document]
    if len(given) != 1:
        found = f"has {' and '.join(given)}" if given else f"has {', '.join(map(repr, document)) or 'nothing'}"
        raise RefusedRequestError(f"the body must have exactly one of {', '.join(_FORMS)}, and {found}")
    params = document.get("params")
    if not isinstance(params, dict | None):
        raise RefusedRequestError("'params' must be a JSON object")
    return _FORMS[given[0]](document[given[0]]), params or {}


def answer(predictions: Any) -> dict[str, Any]:
    """The answer to a request."""
    return {"predictions": predictions}


def _split(given: Any) -> Input:
    """``{"columns": [...], "data": [[...], ...]}``; without columns, rows without names."""
    data = given.get("data") if isinstance(given, dict) else None
    if not isinstance(data, list) or not all(isinstance(row, list) for row in data):
        raise RefusedRequestError("'dataframe_split' must be an object with 'data', a list of rows that are lists")
    names = given.get("columns")
    if names is None:
        return Rows(data)
    if not isinstance(names, list) or len(set(map(str, names))) != len(names):
        raise RefusedRequestError("'columns' of 'dataframe_split' must be a list of different names")
    for number, row in enumerate(data):
        if len(row) != len(names):
            raise RefusedRequestError(f"row {number} has {len(row)} values, and there are {len(names)} columns")
    return Table({str(name): [row[place] for row in data] for place, name in enumerate(names)})


def _records(given: Any) -> Table:
    """``[{"column": value, ...}, ...]``. A value that a record lacks is null."""
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise RefusedRequestError("'dataframe_records' must be a list of objects")
    names = dict.fromkeys(name for row in given for name in row)
    return Table({name: [row.get(name) for row in given] for name in names})


def _instances(given: Any) -> Input:
    """Rows: values, lists, or objects that all have the same names."""
    if not isinstance(given, list):
        raise RefusedRequestError("'instances' must be a list")
    if given and all(isinstance(row, dict) for row in given):
        return _records(given)
    return Rows(given)


def _inputs(given: Any) -> Input:
    """Columns by name, or rows. A single value is a column of one row."""
    if isinstance(given, dict):
        return table_of({name: values if isinstance(values, list) else [values] for name, values in given.items()})
    if isinstance(given, list) and given and all(isinstance(row, dict) for row in given):
        return _records(given)
    return Rows(given if isinstance(given, list) else [given])


_FORMS: Final[Mapping[str, Callable[[Any], Input]]] = {
    "dataframe_split": _split,
    "dataframe_records": _records,
    "instances": _instances,
    "inputs": _inputs,
}


def _parse_csv(body: bytes, inputs: tuple[Entry, ...]) -> Table:
    """Columns with their names in the first line. An empty field is null."""
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedRequestError(f"the body is not CSV in UTF-8: {error}") from error
    names, *rows = [line for line in lines if line] or [[]]
    if not names or len(set(names)) != len(names):
        raise RefusedRequestError("the first line of the CSV must have the names of the columns, each once")
    for number, row in enumerate(rows):
        if len(row) != len(names):
            raise RefusedRequestError(f"row {number} has {len(row)} fields, and there are {len(names)} columns")
    types = {entry.name: entry.type for entry in inputs}
    return Table({name: [_field(row[place], types.get(name)) for row in rows] for place, name in enumerate(names)})


def _field(text: str, declared: str | None) -> Any:
    """A field as its column's type, or what it looks like if the signature does not tell. A text stays text."""
    if text == "":
        return None
    if declared is not None and declared not in _NUMBERS:
        return text
    try:
        value = json.loads(text.lower() if text.lower() in ("true", "false") else text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text
