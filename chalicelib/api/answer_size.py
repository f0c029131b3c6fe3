"""Answers that fit: a Lambda function returns at most 6 MB, its answer's body as a JSON string among them."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from chalicelib.api.call import Answer
from chalicelib.api.document import Paging, Query
from chalicelib.domain.errors import BodyTooLargeError

# The rest is for headers.
MAX_BYTES: Final = 6_000_000


def fitting(view: Callable[[Query], Answer], query: Query) -> Answer:
    """The view's answer. A page that would be too large is made again with as many items as fit.

    Its cursor then leads to the rest, as that of any page does. Raises BodyTooLargeError if the view cannot be paged.
    """
    answer = view(query)
    if answer.document is None:
        return answer
    text = written(answer.document)
    while size(text) > MAX_BYTES:
        if not isinstance(query, Paging) or query.limit == 1:
            raise BodyTooLargeError(f"The answer would have {size(text)} bytes, of {MAX_BYTES} that can be sent.")
        query = query.model_copy(update={"limit": min(query.limit - 1, _fitting_items(answer.document["items"]))})
        answer = view(query)
        text = written(answer.document)
    return replace(answer, text=text)


def written(document: Any) -> str:
    """A document as JSON. Not left to Chalice, which silently converts values that JSON does not have."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False)


def _fitting_items(items: list[Any]) -> int:
    """How many of the items fit, at least one. A tenth of the space is left for what is around them."""
    left = MAX_BYTES * 9 // 10
    for number, item in enumerate(items):
        left -= size(written(item))
        if left < 0:
            return max(1, number)
    return len(items)


def size(text: str) -> int:
    """The bytes of a text as a JSON string. Documents are written in ASCII."""
    return len(text) + text.count('"') + text.count("\\")
