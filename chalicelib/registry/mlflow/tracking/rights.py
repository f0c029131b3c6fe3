"""Who may read and change what was logged.

A run or logged model belongs to the principal who created it. It may name the model that it is for; then whoever may
register versions of that model may read it and its files. Others need a grant on every model. Experiments are shared by
everybody who may read or register some model.
"""

from typing import Final, Protocol

from chalicelib.domain.access.principal import ANY_MODEL, Action, Principal
from chalicelib.domain.errors import PermissionDeniedError
from chalicelib.domain.mlflow.tracking.entities import MODEL_TAG

_ANY_NAME: Final = ""


class Logged(Protocol):
    """A run or logged model, as far as rights depend on it."""

    @property
    def owner(self) -> str: ...

    @property
    def for_model(self) -> str: ...


def check_create(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may register some model. Logging needs that right."""
    if not principal.may_on_some(Action.REGISTER, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not register any model, and so may not log one.")


def check_read_any(principal: Principal) -> None:
    """Raise PermissionDeniedError unless the principal may read some model."""
    if not principal.may_on_some(Action.READ, _ANY_NAME):
        raise PermissionDeniedError(f"{principal.name} may not read any model, and so may not read experiments.")


def may_read(principal: Principal, logged: Logged, action: Action = Action.READ) -> bool:
    """Whether the principal may read what was logged. ``action`` is DOWNLOAD for bytes."""
    if logged.for_model and principal.may(Action.REGISTER, logged.for_model):
        return True
    return _has_right(principal, logged.owner, action)


def check_read(principal: Principal, logged: Logged, what: str, action: Action = Action.READ) -> None:
    """Raise PermissionDeniedError unless the principal may read. ``action`` is DOWNLOAD for bytes."""
    if not may_read(principal, logged, action):
        advice = (
            f"; whoever may register versions of {logged.for_model!r} may read it"
            if logged.for_model
            else f". Its creator can name the model that it is for with the tag {MODEL_TAG}"
        )
        raise PermissionDeniedError(_refusal(principal, action, logged.owner, what) + advice + ".")


def check_write(principal: Principal, owner: str, what: str) -> None:
    """Raise PermissionDeniedError unless the principal may write."""
    if not _has_right(principal, owner, Action.REGISTER):
        raise PermissionDeniedError(_refusal(principal, Action.REGISTER, owner, what) + ".")


def _has_right(principal: Principal, owner: str, action: Action) -> bool:
    """Whether the principal owns what was logged and has the right on some model, or has it on every model."""
    return (principal.name == owner and principal.may_on_some(action, _ANY_NAME)) or principal.may_registry(action)


def _refusal(principal: Principal, action: Action, owner: str, what: str) -> str:
    return (
        f"{principal.name} did not create {what}; others need a grant of {action} on '{ANY_MODEL}'"
        if principal.name != owner
        else f"{principal.name} may not {action} any model, and so may not use {what}"
    )
