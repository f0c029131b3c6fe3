"""The event functions, declared to Chalice by name.

Chalice packages every function, but Lambda imports each by its handler string, ``chalicelib.reactions.relay.relay``.
So the API, whose app declares them all, does not import what only events need, and they do not import Chalice.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from chalice.app import Blueprint

FUNCTIONS: Final = ("relay", "promoter", "notifier", "sender", "intake", "keeper", "anchorer", "usage")


def blueprints() -> Iterator[Blueprint]:
    """A blueprint for each function, which is named like its module."""
    return map(_declared, FUNCTIONS)


def _declared(name: str) -> Blueprint:
    module = f"{__package__}.{name}"
    blueprint = Blueprint(module)

    def react(event: dict[str, Any], context: Any) -> Any:
        return getattr(import_module(module), name)(event, context)

    # Chalice makes the handler string of it.
    react.__name__ = name
    blueprint.lambda_function(name=name)(react)
    return blueprint
