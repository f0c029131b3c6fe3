"""The tasks of docs/tutorials/eight-tasks.md and of its notebook: the code of each product for each task."""

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.docs_blocks import ALL, ROOT, Block

PAGE: Final = "docs/tutorials/eight-tasks.md"
NOTEBOOK: Final = ROOT / "examples" / "eight_tasks.ipynb"
# The products in the order of the table, with what the blocks of their code say of why they are not run with the page.
PRODUCTS: Final = {
    "Moorage": "it is a cell of examples/eight_tasks.ipynb, which tests/frameworks runs",
    "MLflow": "it is MLflow's, to compare with, and tests/e2e runs it",
    "huggingface_hub": "it is huggingface_hub's, to compare with, and needs an account there",
}


@dataclass(frozen=True)
class Task:
    """A task with the code of each product that can do it."""

    title: str
    code: dict[str, str]


def tasks() -> list[Task]:
    """The sections of the page that have code of Moorage."""
    sections = [(title, _code(blocks)) for title, blocks in _sections()]
    return [Task(title, code) for title, code in sections if "Moorage" in code]


def preparation(product: str) -> str:
    """What a product begins with."""
    (code,) = [_code(blocks) for title, blocks in _sections() if title == "Statements"]
    return code[product]


def cells() -> dict[str, Any]:
    """The cells of the notebook by their ids."""
    return {cell["id"]: cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}


def _sections() -> list[tuple[str, list[Block]]]:
    lines = (ROOT / PAGE).read_text(encoding="utf-8").splitlines()
    headings = [(number, line[3:]) for number, line in enumerate(lines, 1) if line.startswith("## ")]
    ends = [*(number for number, _ in headings[1:]), len(lines) + 1]
    blocks = [block for block in ALL if block.page == PAGE]
    return [
        (title, [block for block in blocks if start < block.line < end])
        for (start, title), end in zip(headings, ends, strict=True)
    ]


def _code(blocks: list[Block]) -> dict[str, str]:
    return {product: block.text for product, reason in PRODUCTS.items() for block in blocks if block.reason == reason}
