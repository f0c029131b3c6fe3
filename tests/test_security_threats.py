"""The page about security names the tests that show what it says."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    written = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.M)}
    assert named and named - written == set()


def test_every_test_of_the_interface_that_the_page_names_exists() -> None:
    named = re.findall(r"`(web/[\w/.]+\.test\.tsx?)`", PAGE)
    assert named and [path for path in named if not (ROOT / path).is_file()] == []
