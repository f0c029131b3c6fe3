"""Who may read and change what was logged.

A run or logged model belongs to the principal who created it. Others need a grant on every model, because it is not
known as which model it will be registered. Experiments are shared by everybody who may read or register some model.
"""

from typing import Final

from chalicelib.domain.access.principal import ANY_MODEL, Action, Principal
from chalicelib.domain.errors import PermissionDeniedError

_ANY_NAME: Final = ""


def check_create(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may register some model. Logging needs that right."""
    if not principal.may_on_some(Action.REGISTER, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not register any model, and so may not log one.")


def check_read_any(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may read some model."""
    if not principal.may_on_some(Action.READ, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not read any model, and so may not read experiments.")


def has_right(principal: Principal, owner: str, action: Action = Action.READ) -> bool:
    """Whether the principal owns what was logged and has the right on some model, or has it on every model."""
    return (principal.name == owner and principal.may_on_some(action, _ANY_NAME)) or principal.may_registry(action)


def check_read(principal: Principal, owner: str, what: str, action: Action = Action.READ) -> None:
    """Raise PermissionDeniedError unless the principal may read. ``action`` is DOWNLOAD for bytes."""
    if not has_right(principal, owner, action):
        raise PermissionDeniedError(_refusal(principal, action, owner, what))


def check_write(principal: Principal, owner: str, what: str) -> None:
    """Raise PermissionDeniedError unless the principal may write."""
    if not has_right(principal, owner, Action.REGISTER):
        raise PermissionDeniedError(_refusal(principal, Action.REGISTER, owner, what))


def _refusal(principal: Principal, action: Action, owner: str, what: str) -> str:
    return (
        f"{principal.name} did not create {what}; others need a grant of {action} on '{ANY_MODEL}'."
        if principal.name != owner
        else f"{principal.name} may not {action} any model, and so may not use {what}."
    )
