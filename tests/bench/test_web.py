"""The budgets of what a browser loads, computed from a build's manifest."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.web import FIRST_PAGE, closure, rows, rows_of

MANIFEST: dict[str, Any] = {
    "index.html": {
        "file": "assets/index.js",
        "isEntry": True,
        "imports": ["_vendor.js"],
        "dynamicImports": [FIRST_PAGE, "src/ui/Markdown.tsx"],
    },
    "_vendor.js": {"file": "assets/vendor.js", "imports": ["_runtime.js"]},
    # Chunks may import each other.
    "_runtime.js": {"file": "assets/runtime.js", "imports": ["_vendor.js"]},
    "_shared.js": {"file": "assets/shared.js", "imports": ["index.html"]},
    FIRST_PAGE: {"file": "assets/Home.js", "isDynamicEntry": True, "imports": ["index.html", "_shared.js"]},
    "src/ui/Markdown.tsx": {"file": "assets/Markdown.js", "isDynamicEntry": True, "imports": ["_vendor.js"]},
    "inter.woff2": {"file": "assets/inter.woff2"},
    "style.css": {"file": "assets/style.css"},
    "mono.woff2": {"file": "assets/mono.woff2"},
}
PAGE = """<link rel="icon" href="./icon.svg" />
<script type="module" crossorigin src="./assets/index.js"></script>
<link rel="modulepreload" crossorigin href="./assets/vendor.js">
<link rel="stylesheet" crossorigin href="./assets/style.css">
<link rel="preload" as="font" href="./assets/inter.woff2">
"""
SIZES = {
    "index.html": 1_000,
    "icon.svg": 1_000,
    "assets/index.js": 20_000,
    "assets/vendor.js": 129_000,
    "assets/runtime.js": 1_000,
    "assets/shared.js": 30_000,
    "assets/Home.js": 45_000,
    "assets/Markdown.js": 75_000,
    "assets/style.css": 15_000,
    "assets/inter.woff2": 58_000,
    "assets/mono.woff2": 32_000,
}
KEPT = {
    "scripts of every visit, kB": 150,
    f"further scripts of {FIRST_PAGE}, kB": 75,
    "further scripts of src/ui/Markdown.tsx, kB": 75,
    "all styles, kB": 15,
    "all fonts, kB": 90,
    "files of a first visit, kB": 300,
    "requests of a first visit": 12,
}


def _amounts(measured: list[dict[str, Any]]) -> dict[str, float]:
    return {row["loaded"]: row["amount"] for row in measured}


def _broken(measured: list[dict[str, Any]]) -> list[str]:
    return [row["loaded"] for row in measured if not row["kept"]]


def test_a_file_counts_once_and_only_where_it_is_loaded_first() -> None:
    measured = rows_of(MANIFEST, PAGE, SIZES.__getitem__)
    assert _amounts(measured) == KEPT
    assert not _broken(measured)


@pytest.mark.parametrize(
    ("file", "bytes_more", "broken"),
    [
        ("assets/vendor.js", 1, ["scripts of every visit, kB", "files of a first visit, kB"]),
        ("assets/shared.js", 1, [f"further scripts of {FIRST_PAGE}, kB", "files of a first visit, kB"]),
        ("assets/Markdown.js", 1, ["further scripts of src/ui/Markdown.tsx, kB"]),
        ("assets/style.css", 1, ["all styles, kB", "files of a first visit, kB"]),
        ("assets/inter.woff2", 1, ["all fonts, kB", "files of a first visit, kB"]),
        ("icon.svg", 1, ["files of a first visit, kB"]),
    ],
)
def test_a_byte_more_than_its_budget_breaks_it(file: str, bytes_more: int, broken: list[str]) -> None:
    sizes = {**SIZES, file: SIZES[file] + bytes_more}
    assert _broken(rows_of(MANIFEST, PAGE, sizes.__getitem__)) == broken


@pytest.mark.parametrize(
    "more",
    [
        {FIRST_PAGE: {**MANIFEST[FIRST_PAGE], "imports": ["_parts.js"]}},
        {"index.html": {**MANIFEST["index.html"], "imports": ["_vendor.js", "_parts.js"]}},
    ],
)
def test_a_further_file_of_a_first_visit_breaks_the_budget_of_requests(more: dict[str, Any]) -> None:
    manifest = {**MANIFEST, "_parts.js": {"file": "assets/parts.js", "imports": ["_shared.js"]}, **more}
    assert _broken(rows_of(manifest, PAGE, lambda _: 0)) == ["requests of a first visit"]


def test_what_only_the_page_names_is_a_request_too() -> None:
    page = PAGE + '<link rel="manifest" href="./app.json">'
    assert _broken(rows_of(MANIFEST, page, lambda _: 0)) == ["requests of a first visit"]


def test_chunks_that_import_each_other_are_followed_once() -> None:
    assert closure(MANIFEST, "_vendor.js") == {"_vendor.js", "_runtime.js"}


def test_a_file_is_as_large_as_it_is_sent(tmp_path: Path) -> None:
    manifest = {
        "index.html": {"file": "index.js"},
        FIRST_PAGE: {"file": "Home.js", "isDynamicEntry": True, "imports": ["index.html"]},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    for name, size in {"index.html": 1, "icon.svg": 1, "index.js": 9_000, "index.js.gz": 2_000, "Home.js": 500}.items():
        (tmp_path / name).write_text("x" * size)
    amounts = _amounts(rows(tmp_path))
    assert amounts["scripts of every visit, kB"] == 2
    assert amounts[f"further scripts of {FIRST_PAGE}, kB"] == 0.5
