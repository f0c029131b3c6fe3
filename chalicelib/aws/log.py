"""One structured line for each request, event or message: ids and outcome, never a token, secret, URL or body."""

import json
import sys

from chalicelib.aws import correlation


def log_line(kind: str, /, **fields: object) -> None:
    """Write one JSON line to standard output, where Lambda picks it up. It says what the line belongs to."""
    belongs = {"correlation_id": found} if (found := correlation.current()) else {}
    line = json.dumps({"log": kind, **belongs, **fields}, default=str, ensure_ascii=False)
    # UTF-8 cannot encode a lone surrogate, so it is written as JSON's escape: \ud8XX.
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()
