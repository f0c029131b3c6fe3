"""The event functions, declared to Chalice by name.

Chalice packages every function, but Lambda imports each by its handler string, for example
``chalicelib.reactions.ledger.relay.relay``. So the API, whose app declares all of them, does not import what only the
event functions need, and the event functions do not import Chalice.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from chalice.app import Blueprint

# Each function and the capability that it belongs to.
FUNCTIONS: Final = {
    "relay": "ledger",
    "promoter": "promotion",
    "notifier": "webhooks",
    "sender": "webhooks",
    "intake": "versions",
    "signer": "signing",
    "deployer": "deployments",
    "keeper": "lifecycle",
    "anchorer": "audit",
    "usage": "audit",
    "scanner": "scanning",
    "quarantine": "scanning",
}


def blueprints() -> Iterator[Blueprint]:
    """A blueprint for each function, which is named like its module."""
    return map(_declared, FUNCTIONS)


def module_of(name: str) -> str:
    """The module of a function, which is named like it."""
    return f"{__package__}.{FUNCTIONS[name]}.{name}"


def _declared(name: str) -> Blueprint:
    module = module_of(name)
    blueprint = Blueprint(module)

    def react(event: dict[str, Any], context: Any) -> Any:
        return getattr(import_module(module), name)(event, context)

    # Chalice builds the handler string from this name.
    react.__name__ = name
    blueprint.lambda_function(name=name)(react)
    return blueprint
