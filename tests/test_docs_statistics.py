"""What docs/statistics.md says that the statistics give is what they give."""

import dataclasses
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import pytest

from chalicelib.domain.statistics import (
    distances,
    homogeneity,
    means,
    multiplicity,
    paired,
    proportions,
    roc,
    special,
    transport,
)
from tests.docs_blocks import ROOT

PAGE: Final = (ROOT / "docs" / "statistics.md").read_text("utf-8")
# Code, and what it gives; the page may begin a new line between the two.
EXAMPLES: Final = re.findall(r"`([^`\n]+)`\s+gives\s+`([^`\n]+)`", PAGE)
SECTIONS: Final = dict(re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
# Sections about what others have computed, or what a section before has the formula of.
WITHOUT_EXAMPLE: Final = {"Intervals that you report", "The mean"}
NAMES: Final = dict(
    chain.from_iterable(
        vars(module).items()
        for module in (distances, homogeneity, means, multiplicity, paired, proportions, roc, special, transport)
    )
)
NUMBER: Final = re.compile(r"-?\d+(?:\.(\d+))?")


def numbers(result: Any) -> Iterator[float]:
    """The numbers of a result, in order."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        yield from dataclasses.astuple(result)
    elif isinstance(result, tuple):
        yield from result
    else:
        yield result


@pytest.mark.parametrize(("code", "said"), EXAMPLES, ids=[code for code, _ in EXAMPLES])
def test_an_example_gives_what_the_page_says(code: str, said: str) -> None:
    shown = list(NUMBER.finditer(said))
    given = list(numbers(eval(code, dict(NAMES))))
    assert len(given) == len(shown), given
    for number, expected in zip(given, shown, strict=True):
        assert f"{number:.{len(expected[1] or '')}f}" == expected[0]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_statistic_says_when_it_lies_and_has_an_example(section: str) -> None:
    assert "**When it lies.**" in SECTIONS[section]
    if section not in WITHOUT_EXAMPLE:
        assert "**Needs**" in SECTIONS[section]
        assert re.search(r"`\s+gives\s+`", SECTIONS[section])


def test_every_statistic_of_the_overview_has_a_section() -> None:
    overview = PAGE.split("\n## ", 1)[0]
    linked = set(re.findall(r"\]\(#([a-z-]+)\)", overview))
    assert linked == {section.lower().replace(" ", "-") for section in SECTIONS if section not in WITHOUT_EXAMPLE}
