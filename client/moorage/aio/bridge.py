"""Running synchronous code on an event loop: where it would wait, it lets the loop go on.

``run`` calls a function in a greenlet. When the function sends a request or pauses, the greenlet hands the coroutine
that does so to ``run``, which awaits it and hands its result back. Code in worker threads hands its coroutines to the
loop and waits in its thread.
"""

import asyncio
import contextvars
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

import httpx

from moorage.extras import need

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_OF_THE_BODY: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


async def run(function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Call ``function``, and await what it hands over through a Bridge."""
    worker = _greenlet().greenlet(function)
    worker.gr_context = contextvars.copy_context()
    handed = worker.switch(*args, **kwargs)
    while not worker.dead:
        try:
            answer = await handed
        except BaseException as error:  # noqa: BLE001 - a cancellation too is raised where the function waits
            handed = worker.throw(error)
        else:
            handed = worker.switch(answer)
    result: Result = handed
    return result


class Bridge(httpx.BaseTransport):
    """A transport for synchronous code whose requests an ``httpx.AsyncClient`` sends."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None) -> None:
        # A missing package is told here, not at the first call.
        _greenlet()
        self._http = httpx.AsyncClient(transport=transport, follow_redirects=False)
        self._loop: asyncio.AbstractEventLoop | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._wait(self._exchange(request))

    def sleep(self, seconds: float) -> None:
        """Pause the calling greenlet or thread."""
        if _on_loop():
            self._wait(asyncio.sleep(seconds))
        else:
            time.sleep(seconds)

    def serve_threads(self) -> None:
        """Let worker threads send their requests on the running loop."""
        self._loop = asyncio.get_running_loop()

    async def aclose(self) -> None:
        await self._http.aclose()

    def _wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        if _on_loop():
            result: Result = _greenlet().getcurrent().parent.switch(coroutine)
            return result
        if self._loop is None:
            coroutine.close()
            raise RuntimeError("a thread sends requests, but the bridge has no loop for it")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        answer = await self._http.send(request)
        # The body is decoded already, and not to be decoded again.
        headers = [(name, value) for name, value in answer.headers.multi_items() if name not in _OF_THE_BODY]
        return httpx.Response(answer.status_code, headers=headers, content=answer.content)


def _on_loop() -> bool:
    """Whether this thread runs an event loop. Synchronous code on it runs in a greenlet of ``run``."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _greenlet() -> Any:
    return need("greenlet", "async", "AsyncClient")
