"""MLflow's grammar: recorded from MLflow 3.17.2's own parser and its SQL store."""

import pytest
from hypothesis import given

from chalicelib.domain.errors import InvalidFilterError, Problem
from chalicelib.domain.mlflow.search import parse_filter, parse_order
from chalicelib.domain.search.syntax import And, Comparator, Condition, Expression, Field, Not, Or, Order, Subject
from tests.domain.search.expressions import SCRIBBLE

V, M = Subject.VERSIONS, Subject.MODELS
PROMPT = Condition(Field("tags", "mlflow.prompt.is_prompt"), Comparator.EQUAL, "true")
A = Condition(Field("name"), Comparator.EQUAL, "a")


def one(field: Field, comparator: str, value: object) -> Expression:
    return And((Condition(field, Comparator(comparator), value), Not(PROMPT)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name='a'", one(Field("name"), "=", "a")),
        ('name = "a"', one(Field("name"), "=", "a")),
        ("name = 'it''s'", one(Field("name"), "=", "it''s")),
        ("attribute.name like 'a%'", one(Field("name"), "LIKE", "a%")),
        ("name IN ('a', \"b\",)", one(Field("name"), "IN", ("a", "b"))),
        ("run_id = 'a'", one(Field("run_id"), "=", "a")),
        ("run_id LIKE 'a%'", one(Field("run_id"), "LIKE", "a%")),
        ("source_path ILIKE 'S3%'", one(Field("source"), "ILIKE", "S3%")),
        ("version_number >= '5'", one(Field("version"), ">=", 5)),
        ("version_number != -5", one(Field("version"), "!=", -5)),
        ("tags.a.b = 'x'", one(Field("tags", "a.b"), "=", "x")),
        ("tag.`a b` != 'x'", one(Field("tags", "a b"), "!=", "x")),
        ("tags.'a' = 'x'", one(Field("tags", "a"), "=", "x")),
        ("name = 'a' AND AND name='a' AND", And((A, A, Not(PROMPT)))),
        ("name = 'a' name = 'a'", And((A, A, Not(PROMPT)))),
        ("", Not(PROMPT)),
    ],
)
def test_a_filter_is_read_as_mlflow_reads_it(text: str, expected: Expression) -> None:
    assert parse_filter(text, V) == expected


@pytest.mark.parametrize(
    ("text", "comparator", "value"),
    [
        ("run_id not in ('a')", "NOT IN", ("a",)),
        ("run_id != 'a'", "!=", "a"),
        ("run_id = ''", "=", ""),
        ("run_id IN ('a', '')", "IN", ("a", "")),
        ("run_id LIKE '%'", "LIKE", "%"),
    ],
)
def test_what_an_empty_run_id_fulfils_is_fulfilled_by_a_version_without_a_run(
    text: str, comparator: str, value: object
) -> None:
    condition = Condition(Field("run_id"), Comparator(comparator), value)  # type: ignore[arg-type]
    missing = Condition(Field("run_id"), Comparator.IS_NULL)
    assert parse_filter(text, V) == And((Or((condition, missing)), Not(PROMPT)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tags.`mlflow.prompt.is_prompt` = 'true'", PROMPT),
        ("tag.mlflow.prompt.is_prompt = 'TRUE' AND name = 'a'", "asks"),
        ("tags.`mlflow.prompt.is_prompt` != 'false'", "asks"),
        ("tags.`mlflow.prompt.is_prompt` != 'true'", Not(PROMPT)),
        ("tags.`mlflow.prompt.is_prompt` = 'false' AND name = 'a'", And((A, Not(PROMPT)))),
    ],
)
def test_prompts_are_left_out_unless_they_are_asked_for(text: str, expected: object) -> None:
    found = parse_filter(text, M)
    if expected == "asks":
        assert Not(PROMPT) not in (found.parts if isinstance(found, And) else (found,))
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NAME = 'a'", "Invalid attribute key 'NAME' specified"),
        ("stage = 'x'", "Invalid attribute key 'stage' specified"),
        ("metrics.auc > 0.5", "Invalid entity type 'metrics'"),
        ("name = a", "Use either single or double quotes"),
        ("name = 5", "support comparison with numeric values"),
        ("name > 'a'", "Invalid comparator for attribute: >"),
        ("name NOT LIKE 'a'", "Invalid comparator for attribute: NOT LIKE"),
        ("tags.a > 'x'", "Invalid comparator for tag: >"),
        ("tags.a = 5", "Expected a quoted string value for tag"),
        ("tags.a IN ('x')", "Expected a quoted string value for tag"),
        ("version_number = 1.5", "Invalid value for numeric attribute 'version_number'"),
        ("version_number LIKE '1'", "Invalid comparator for attribute version_number"),
        ("version_number IN (1)", r"Only \['name', 'run_id'\] attributes"),
        ("name IN ()", "got empty list"),
        ("name IN (1)", "got ill-formed list"),
        ("name IS NULL", r"Invalid clause\(s\) in filter string"),
        ("name = 'a' OR name = 'b'", r"Invalid clause\(s\) in filter string: OR"),
        ("(name = 'a')", r"Invalid clause\(s\) in filter string: \(name"),
        ("name = 'a';", r"Invalid clause\(s\) in filter string: ;"),
        ("   ", "Could not be parsed"),
    ],
)
def test_what_mlflow_refuses_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidFilterError, match=message):
        parse_filter(text, V)


@given(SCRIBBLE)
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    assert all(problem.message.startswith("column ") for problem in problems(text))


def problems(text: str) -> tuple[Problem, ...]:
    try:
        parse_filter(text, V)
    except InvalidFilterError as error:
        return error.problems
    return ()


NAME, NEWEST = Order(Field("name")), Order(Field("version"), True)
CHANGED = Field("updated_at")


@pytest.mark.parametrize(
    ("subject", "clauses", "expected"),
    [
        (V, [], (Order(CHANGED, True), NAME, NEWEST)),
        (M, [], (NAME,)),
        (V, ["version_number desc", "`name`"], (NEWEST, NAME)),
        (V, ["attribute.name\tDESC"], (Order(Field("name"), True), NEWEST)),
        (V, ["creation_timestamp"], (Order(Field("created_at")), NAME, NEWEST)),
        (M, ["timestamp  DESC"], (Order(CHANGED, True), NAME)),
        (M, ["last_updated_timestamp", "name DESC"], (Order(CHANGED), Order(Field("name"), True))),
    ],
)
def test_an_order_is_read_as_mlflow_reads_it(subject: Subject, clauses: list[str], expected: object) -> None:
    assert parse_order(clauses, subject) == expected


@pytest.mark.parametrize(
    ("subject", "clauses"),
    [
        (V, ["name", "name"]),
        (M, ["timestamp", "last_updated_timestamp"]),
        (M, ["creation_timestamp"]),
        (M, ["attribute.name"]),
        (V, ["timestamp"]),
        (V, ["run_id"]),
        (V, ["NAME"]),
        (V, ["name, version_number"]),
        (V, ["name foo"]),
        (V, ["name ASC DESC"]),
        (V, [" name"]),
        (V, [""]),
    ],
)
def test_an_order_that_mlflow_refuses_is_refused(subject: Subject, clauses: list[str]) -> None:
    with pytest.raises(InvalidFilterError):
        parse_order(clauses, subject)
