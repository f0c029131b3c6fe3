"""One structured line for each request, event or message: ids and outcome, never a token, secret, URL or body."""

import json
import sys


def log_line(kind: str, /, **fields: object) -> None:
    """Write one JSON line to standard output, where Lambda picks it up."""
    line = json.dumps({"log": kind, **fields}, default=str, ensure_ascii=False)
    # UTF-8 cannot encode a lone surrogate, so it is written as JSON's escape: \ud8XX.
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()
