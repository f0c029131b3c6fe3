"""The page that counts statements: its table is right, its code is that of the notebook, and Moorage needs no more."""

import ast
import re

import pytest

from tests.docs_blocks import ROOT
from tests.eight_tasks import NOTEBOOK, PAGE, PRODUCTS, Task, cells, tasks

TASKS = tasks()
ROW = re.compile(r"^\| \[(.+?)\]\(#.+?\) \| (\d+|none) \| (\d+|none) \| (\d+|none) \|$", re.M)
# What calls of a registry begin with.
REGISTRIES = {"registry", "mlflow", "client", "api"}


def statements(code: str) -> int:
    """All statements, also those within others."""
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(code)))


def asks_a_registry(node: ast.AST) -> bool:
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in REGISTRIES


def test_statements_are_counted_also_within_others() -> None:
    assert statements("for a in b:\n    c()\n    d = e\n") == 3


def test_there_are_eight_tasks() -> None:
    assert len(TASKS) == 8


def test_the_table_counts_the_statements_that_the_page_shows() -> None:
    table = {title: counts for title, *counts in ROW.findall((ROOT / PAGE).read_text(encoding="utf-8"))}
    counted = {
        task.title: [str(statements(task.code[product])) if product in task.code else "none" for product in PRODUCTS]
        for task in TASKS
    }
    # Rows and sections have the same order.
    assert list(table.items()) == list(counted.items())


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.title)
def test_moorage_needs_no_more_statements_than_any_other(task: Task) -> None:
    needed = {product: statements(code) for product, code in task.code.items()}
    assert needed["Moorage"] == min(needed.values())


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.title)
def test_nobody_wins_by_nesting_calls_of_a_registry(task: Task) -> None:
    for product, code in task.code.items():
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
        given = [part for call in calls for part in (*call.args, *(word.value for word in call.keywords))]
        nested = [node for part in given for node in ast.walk(part) if isinstance(node, ast.Call)]
        assert not [ast.unparse(node) for node in nested if asks_a_registry(node)], product


def test_the_code_of_the_page_is_in_the_notebook_cell_by_cell() -> None:
    # A semicolon keeps a notebook from showing what a call returns beside the picture.
    sources = ["".join(cell["source"]).rstrip(";") for cell in cells().values() if cell["cell_type"] == "code"]
    shown = [task.code["Moorage"].rstrip("\n") for task in TASKS]
    assert [source for source in sources if source in shown] == shown


def test_the_notebook_is_kept_without_outputs() -> None:
    code = [cell for cell in cells().values() if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert NOTEBOOK.stat().st_size < 10_000
