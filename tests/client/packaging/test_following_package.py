"""A package that follows its alias, run as its image runs it: with nothing but the standard library."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli.main import main
from moorage.following.packaged_alias import PackagedMonitor
from moorage.following.watched import Watched
from moorage.login import Login
from moorage.monitoring import Collector, baseline
from moorage.serving.registry import Registry

from chalicelib.aws.services import Services
from tests.client.lines import app
from tests.client.loopback_registry import registry_on_loopback
from tests.conftest import ADMIN_TOKEN

BASE = f"python:3.12-slim@sha256:{'a' * 64}"
ALLOWED = ["source:fraud"]


def one(x: float) -> int:
    return 1


def two(x: float) -> int:
    return 2


@pytest.fixture
def champion(client: Client) -> Client:
    """A client of a registry whose ``fraud`` has two versions, which answer their own number."""
    for model in (one, two):
        client.log(model, "fraud")
    client.aliases.set("fraud", "champion", 1)
    return client


@pytest.fixture
def image(champion: Client, tmp_path: Path) -> Path:
    champion.package("fraud@champion", tmp_path / "image", base=BASE, follow=True, allow=ALLOWED)
    return tmp_path / "image"


@contextmanager
def started(image: Path, *words: str, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """The image's entry point in a Python that has nothing but the standard library. Its log is in the pipe."""
    (entry,) = [line for line in (image / "Dockerfile").read_text().splitlines() if line.startswith("ENTRYPOINT ")]
    program = json.loads(entry.removeprefix("ENTRYPOINT "))
    assert program[0] == "python"
    command = [sys.executable, "-S", *program[1:], "serve", "--host", "127.0.0.1", "--port", "0", *words]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(image), **variables}
    with subprocess.Popen(command, cwd=image, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield server
        finally:
            server.terminate()


@contextmanager
def following(image: Path, registry_url: str, *words: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The URL of an image that looks at its alias all the time, and the process."""
    variables = {"MOORAGE_URL": registry_url, "MOORAGE_TOKEN": ADMIN_TOKEN}
    with started(image, "--interval", "0.05", *words, **variables) as server:
        yield until(server, " on http").rpartition(" on ")[2].strip(), server


def until(server: "subprocess.Popen[str]", words: str) -> str:
    """The next line of the log that has these words."""
    assert server.stderr is not None
    read: list[str] = []
    for line in server.stderr:
        read.append(line)
        if words in line:
            return line
    raise AssertionError("".join(read))


def asked(url: str) -> tuple[list[int], str, str]:
    answered = httpx.post(f"{url}/invocations", json={"inputs": {"x": [0.5]}}, trust_env=False)
    return answered.json()["predictions"], answered.headers["Moorage-Version"], answered.headers["Moorage-Digest"]


def test_each_version_that_the_alias_moves_to_takes_over(champion: Client, registry: Services, image: Path) -> None:
    digests = {number: champion.versions.get("fraud", number).digest for number in (1, 2)}
    with registry_on_loopback(registry) as registry_url, following(image, registry_url) as (url, server):
        for version, before in ((2, 1), (1, 2), (2, 1)):
            champion.aliases.set("fraud", "champion", version)
            until(server, f"fraud@champion now serves fraud/{version} instead of fraud/{before}")
            assert asked(url) == ([version], str(version), digests[version])
        assert httpx.get(f"{url}/health", trust_env=False).json()["following"] == "fraud@champion"
        server.terminate()
        assert server.wait(30) == 0


def test_it_answers_with_its_own_version_while_the_registry_is_away(image: Path) -> None:
    with following(image, "http://127.0.0.1:9") as (url, server):
        until(server, "fraud@champion cannot be read, and fraud/1 is served on")
        assert asked(url)[:2] == ([1], "1")
        assert "does not answer" in httpx.get(f"{url}/health", trust_env=False).json()["problem"]


def test_a_version_that_needs_another_environment_is_refused(
    champion: Client, registry: Services, image: Path, tmp_path: Path
) -> None:
    build = tmp_path / "build"
    champion.download("fraud", 2, build)
    (build / "requirements.txt").write_text("numpy==2.4.6\n")
    champion.register("fraud", build, provenance={})
    python = {"runtime": {"python": "3.99.1"}}
    (build / "requirements.txt").unlink()
    champion.register("fraud", build, provenance=python)
    with registry_on_loopback(registry) as registry_url, following(image, registry_url) as (url, server):
        for version, reason in ((3, "needs numpy==2.4.6, which this image does not have"), (4, "needs Python 3.99")):
            champion.aliases.set("fraud", "champion", version)
            assert reason in until(server, f"fraud/{version} is refused, and fraud/1 is served on")
            assert asked(url)[:2] == ([1], "1")
            refused = httpx.get(f"{url}/health", trust_env=False).json()["refused"]
            assert refused["version"] == version and reason in refused["reason"]


def test_bytes_that_were_not_registered_are_refused(champion: Client, registry: Services, image: Path) -> None:
    def changed(request: httpx.Request) -> httpx.Response:
        answered = app(request)
        if request.url.path.endswith("/versions/2/files"):
            document = answered.json()
            document["items"][0]["sha256"] = "0" * 64
            return httpx.Response(200, json=document)
        return answered

    with registry_on_loopback(registry, changed) as registry_url, following(image, registry_url) as (url, server):
        champion.aliases.set("fraud", "champion", 2)
        assert "does not match its digest" in until(server, "fraud/2 is refused")
        assert asked(url)[:2] == ([1], "1")


def test_it_tells_the_registry_what_it_serves(champion: Client, registry: Services, image: Path) -> None:
    champion.targets.set("edge", environment="production", models=["fraud"], alias="champion")
    champion.aliases.set("fraud", "champion", 2)
    told: Queue[httpx.Response] = Queue()

    def recorded(request: httpx.Request) -> httpx.Response:
        answered = app(request)
        if request.url.path.endswith("/observed"):
            told.put(answered)
        return answered

    with registry_on_loopback(registry, recorded) as url, following(image, url, "--target", "edge") as (_, server):
        until(server, "now serves fraud/2")
        answer = told.get(timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["serving"]["digest"] == champion.versions.get("fraud", 2).digest


def test_it_tells_a_monitor_what_it_was_asked(champion: Client, registry: Services, image: Path) -> None:
    like = baseline({"x": [0.1, 0.5, 0.9], "predictions": [1.0, 1.0, 2.0]})
    champion.monitors.save("fraud", "inputs", "drift", selector="@champion", baseline=like.document())
    read: Queue[httpx.Response] = Queue()

    def recorded(request: httpx.Request) -> httpx.Response:
        answered = app(request)
        if request.url.path.endswith("/monitors/inputs"):
            read.put(answered)
        return answered

    with (
        registry_on_loopback(registry, recorded) as registry_url,
        following(image, registry_url, "--monitor", "inputs") as (url, _),
    ):
        assert read.get(timeout=60).status_code == 200
        assert asked(url)[:2] == ([1], "1")
        assert httpx.get(f"{url}/health", trust_env=False).json()["unmonitored"] is None


def test_an_image_reports_windows_with_the_standard_library(champion: Client, registry: Services) -> None:
    like = baseline({"x": [0.1, 0.5, 0.9]})
    champion.monitors.save("fraud", "inputs", "drift", selector="@champion", baseline=like.document())
    collector = Collector(like)
    now = datetime.now(UTC)
    collector.observe({"x": [0.5, 0.7]}, now - timedelta(hours=1))
    (closed,) = collector.take_closed(now)
    with registry_on_loopback(registry) as url:
        monitor = PackagedMonitor(Registry(Login(url, ADMIN_TOKEN)), "fraud", "inputs")
        assert monitor.read() == Watched(like, timedelta(hours=1))
        monitor.report(1, closed)
        monitor.report(1, closed)
    (window,) = champion.monitors.windows("fraud", "inputs", version=1)
    assert (window.source, window.start, window.n) == (monitor.source, closed.start, 2)


def test_a_server_without_a_token_does_not_start(image: Path) -> None:
    with started(image) as server:
        assert "give it a token in MOORAGE_TOKEN" in until(server, "ERROR") and server.wait(30) == 1


def test_a_version_that_is_packaged_for_good_follows_nothing(champion: Client, tmp_path: Path) -> None:
    champion.package("fraud@champion", tmp_path / "bound", base=BASE, allow=ALLOWED)
    assert not (tmp_path / "bound" / "moorage" / "following").exists()
    readme = (tmp_path / "bound" / "README.md").read_text()
    assert "serves this version for good" in readme and "MOORAGE_TOKEN" not in readme


def test_the_readme_says_which_alias_is_followed(image: Path) -> None:
    readme = (image / "README.md").read_text()
    assert "**It follows fraud@champion.**" in readme and "docker run -p 8080:8080 -e MOORAGE_TOKEN served" in readme


@pytest.mark.parametrize("reference", ["fraud/1", "fraud@latest"])
def test_only_an_alias_can_be_followed(champion: Client, tmp_path: Path, reference: str) -> None:
    with pytest.raises(ValueError, match="names no alias: give MODEL@ALIAS"):
        champion.package(reference, tmp_path / "image", base=BASE, follow=True, allow=ALLOWED)
    assert not (tmp_path / "image").exists()


def test_the_command_warns_of_a_permission_for_one_version(champion: Client, connect: Any, tmp_path: Path) -> None:
    words = ["package", "fraud@champion", str(tmp_path / "image"), "--follow", "--base", BASE, "--allow"]
    ran = CliRunner().invoke(main, [*words, "source:fraud/1"], obj=connect)
    assert ran.exit_code == 0 and "to follow fraud@champion" in " ".join(ran.stdout.split())
    assert "source:fraud/1 is for one version" in " ".join(ran.stderr.split())
