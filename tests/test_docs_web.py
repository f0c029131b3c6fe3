"""The guide to the web interface names every page and key. The pictures of the docs are those that are made."""

import re
from pathlib import Path

from tools.pictures.__main__ import FOLDER, PICTURES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDE = (DOCS / "web.md").read_text(encoding="utf-8")
SOURCES = ROOT / "web" / "src"


def _routes() -> set[str]:
    """The address of every page, with parameters as the guide writes them."""
    routes: set[str] = set()
    for source in (SOURCES / "routes").glob("*.ts"):
        parts = re.findall(r"getParentRoute: \(\) => (\w+),\s+path: \"([^\"]+)\"", source.read_text(encoding="utf-8"))
        routes |= {path if parent == "root" else f"/models/$model{path}" for parent, path in parts}
    return {re.sub(r"\$(\w+)", r"{\1}", route).rstrip("/") or "/" for route in routes}


def test_the_guide_names_every_page() -> None:
    # Whoever is not signed in sees the page to sign in at every address.
    named = set(re.findall(r"`(/[^` ]*)`", GUIDE))
    assert len(_routes()) > 20
    assert _routes() - named == {"/sign-in"}


def test_the_guide_names_every_key_that_the_help_shows() -> None:
    shown = re.findall(
        r"^  \[\"([^\"]+)\", \"([^\"]+)\"\],$", (SOURCES / "ui" / "KeyHelp.tsx").read_text(encoding="utf-8"), re.M
    )
    table = dict(re.findall(r"^\| (`[^|]+) \| ([^|]+) \|$", GUIDE, re.M))
    named = {" ".join(re.findall(r"`([^`]+)`", keys)): does.split(";")[0] for keys, does in table.items()}
    assert len(shown) > 10
    assert {(" ".join(keys.split()), does) for keys, does in shown} <= set(named.items())


def _pictures(page: Path) -> set[Path]:
    """The files of the pictures that a page shows."""
    targets = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in targets}


def test_every_picture_is_made_and_shown() -> None:
    made = {FOLDER / f"{picture.name}.png" for picture in PICTURES}
    shown = {picture for page in DOCS.rglob("*.md") for picture in _pictures(page)}
    assert made == shown == set(FOLDER.iterdir())
