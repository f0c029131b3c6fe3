"""The blocks of code in README.md and docs: which are run, and why the others are not.

A block in ``sh`` or ``python`` is run by ``tests/e2e/test_docs.py``, in order within its page. One that cannot be run
there has the comment ``<!-- not run: REASON -->`` in the line before it, with one of ``REASONS``. Any other language
means that the block is output, a document, a grammar or a diagram.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = tuple(sorted([ROOT / "README.md", ROOT / "client" / "README.md", *(ROOT / "docs").rglob("*.md")]))
RUN: Final = ("sh", "python")
SHOWN: Final = ("text", "json", "yaml", "mermaid")
# Why a block is not run, and what must be in a block for which that is true.
REASONS: Final = {
    "it sets up or removes the stack that these tests run on": r"^make (demo|up|down)\b",
    "it asks for the registry of make up, and these tests have one of their own": r"-m infra\.local ",
    "it needs an AWS account": r"\bmake (deploy|upgrade|backfill|bootstrap|ops)\b|\baws |\bawscurl ",
    "it needs an MLflow server": r"\bmoorage import mlflow\b",
    "it needs MLflow, whose clients tests/e2e/mlflow runs": r"\bMLFLOW_|\bimport mlflow\b",
    "it needs clients of other systems, which tests/e2e/serving runs": r"\bHF_ENDPOINT\b|\btransformers\b|\boras\b",
    "it needs a framework, with which tests/frameworks runs it": r"\bregistry\.(log|load)\(",
    "it opens a notebook, which tests/frameworks runs": r"^jupyter notebook examples/",
    "it is a cell of examples/eight_tasks.ipynb, which tests/frameworks runs": r"\bregistry\.",
    "it is MLflow's, to compare with, and tests/e2e runs it": r"\bmlflow\.|\bclient\b",
    "it is huggingface_hub's, to compare with, and needs an account there": r"\brepository\b",
    "it needs Docker": r"^docker (build|run)\b",
    "it needs a key of AWS KMS": r"anchor-key\.pem",
    "it needs model_signing, with which make oracles-signing runs": r"^model_signing ",
    "it needs certificates of an authority, which tests/client/signing makes": r"--authority ",
    "the registry of these tests does not sign": r"\bMOORAGE_SIGNING_KEY\b",
    "it needs a registry that signs": r"promotion\.json",
}

# A block in ``text`` that begins right after another block.
_OUTPUT: Final = re.compile(r"\n\n```text\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_FENCE: Final = re.compile(
    r"^(?:<!-- not run: (?P<reason>.*?) -->\n)?```(?P<language>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A fenced block. ``reason`` is why it is not run, None if nothing is said.

    ``output`` is what the page says right after a block of Python: what it prints, where ``…`` stands for anything.
    """

    page: str
    line: int
    language: str
    text: str
    reason: str | None
    output: str | None = None

    @property
    def runs(self) -> bool:
        return self.language in RUN and self.reason is None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def output_matches(output: str, printed: str) -> bool:
    """Whether a program printed what a page shows as its output, where ``…`` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, output.split("…"))), printed) is not None


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    content = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(content):
        line = content.count("\n", 0, found.start("language")) + 1
        name = page.relative_to(ROOT).as_posix()
        printed = _OUTPUT.match(content, found.end()) if found["language"] == "python" else None
        output = printed and printed["text"]
        yield Block(name, line, found["language"], found["text"], found["reason"], output)


ALL: Final = tuple(block for page in PAGES for block in blocks(page))
