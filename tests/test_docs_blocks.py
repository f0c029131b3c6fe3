"""No block of the docs escapes: each is run, is plainly no command, or says truly why it is not run."""

import re

import pytest

from tests.docs_blocks import ALL, PAGES, REASONS, RUN, SHOWN, Block

COMMANDS = re.compile(r"^(\$ )?(moorage|make|export|curl|aws(curl)?|python3?|pip|mlflow|from \w+ import|import) ", re.M)


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_is_run_or_is_no_command_or_says_why_it_is_not_run(block: Block) -> None:
    assert block.language in (*RUN, *SHOWN), "give the block a language"
    if block.language in SHOWN:
        assert block.reason is None and not COMMANDS.search(block.text), "a command is in a block of sh or python"
    elif block.reason is not None:
        assert block.reason in REASONS, "tests/docs_blocks.py has the reasons that count"
        assert re.search(REASONS[block.reason], block.text, re.M), "the reason is not true of this block"


def test_every_fence_is_seen() -> None:
    fences = sum(len(re.findall(r"^\s*```", page.read_text(encoding="utf-8"), re.M)) for page in PAGES)
    assert fences == 2 * len(ALL)


def test_every_reason_is_needed() -> None:
    assert {block.reason for block in ALL if block.reason is not None} == set(REASONS)
