"""A model that is being served, as ``Client.serve`` returns it. It imports nothing that only a server needs."""

from threading import Event
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from moorage.following.traffic import Traffic
    from moorage.serving.http_server import ModelServer
    from moorage.serving.served import Served, Slot


class ServedModel:
    """A model that answers at ``url`` until it is closed. Use it in a ``with`` block, or close it.

    Closing it takes no more requests, and returns when those that have begun are answered, and the
    windows that are over are reported.
    """

    def __init__(self, slot: "Slot", server: "ModelServer", end: Event, traffic: "Traffic | None" = None) -> None:
        self._slot = slot
        self._server = server
        self._end = end
        self._traffic = traffic

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
        if self._traffic is not None:
            self._traffic.report()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
