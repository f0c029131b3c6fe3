"""Write the served OpenAPI document to a file, for the types of the web interface: ``python -m tools.openapi FILE``."""

import json
import sys
from pathlib import Path

from chalicelib.api.openapi import openapi


def main() -> int:
    """Write the document. Leaves a file that has this content alone, so that nothing is made again for it."""
    (target,) = sys.argv[1:]
    document = json.dumps(openapi(), indent=1, sort_keys=True)
    file = Path(target)
    if not file.exists() or file.read_text() != document:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
