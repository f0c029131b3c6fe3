"""Asynchronous methods made of synchronous ones, with the same parameters and results.

``awaited`` is for single calls, ``listed`` for lists and ``streamed`` for generators. ``threaded`` is for transfers,
which run in a worker thread because they use threads and files.
"""

import asyncio
import functools
import inspect
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar, cast

from moorage.aio.bridge import Bridge, run
from moorage.aio.listing import AsyncListing
from moorage.listing import Listing, WholeList
from moorage.progress import Progress, Silent

Sync = TypeVar("Sync")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_END: Final = object()


class Resource(Generic[Sync]):
    """The asynchronous form of ``sync``, whose requests ``bridge`` sends."""

    def __init__(self, sync: Sync, bridge: Bridge) -> None:
        self._sync = sync
        self._bridge = bridge


def awaited(
    method: Callable[Concatenate[Sync, Arguments], Result],
) -> Callable[Concatenate[Resource[Sync], Arguments], Coroutine[Any, Any, Result]]:
    """The method, awaited."""

    @functools.wraps(method)
    async def call(self: Resource[Sync], /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return await run(method, self._sync, *args, **kwargs)

    return call


def listed(
    method: Callable[Concatenate[Sync, Arguments], Listing[Result] | WholeList[Result]],
) -> Callable[Concatenate[Resource[Sync], Arguments], AsyncListing[Result]]:
    """The method with its list for ``async for``, or awaited as a whole."""

    @functools.wraps(method)
    def call(self: Resource[Sync], /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> AsyncListing[Result]:
        return AsyncListing(lambda: method(self._sync, *args, **kwargs))

    return call


def streamed(
    method: Callable[Concatenate[Sync, Arguments], Generator[Result]],
) -> Callable[Concatenate[Resource[Sync], Arguments], AsyncGenerator[Result]]:
    """The method with its generator for ``async for``."""

    @functools.wraps(method)
    async def call(
        self: Resource[Sync], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> AsyncGenerator[Result]:
        items = method(self._sync, *args, **kwargs)
        try:
            while (item := await run(lambda: next(items, _END))) is not _END:
                yield cast(Result, item)
        finally:
            items.close()

    return call


def threaded(
    method: Callable[Concatenate[Sync, Arguments], Result],
) -> Callable[Concatenate[Resource[Sync], Arguments], Coroutine[Any, Any, Result]]:
    """The method in a worker thread.

    If it takes a ``progress``, cancelling stops it at its next bytes, and waits until it has stopped. Otherwise the
    thread is left to finish.
    """
    stoppable = "progress" in inspect.signature(method).parameters

    @functools.wraps(method)
    async def call(self: Resource[Sync], /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        self._bridge.serve_threads()
        if not stoppable:
            return await asyncio.to_thread(method, self._sync, *args, **kwargs)
        progress = _Stoppable(cast(Progress | None, kwargs.get("progress")) or Silent())
        kwargs["progress"] = progress
        running = asyncio.ensure_future(asyncio.to_thread(method, self._sync, *args, **kwargs))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            progress.stop()
            await asyncio.gather(running, return_exceptions=True)
            raise

    return call


class _Stopped(Exception):
    """A transfer was told to stop."""


class _Stoppable:
    """Passes progress on until it is stopped. The transfer that then reports to it fails."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def started(self, action: str, files: int, size: int) -> None:
        self._check()
        self._progress.started(action, files, size)

    def advanced(self, size: int) -> None:
        self._check()
        self._progress.advanced(size)

    def finished(self, action: str) -> None:
        # Also after the stop, so that whoever shows the progress can clean up.
        self._progress.finished(action)

    def _check(self) -> None:
        if self._stopped.is_set():
            raise _Stopped("the transfer was cancelled")
