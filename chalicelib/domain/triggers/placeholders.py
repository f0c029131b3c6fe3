"""Documents with placeholders for what an event says.

A placeholder is a whole text, such as ``"$.detail.model"``. It is replaced by the value itself, whatever its type. So
nothing that an event says can break out of its place, as it could in a template of text.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.webhooks.formats import Outgoing
from chalicelib.domain.webhooks.webhook import invalid

_PATH = re.compile(r"\$(\.[A-Za-z0-9_-]{1,64}){1,10}")
# What a placeholder may begin with: the event, the ids of the delivery and of the webhook.
_ROOTS: Final = ("detail", "delivery", "webhook")
_MAX_DEPTH: Final = 10


def check(template: Any, pointer: str, depth: int = 0) -> None:
    """Refuse a template with a placeholder that leads nowhere or a number that JSON lacks, or nested over ten levels.

    Raises InvalidInputError, which names the place within ``pointer``.
    """
    if depth > _MAX_DEPTH:
        raise invalid(pointer, f"is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(template, str) and template.startswith("$."):
        if not _PATH.fullmatch(template) or template.split(".")[1] not in _ROOTS:
            raise invalid(
                pointer, "begins with $. and so must be $.delivery, $.webhook or a path such as $.detail.model"
            )
    elif isinstance(template, float) and not math.isfinite(template):
        raise invalid(pointer, "must be a finite number")
    elif isinstance(template, Mapping):
        for name, one in template.items():
            check(one, f"{pointer}/{name}", depth + 1)
    elif isinstance(template, list):
        for index, one in enumerate(template):
            check(one, f"{pointer}/{index}", depth + 1)


def filled(template: Any, outgoing: Outgoing) -> Any:
    """The template with the value of each placeholder; null for what the event does not say."""
    about = {"detail": outgoing.told, "delivery": outgoing.delivery.id, "webhook": outgoing.webhook.id}
    return _filled(template, about)


def filled_texts(template: Mapping[str, Any], outgoing: Outgoing) -> dict[str, str]:
    """The template with every value as a text, for products that take only texts. What is no text becomes JSON."""
    return {name: _text(value) for name, value in filled(template, outgoing).items()}


def _filled(template: Any, about: Mapping[str, Any]) -> Any:
    if isinstance(template, str) and template.startswith("$."):
        found: Any = about
        for step in template.split(".")[1:]:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found
    if isinstance(template, Mapping):
        return {name: _filled(one, about) for name, one in template.items()}
    if isinstance(template, list):
        return [_filled(one, about) for one in template]
    return template


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_json(value)
