"""A model that is being served, as ``Client.serve`` returns it. It imports nothing that only a server needs."""

from threading import Event
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from moorage.serving.http_server import ModelServer
    from moorage.serving.served import Served, Slot


class ServedModel:
    """A model that answers at ``url`` until it is closed. Use it in a ``with`` block, or close it.

    Closing it takes no more requests, and returns when those that have begun are answered.
    """

    def __init__(self, slot: "Slot", server: "ModelServer", end: Event) -> None:
        self._slot = slot
        self._server = server
        self._end = end

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def served(self) -> "Served":
        """The version that answers now."""
        return self._slot.current

    def close(self) -> None:
        self._end.set()
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
