"""The page about security names the tests that show what it says."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_test_that_the_page_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests/api/sessions").glob("test_*.py")]
    written = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.M)}
    assert named and named <= written
