"""The correlation id of what is being done: the same for a call of the API and for all that follows from it.

It goes along with the invocation and not through every signature, as a trace id does. Threads that an invocation starts
do not have it; none of them changes the registry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CURRENT: Final[ContextVar[str]] = ContextVar("correlation_id", default="")


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Everything within carries ``correlation_id``: log lines and events. An empty one changes nothing."""
    token = _CURRENT.set(correlation_id or _CURRENT.get())
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> str:
    """The correlation id of what is being done; empty if there is none."""
    return _CURRENT.get()
