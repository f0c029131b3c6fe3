"""Where the interface goes on after somebody signed in: a path of its own, never another site."""

import re
from typing import Final
from urllib.parse import unquote

from chalicelib.domain.errors import InvalidInputError, Problem

HOME: Final = "/ui/"
MAX_RETURN: Final = 1_024
# Visible ASCII without a backslash, which browsers take for a slash.
_PATH: Final = re.compile(r"/ui/[!-\[\]-~]*")
_QUERY: Final = re.compile(r"[?#]")


def return_path(text: str) -> str:
    """A path below ``/ui/``, with its query. Raises InvalidInputError for anything that could lead elsewhere."""
    path = _QUERY.split(text, maxsplit=1)[0]
    # Browsers read "%2e%2e" as "..", and remove tabs and line breaks.
    steps = unquote(unquote(path)).split("/")
    if len(text) > MAX_RETURN or not _PATH.fullmatch(text) or "//" in path or {".", ".."} & {*steps}:
        what = f"must be a path below {HOME}, of at most {MAX_RETURN} characters"
        raise InvalidInputError(f"return_to {what}.", [Problem("?return_to", what)])
    return text
