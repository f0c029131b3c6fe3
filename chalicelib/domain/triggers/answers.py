"""What the answer to a trigger means: whether it was taken, whether to try again, and where it leads."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain.webhooks.deliveries import Answer, Verdict, failure_of
from chalicelib.domain.webhooks.webhook import MAX_URL

# Time-out, too early, too many requests.
_PASSING: Final = frozenset({408, 425, 429})


def is_final(answer: Answer) -> bool:
    """Whether a failed request would fail again: the receiver refuses the credential or the content of the request."""
    if answer.status == 403 and answer.retry_after is not None:
        return False
    return 300 <= answer.status < 500 and answer.status not in _PASSING


def judged(
    answer: Answer,
    expected: tuple[int, ...],
    links: Mapping[str, str] | None = None,
    hints: Mapping[int, str] | None = None,
) -> Verdict:
    """Success if the status is one of those ``expected``, with ``links``.

    Another 2xx is no success: something else than the product has answered. ``hints`` say what a status often means.
    """
    if answer.status in expected:
        return Verdict(links=links or {})
    wanted = " or ".join(map(str, expected))
    error = failure_of(answer) or f"the receiver answered {answer.status} in place of {wanted}"
    hint = (hints or {}).get(answer.status)
    return Verdict(error if hint is None else f"{error}: {hint}", is_final(answer))


def expecting(*expected: int) -> Callable[[Answer], Verdict]:
    """The verdict of a product that answers success with one of these statuses."""
    return lambda answer: judged(answer, expected)


def document_of(answer: Answer) -> Mapping[str, Any]:
    """The JSON object that the answer holds; empty if it holds none, or more than was read."""
    try:
        document = json.loads(answer.excerpt)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def links_of(found: Mapping[str, object]) -> dict[str, str]:
    """Those of the values that are web addresses, and not too long to keep."""
    return {name: value for name, value in found.items() if isinstance(value, str) and _is_address(value)}


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= MAX_URL and text.isprintable() and " " not in text
