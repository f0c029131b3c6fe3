"""Calls the API function as API Gateway does: an event and a context, behind the authorizer."""

from chalicelib.domain.access import Grant, Principal, Role
from tests.api.gateway import Function as AnyFunction


class Function(AnyFunction):
    """The function, called by an administrator."""

    def __init__(self) -> None:
        super().__init__(Principal("token:bench", (Grant(Role.ADMIN, "*"),)))
