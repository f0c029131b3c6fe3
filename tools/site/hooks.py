"""What the site has beyond the pages of docs/: the pages that ``tools.reference`` made, and the program for diagrams.

MkDocs calls these functions by their names: https://www.mkdocs.org/user-guide/plugins/#events. They run in the
environment of the site, which has neither the registry nor its client.
"""

from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).parents[2]
MADE: Final = ROOT / "build" / "reference"
DIAGRAMS: Final = ROOT / "tools" / "site" / "node_modules" / "@mermaid-js" / "tiny" / "dist" / "mermaid.tiny.js"


def on_page_content(html: str, **_: object) -> str:
    """Keep the sources of diagrams out of the search."""
    return html.replace('<pre class="mermaid">', '<pre class="mermaid" data-search-exclude>')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages below ``reference/``, and the program for diagrams."""
    made = sorted(path for path in MADE.rglob("*") if path.is_file())
    if not made:
        raise PluginError(f"{MADE} is empty: run make docs")
    for path in made:
        where = Path("reference") / path.relative_to(MADE)
        files.append(File.generated(config, where.as_posix(), abs_src_path=str(path)))
    files.append(File.generated(config, "assets/mermaid.js", abs_src_path=str(DIAGRAMS)))
    return files
