"""Write the pages that are made from the code into a folder: ``python -m tools.reference FOLDER``.

``make docs`` does it before it builds the site. Nothing of it is committed.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from chalicelib.api.openapi import openapi
from tools.reference import command_line, errors, events, sdk
from tools.reference.http.examples import examples
from tools.reference.http.pages import pages


def made() -> Iterator[tuple[str, str]]:
    """Path and text of every file."""
    document = openapi()
    yield "openapi.json", json.dumps(document, indent=1)
    yield "errors.md", errors.page()
    yield "events.md", events.page()
    yield "cli.md", command_line.page()
    yield from ((f"sdk/{name}", text) for name, text in sdk.pages())
    yield from ((f"http/{name}", text) for name, text in pages(document, examples()))


def main() -> int:
    """Write all files anew."""
    (folder,) = map(Path, sys.argv[1:])
    # The functions log every request of the examples to stdout.
    with redirect_stdout(StringIO()):
        written = dict(made())
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in written.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
