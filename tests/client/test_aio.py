"""The asynchronous client: the same calls, awaited."""

import asyncio
import contextvars
import gzip
import inspect
import sys
import threading
import typing
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from moorage import AsyncClient, AsyncListing, Client, Multipart, NotFoundError, RetryPolicy, Segments, UnreachableError
from moorage.digests import MIB
from moorage.listing import Listing, WholeList

from tests.client import lines
from tests.client.conftest import URL
from tests.client.lines import AsyncLine, Line
from tests.conftest import ADMIN_TOKEN

Handler = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


@asynccontextmanager
async def opened(api: Line, storage: Line | None = None, threads: int = 4) -> AsyncIterator[AsyncClient]:
    """A client whose registry is the app in process."""
    async with AsyncClient(
        URL,
        ADMIN_TOKEN,
        threads=threads,
        retry=RetryPolicy(attempts=4, jitter=lambda: 0.0),
        multipart=Multipart(threshold=6 * MIB, part_size=5 * MIB),
        segments=Segments(least=1 * MIB, most=1 * MIB),
        transport=AsyncLine(api),
        storage_transport=storage,
    ) as client:
        yield client


class Recorded:
    """Progress that a test reads."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.size = 0

    def started(self, action: str, files: int, size: int) -> None:
        self.steps.append(f"{action} {files}")

    def advanced(self, size: int) -> None:
        self.size += size

    def finished(self, action: str) -> None:
        self.steps.append(action)


def client_of(handler: Handler) -> AsyncClient:
    return AsyncClient(URL, "moor_id_secret", transport=httpx.MockTransport(handler))


def model_of(request: httpx.Request) -> httpx.Response:
    name = request.url.path.rpartition("/")[2]
    return httpx.Response(200, json={"name": name, "created_at": "2026-11-23T09:30:00.000Z"})


def surface(made: object) -> dict[str, inspect.Signature]:
    """The public methods of a client or a resource, with their parameters."""
    kind = type(made)
    methods = {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}
    return {name: inspect.signature(method) for name, method in methods.items() if callable(method)}


def resources(client: object) -> dict[str, object]:
    """The areas of a client, such as its models. Its other public attributes are plain values."""
    named = {name: value for name, value in vars(client).items() if not name.startswith("_")}
    return {name: value for name, value in named.items() if not isinstance(value, str | bool)}


@pytest.fixture
def pair() -> Iterator[tuple[Client, AsyncClient]]:
    with Client(URL, "t") as client:
        asynchronous = AsyncClient(URL, "t")
        yield client, asynchronous
        asyncio.run(asynchronous.aclose())


def test_it_has_every_call_of_the_client_with_the_same_parameters(pair: tuple[Client, AsyncClient]) -> None:
    client, asynchronous = pair
    ours = surface(asynchronous)
    ours["close"] = ours.pop("aclose")
    theirs = surface(client)
    assert {name: signature.parameters for name, signature in ours.items()} == {
        name: signature.parameters for name, signature in theirs.items()
    }
    assert (asynchronous.url, asynchronous.offline) == (client.url, client.offline)
    assert resources(asynchronous).keys() == resources(client).keys()
    for name, resource in resources(client).items():
        assert surface(resources(asynchronous)[name]) == surface(resource), name
    assert [*inspect.signature(AsyncClient).parameters] == [*inspect.signature(Client).parameters]


def test_lists_are_iterated_and_everything_else_is_awaited(pair: tuple[Client, AsyncClient]) -> None:
    client, asynchronous = pair
    together = [
        (client, asynchronous),
        *((one, resources(asynchronous)[name]) for name, one in resources(client).items()),
    ]
    for sync, other in together:
        for name in surface(sync).keys() - {"close"}:
            method = getattr(type(other), name)
            returned = typing.get_origin(typing.get_type_hints(getattr(type(sync), name)).get("return"))
            if returned in (Listing, WholeList):
                assert not inspect.iscoroutinefunction(method), name
            elif returned is Generator:
                assert inspect.isasyncgenfunction(method), name
            else:
                assert inspect.iscoroutinefunction(method), name


def test_a_model_goes_from_registration_to_serving(
    api: Line, storage: Line, client: Client, build: Path, tmp_path: Path
) -> None:
    (build / "large.bin").write_bytes(bytes(12 * MIB))

    async def story() -> None:
        async with opened(api, storage) as registry:
            version = await registry.register("fraud", build, metrics={"auc": 0.97})
            await registry.aliases.set("fraud", "champion", version.number)
            served = await registry.download("fraud", "@champion", tmp_path / "served")
            assert (version.ready, served.version) == (True, 1)
            assert (await registry.resume("fraud", 1, build)).ready
            assert (await registry.events.verify("fraud")).sequence == 4
            assert (await registry.state.check("fraud")).differences == ()
            assert (await registry.anchors.newest_heads()) == {}
            exported = await registry.export_audit(tmp_path / "audit", models=["fraud"])
            assert exported.events == 4

    asyncio.run(story())
    names = ("model.bin", "data/classes.json", "large.bin")
    assert all((tmp_path / "served" / name).read_bytes() == (build / name).read_bytes() for name in names)


def test_lists_are_read_page_after_page_in_each_way(api: Line, client: Client) -> None:
    for number in range(3):
        client.models.create(f"model-{number}", tags={"n": str(number)})
    client.register("model-0")
    client.aliases.set("model-0", "champion", 1)

    async def story() -> None:
        async with opened(api) as registry:
            names = ["model-0", "model-1", "model-2"]
            assert [model.name async for model in registry.models.list(prefix="model-")] == names
            listing = registry.models.list(prefix="model-")
            assert isinstance(listing, AsyncListing)
            assert (await anext(listing)).name == "model-0"
            assert [model.name for model in await listing] == names[1:]
            assert [model.name for model in await registry.models.list(prefix="model-").to_list()] == names
            table = await registry.models.list(prefix="model-").to_pandas()
            assert list(table["tags.n"]) == ["0", "1", "2"]
            aliases = await registry.aliases.list("model-0")
            assert (aliases[0].version, len(aliases.to_pandas())) == (1, 1)
            assert [alias.alias async for alias in registry.aliases.list("model-0")] == ["champion"]

    asyncio.run(story())


def test_a_list_follows_its_cursors() -> None:
    async def page(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        following = {None: "a", "a": "b", "b": None}[cursor]
        model = {"name": f"after-{cursor}", "created_at": "2026-11-23T09:30:00.000Z"}
        return httpx.Response(200, json={"items": [model], "next_cursor": following})

    async def story() -> list[str]:
        async with client_of(page) as registry:
            return [model.name async for model in registry.models.list()]

    assert asyncio.run(story()) == ["after-None", "after-a", "after-b"]


def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(b'{"name": "fraud", "created_at": "2026-11-23T09:30:00.000Z"}')

    async def compressed(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body, headers={"Content-Encoding": "gzip"})

    async def story() -> str:
        async with client_of(compressed) as registry:
            return (await registry.models.get("fraud")).name

    assert asyncio.run(story()) == "fraud"


def test_errors_are_those_of_the_client(api: Line, client: Client) -> None:
    async def story() -> None:
        async with opened(api) as registry:
            with pytest.raises(NotFoundError) as missing:
                await registry.models.get("none")
            assert missing.value.code == "model_not_found"
            with pytest.raises(ValueError, match="the metric 'auc' is nan"):
                await registry.register("fraud", metrics={"auc": float("nan")})
            api.disturb(lines.lose_request, times=99)
            with pytest.raises(UnreachableError, match=r"registry\.example does not answer"):
                await registry.whoami()

    asyncio.run(story())


def test_64_calls_of_one_client_are_under_way_at_the_same_time() -> None:
    async def story() -> list[str]:
        everybody = asyncio.Barrier(64)

        async def answer(request: httpx.Request) -> httpx.Response:
            # Nobody is answered before all have asked.
            await everybody.wait()
            return model_of(request)

        async with client_of(answer) as registry:
            models = await asyncio.gather(*(registry.models.get(f"model-{number}") for number in range(64)))
            return [model.name for model in models]

    assert asyncio.run(story()) == [f"model-{number}" for number in range(64)]


def test_waits_between_attempts_leave_the_loop_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    pause = asyncio.sleep

    async def recorded(seconds: float) -> None:
        waits.append(seconds)
        await pause(0)

    monkeypatch.setattr(asyncio, "sleep", recorded)

    async def story() -> str:
        asked = 0

        async def busy(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            return model_of(request) if asked == 3 else httpx.Response(503, headers={"Retry-After": "7"}, json={})

        retry = RetryPolicy(sleep=pytest.fail, jitter=lambda: 0.0)
        async with AsyncClient(URL, "t", retry=retry, transport=httpx.MockTransport(busy)) as registry:
            return (await registry.models.get("fraud")).name

    assert asyncio.run(story()) == "fraud"
    assert waits == [7.0, 7.0]


def test_a_cancelled_call_is_given_up_and_the_client_stays_usable() -> None:
    async def story() -> None:
        asked = asyncio.Event()
        given_up: list[bool] = []

        async def silent(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("slow"):
                asked.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    given_up.append(True)
            return model_of(request)

        async with client_of(silent) as registry:
            call = asyncio.create_task(registry.models.get("slow"))
            await asked.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert given_up == [True]
            assert (await registry.models.get("fraud")).name == "fraud"

    asyncio.run(story())


def test_a_cancelled_upload_stops_and_can_be_resumed(api: Line, storage: Line, client: Client, build: Path) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        sending = asyncio.Event()
        go_on = threading.Event()

        def held(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
            loop.call_soon_threadsafe(sending.set)
            assert go_on.wait(timeout=60)
            return forward(request)

        storage.disturb(held)
        progress = Recorded()
        async with opened(api, storage, threads=1) as registry:
            call = asyncio.create_task(registry.register("fraud", build, progress=progress))
            await sending.wait()
            call.cancel()
            loop.call_soon(go_on.set)
            with pytest.raises(asyncio.CancelledError):
                await call
            # It has ended by then: nothing goes on in its thread.
            assert progress.steps == ["hash 2", "hash", "upload 2", "upload"]
            assert len(storage.sent("PUT")) == 1
            assert (await registry.versions.get("fraud", 1)).status == "PENDING"
            assert (await registry.resume("fraud", 1, build)).ready
            assert len(storage.sent("PUT")) == 2

    asyncio.run(story())


def test_progress_is_told_as_by_the_client(api: Line, storage: Line, client: Client, build: Path) -> None:
    async def story() -> Recorded:
        progress = Recorded()
        async with opened(api, storage, threads=1) as registry:
            await registry.register("fraud", build, progress=progress)
        return progress

    progress = asyncio.run(story())
    assert progress.steps == ["hash 2", "hash", "upload 2", "upload"]
    assert progress.size == 2 * sum(path.stat().st_size for path in build.rglob("*") if path.is_file())


def test_watching_yields_when_the_alias_moves(api: Line, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        client.register("fraud")
    client.aliases.set("fraud", "champion", 1)

    async def moved(seconds: float) -> None:
        client.aliases.set("fraud", "champion", 2)

    async def story() -> list[int]:
        async with opened(api) as registry:
            seen = registry.watch("fraud@champion", interval=30)
            first = (await anext(seen)).version
            monkeypatch.setattr(asyncio, "sleep", moved)
            second = (await anext(seen)).version
            monkeypatch.undo()
            await seen.aclose()
            return [first, second]

    assert asyncio.run(story()) == [1, 2]


def test_the_code_of_a_call_sees_the_context_variables_of_its_task() -> None:
    request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id")
    seen: list[str] = []

    def jitter() -> float:
        seen.append(request_id.get())
        return 0.0

    async def story() -> None:
        async def busy(request: httpx.Request) -> httpx.Response:
            return httpx.Response(503, json={})

        async def call(name: str) -> None:
            request_id.set(name)
            with pytest.raises(Exception, match="503"):
                await registry.whoami()

        retry = RetryPolicy(attempts=2, first_ceiling=0.0, jitter=jitter)
        async with AsyncClient(URL, "t", retry=retry, transport=httpx.MockTransport(busy)) as registry:
            await asyncio.gather(call("one"), call("two"))

    asyncio.run(story())
    assert sorted(seen) == ["one", "two"]


def test_its_synchronous_code_says_that_it_needs_a_loop() -> None:
    client = AsyncClient(URL, "t")
    with pytest.raises(RuntimeError, match="the bridge has no loop"):
        client._sync.whoami()
    asyncio.run(client.aclose())


def test_a_missing_package_is_named_when_a_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: Any = None
    monkeypatch.setitem(sys.modules, "greenlet", missing)
    with pytest.raises(ImportError, match=r"AsyncClient needs greenlet: pip install 'moorage\[async\]'"):
        AsyncClient(URL, "t")
