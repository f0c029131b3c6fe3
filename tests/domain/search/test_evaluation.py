"""Whether a filter holds, beside an evaluation that was written another way."""

import functools
import operator
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.search.evaluation import holds
from chalicelib.domain.search.parser import parse_filter
from chalicelib.domain.search.syntax import And, Condition, Expression, Not, Or, Subject
from tests.domain.search.expressions import expressions, records

V = Subject.VERSIONS
COMPARE = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def plain(where: Expression, record: dict[str, Any]) -> bool:
    """By the documentation's sentences, with Python's own means: regular expressions, datetimes, recursion."""
    match where:
        case Not(part):
            return not plain(part, record)
        case And(parts):
            return functools.reduce(lambda so_far, part: so_far and plain(part, record), parts, True)
        case Or(parts):
            return functools.reduce(lambda so_far, part: so_far or plain(part, record), parts, False)
        case Condition(field, comparator, asked):
            found = record[field.name]
            if field.key is not None:
                for step in field.key.split("/") if field.name == "metadata" else [field.key]:
                    found = found.get(step) if isinstance(found, dict) else None
            several = [] if found is None else list(found) if isinstance(found, list | tuple) else [found]
            name = comparator.value
            if name.endswith("NULL"):
                return bool(several) == name.startswith("IS NOT")
            if name == "!=" or name.startswith("NOT "):
                positive = "=" if name == "!=" else name.removeprefix("NOT ")
                return bool(several) and not any(compares(positive, one, asked) for one in several)
            return any(compares(name, one, asked) for one in several)


def compares(name: str, mine: Any, asked: Any) -> bool:
    if name == "IN":
        return any(compares("=", mine, one) for one in asked)
    if isinstance(mine, dict):
        if set(mine) != {"$time"} or name in ("LIKE", "ILIKE") or not isinstance(asked, str):
            return False
        try:
            mine, asked = (moment(text) for text in (mine["$time"], asked))
        except ValueError:
            return False
    kinds = [
        bool if isinstance(one, bool) else float if isinstance(one, int | float) else type(one) for one in (mine, asked)
    ]
    if kinds[0] is not kinds[1]:
        return False
    if name in COMPARE:
        return bool(COMPARE[name](mine, asked))
    if name == "CONTAINS":
        return set(re.findall(r"\w+", asked.casefold())) <= set(re.findall(r"\w+", mine.casefold()))
    pattern = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in asked)
    mine, pattern = (mine, pattern) if name == "LIKE" else (mine.lower(), pattern.lower())
    return re.fullmatch(pattern, mine, re.DOTALL) is not None


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


@given(expressions(V), records(V))
def test_a_filter_holds_as_the_documentation_says(where: Expression, record: dict[str, Any]) -> None:
    assert holds(where, record) == plain(where, record)


RECORD: dict[str, Any] = {
    "name": "fraud",
    "description": "Gradient boosting, trained on the Ledger.",
    "alias": ("champion", "blue"),
    "tags": {"team": "Risk"},
    "metrics": {"auc": 0.95},
    "parameters": {"lr": "0.1", "depth": 6, "bagging": True},
    "metadata": {"data": {"rows": 10, "cut": {"$time": "2026-01-01T12:00:00+01:00"}, "columns": ["age", "zip"]}},
}


@pytest.mark.parametrize(
    ("text", "holding"),
    [
        ("alias = 'champion'", True),
        ("alias != 'champion'", False),
        ("alias != 'green'", True),
        ("label != '1.0.0'", False),
        ("NOT label = '1.0.0'", True),
        ("label IS NULL", True),
        ("tags.team = 'risk'", False),
        ("tags.team ILIKE 'r%K'", True),
        ("description CONTAINS 'ledger gradient'", True),
        ("description CONTAINS 'boost'", False),
        ("parameters.depth > 5", True),
        ("parameters.lr < 0.2", False),
        ("parameters.bagging = TRUE", True),
        ("parameters.bagging = 1", False),
        ("metadata.data IS NOT NULL", True),
        ("metadata.data/rows >= 10", True),
        ("metadata.data/columns = 'zip'", True),
        ("metadata.data/cut = '2026-01-01T11:00:00Z'", True),
        ("metadata.data/none/deeper IS NULL", True),
        ("metrics.auc IN (0.9, 0.95)", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holding: bool) -> None:
    where = parse_filter(text, V)
    assert where is not None
    assert holds(where, RECORD) is holding
