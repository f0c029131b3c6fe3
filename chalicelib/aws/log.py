"""One structured line for each request, event or message: ids and outcome, never a token, secret, URL or body."""

import json
import sys


def log_line(what: str, /, **fields: object) -> None:
    """Write one JSON line to standard output, where Lambda picks it up."""
    line = json.dumps({"log": what, **fields}, default=str, ensure_ascii=False)
    # A lone surrogate, which is no UTF-8, goes out as JSON writes it: \ud8XX.
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()
