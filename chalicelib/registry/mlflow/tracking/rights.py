"""Who may see and change what was logged.

A run or logged model belongs to who began it. Others may read or write it by a grant on every model, because nothing
says which model it will be registered as. Experiments only gather: whoever may read or register anything shares them.
"""

from typing import Final

from chalicelib.domain.access.principal import ANY_MODEL, Action, Principal
from chalicelib.domain.errors import PermissionDeniedError

_ANY_NAME: Final = ""


def check_begin(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may register some model, and so log one."""
    if not principal.may_on_some(Action.REGISTER, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not register any model, and so log none.")


def check_look(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may read some model."""
    if not principal.may_on_some(Action.READ, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not read any model, and so no experiment.")


def may_read(principal: Principal, owner: str, action: Action = Action.READ) -> bool:
    return (principal.name == owner and principal.may_on_some(action, _ANY_NAME)) or principal.may_registry(action)


def check_read(principal: Principal, owner: str, what: str, action: Action = Action.READ) -> None:
    """Raise PermissionDeniedError. ``action`` is DOWNLOAD for bytes."""
    if not may_read(principal, owner, action):
        raise PermissionDeniedError(_refusal(principal, action, owner, what))


def check_write(principal: Principal, owner: str, what: str) -> None:
    """Raise PermissionDeniedError."""
    if not may_read(principal, owner, Action.REGISTER):
        raise PermissionDeniedError(_refusal(principal, Action.REGISTER, owner, what))


def _refusal(principal: Principal, action: Action, owner: str, what: str) -> str:
    return (
        f"{principal.name} has not begun {what}, which takes a grant of {action} on '{ANY_MODEL}'."
        if principal.name != owner
        else f"{principal.name} may not {action} any model, and so not use {what}."
    )
