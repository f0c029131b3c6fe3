"""One structured line for each request, event or message: ids and outcome, never a token, secret, URL or body."""

import json
import sys


def log_line(what: str, /, **fields: object) -> None:
    """Write one JSON line to standard output, where Lambda picks it up."""
    sys.stdout.write(json.dumps({"log": what, **fields}, default=str, ensure_ascii=False) + "\n")
    sys.stdout.flush()
