"""What a browser loads of the web interface, beside its budgets: ``python -m bench.web``, which follows every build.

Vite's manifest says which script imports which, and the page names what else a visit needs. Sizes are those of the gzip
variants; browsers that take brotli load less.
Ends with status 1 if a budget is broken.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from bench import report

BUILT: Final = report.BUILD / "web"
PAGE: Final = "index.html"
# Vite names the page's own script after the page.
ENTRY: Final = PAGE
# What the page names: its script, what that imports, the styles, the font, the icon.
NAMED: Final = re.compile(r'(?:src|href)="\./([^"]+)"')
# Where the modules of pages lie. The entry leads to them; other modules that are loaded late are parts of pages.
PAGES: Final = "src/pages/"
# The page that /ui/ shows.
FIRST_PAGE: Final = "src/pages/home/Home.tsx"
# What a first visit asks of the API: its session, and the two calls that a page may make before its content.
API_CALLS: Final = 3

INITIAL_SCRIPTS_KB: Final = 150.0
LAZY_SCRIPTS_KB: Final = 75.0
STYLES_KB: Final = 15.0
FONTS_KB: Final = 90.0
FIRST_VISIT_KB: Final = 300.0
FIRST_VISIT_REQUESTS: Final = 12

Sizes = Callable[[str], int]


def rows(built: Path = BUILT) -> list[dict[str, Any]]:
    """One row for each budget, and one for each part that is loaded when it is needed."""
    manifest: dict[str, Any] = json.loads((built / ".vite" / "manifest.json").read_text())
    return rows_of(manifest, (built / PAGE).read_text(), lambda file: transferred(built / file))


def rows_of(manifest: Mapping[str, Any], page: str, size: Sizes) -> list[dict[str, Any]]:
    """The rows of a build, of its manifest and its page. ``size`` is the number of bytes in which a file is sent."""
    initial = closure(manifest, ENTRY)
    lazy = {name: closure(manifest, name) - initial for name, chunk in manifest.items() if chunk.get("isDynamicEntry")}
    # A part is shown on a page, so what most pages have loaded is there before it.
    pages = {name for name in manifest[ENTRY].get("dynamicImports", []) if name.startswith(PAGES)}
    loads = Counter(chunk for name in pages for chunk in lazy[name])
    everywhere = {chunk for chunk, count in loads.items() if 2 * count > len(pages)}
    lazy = {name: chunks if name in pages else chunks - everywhere for name, chunks in lazy.items()}
    built = files_of(manifest, manifest)
    first = {PAGE, *NAMED.findall(page), *files_of(manifest, initial | lazy[FIRST_PAGE])}

    def kilobytes(files: Iterable[str]) -> float:
        return sum(size(file) for file in files) / 1000

    return [
        row("scripts of every visit, kB", kilobytes(files_of(manifest, initial)), INITIAL_SCRIPTS_KB),
        *(
            row(f"further scripts of {name}, kB", kilobytes(files_of(manifest, lazy[name])), LAZY_SCRIPTS_KB)
            for name in sorted(lazy)
        ),
        row("all styles, kB", kilobytes(file for file in built if file.endswith(".css")), STYLES_KB),
        row("all fonts, kB", kilobytes(file for file in built if file.endswith(".woff2")), FONTS_KB),
        row("files of a first visit, kB", kilobytes(first), FIRST_VISIT_KB),
        row("requests of a first visit", len(first) + API_CALLS, FIRST_VISIT_REQUESTS),
    ]


def row(loaded: str, amount: float, budget: float) -> dict[str, Any]:
    return {"loaded": loaded, "amount": amount, "budget": budget, "kept": amount <= budget}


def closure(manifest: Mapping[str, Any], name: str) -> set[str]:
    """The names of the chunks that must be there before the chunk ``name`` runs, itself among them."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(manifest[one].get("imports", []))
    return found


def files_of(manifest: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    return {manifest[name]["file"] for name in names}


def transferred(file: Path) -> int:
    """The bytes in which a file is sent to a browser that takes gzip."""
    compressed = file.with_name(f"{file.name}.gz")
    return (compressed if compressed.exists() else file).stat().st_size


def shown(measured_rows: list[dict[str, Any]]) -> Table:
    table = report.table("What a browser loads of the web interface, with gzip", "loaded", "amount", "of", "budget")
    for measured in measured_rows:
        figures = (f"{measured[field]:.1f}".removesuffix(".0") for field in ("amount", "budget"))
        table.add_row(measured["loaded"], *figures, report.verdict(measured["kept"]))
    return table


def main() -> int:
    measured = rows()
    report.show(shown(measured))
    return 0 if report.all_kept({"web": measured}) else 1


if __name__ == "__main__":
    sys.exit(main())
