"""The site has every page in its navigation, and every link of the docs leads somewhere. `make docs` checks more."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.api.route_index import all_routes
from tests.docs_blocks import PAGES, ROOT

DOCS = ROOT / "docs"
SITE = ROOT / "mkdocs.yml"
# Pages that are made when the site is built, from modules that import much: their names are enough here.
MADE = {"reference/errors.md", "reference/events.md", "reference/cli.md", "reference/http/index.md"}
MADE |= {f"reference/sdk/{name}.md" for name in ("client", "areas", "results", "errors")}
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+?)(?: {#([\w-]+)})?$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


class _Loader(yaml.SafeLoader):
    """Reads the configuration without importing what it names for MkDocs."""


_LOADER: Any = _Loader
_LOADER.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)


def in_navigation(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            for value in entry.values():
                yield from [value] if isinstance(value, str) else in_navigation(value)


def configured() -> Any:
    return yaml.load(SITE.read_text(encoding="utf-8"), _LOADER)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Where links into the page may lead, as Markdown names headings."""
    text = prose(page)
    found = {given or slug(title) for title, given in HEADING.findall(text)}
    return found | set(re.findall(r'<a id="([\w-]+)">', text))


def slug(title: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def test_make_counts_the_warnings_about_broken_links() -> None:
    (build,) = re.findall(r"mkdocs build (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert "--strict" in build
    # MkDocs counts only warnings that it shows.
    assert "--quiet" not in build


def test_the_navigation_has_every_page_once() -> None:
    listed = list(in_navigation(configured()["nav"]))
    groups = {f"reference/http/{route.tag}.md" for route in all_routes()}
    written = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert len(listed) == len(set(listed))
    assert set(listed) == written | MADE | groups


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_docs_leads_somewhere(page: Path) -> None:
    lost = [target for target in LINK.findall(prose(page)) if "://" not in target and not leads(page, target)]
    assert lost == []


def leads(page: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    goal = (page.parent / file).resolve() if file else page
    if goal.is_relative_to(DOCS) and goal.relative_to(DOCS).as_posix() in MADE:
        return True
    if not goal.exists():
        return False
    return not anchor or goal.suffix != ".md" or anchor in anchors(goal)


def test_no_page_of_the_site_fetches_from_another_host() -> None:
    theme = configured()["theme"]
    assert theme["font"] is False
    assert "extra_javascript" not in configured()
    own = ROOT / "tools" / "site" / "theme"
    foreign = re.compile(r"(src|href|url)\W{1,3}https?://")
    assert [file for file in own.rglob("*.*") if foreign.search(file.read_text(encoding="utf-8"))] == []


def test_every_package_that_builds_the_site_is_pinned_and_has_a_reason() -> None:
    site = ROOT / "tools" / "site"
    wanted = dict(re.findall(r"^([\w-]+)==([\d.]+)$", (site / "requirements.in").read_text(encoding="utf-8"), re.M))
    wanted |= json.loads((site / "package.json").read_text(encoding="utf-8"))["dependencies"]
    rows = re.findall(r"^\| ([^|]+) \|", (DOCS / "dependencies.md").read_text(encoding="utf-8"), re.M)
    named = {name.strip() for row in rows for name in row.split(",")}
    assert wanted and wanted.keys() <= named
    assert [version for version in wanted.values() if not re.fullmatch(r"\d+(\.\d+)+", version)] == []
    locked = json.loads((site / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in locked.items() if name and "integrity" not in package] == []


def test_every_diagram_says_in_words_what_it_shows() -> None:
    diagrams = [
        (page, text)
        for page in PAGES
        for text in re.findall(r"^```mermaid\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    ]
    assert len(diagrams) >= 7
    assert [page for page, text in diagrams if not re.search(r"accTitle: .+\n\s+accDescr: .+", text)] == []
