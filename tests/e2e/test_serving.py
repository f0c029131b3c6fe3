"""A model that is served while its alias moves, on the deployed stack."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from moorage import Client
from moorage.cache.location import cache_root

from tests.e2e.mlflow import installed
from tests.e2e.stack import Stack, eventually
from tests.registry.audit.tampering import Stored

MOVES = 20
ASKERS = 6
VERSIONS = 3
PROGRAMS = Path(__file__).parent / "mlflow" / "programs"


def one(amount: float) -> int:
    return 1


def two(amount: float) -> int:
    return 2


def three(amount: float) -> int:
    return 3


class Model:
    """A model of which version N answers N, and the directory in which it is served."""

    def __init__(self, stack: Stack, directory: Path) -> None:
        self.stack, self.directory = stack, directory
        self.name = stack.fresh_name("fraud")
        self.client = Client(stack.url, stack.token)
        for version in (one, two, three):
            self.client.log(version, self.name)
        self.move(1)

    def move(self, version: int) -> None:
        self.client.aliases.set(self.name, "champion", version)

    @contextmanager
    def served(self, *more: str, cache: Path | None = None) -> Iterator[str]:
        """The URL of ``moorage serve`` in a process of its own."""
        words = ["serve", f"{self.name}@champion", "--port", "0", "--interval", "0.2", "--json", *more]
        program = "import sys; from moorage.cli.main import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", program, *words, "--allow", f"source:{self.name}"]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "MOORAGE_URL": self.stack.url,
            "MOORAGE_TOKEN": self.stack.token,
            "MOORAGE_CACHE": str(cache or cache_root()),
            "PYTHONUNBUFFERED": "1",
        }
        with (self.directory / "server.log").open("w") as log:
            server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
            try:
                yield self._began(server)["url"]
            finally:
                server.terminate()
                assert server.wait(60) == 0, (self.directory / "server.log").read_text()
                server.communicate()

    @contextmanager
    def packaged(self, *, follow: bool = True) -> Iterator[str]:
        """The URL of the server in a package of the champion, run from the package as its image runs it.

        Its Python has the standard library alone, which is all that these models need.
        """
        image = self.directory / "image"
        self.client.package(f"{self.name}@champion", image, follow=follow, allow=[f"source:{self.name}"])
        module = ["moorage.following", "serve", "--interval", "0.2"] if follow else ["moorage.serving", "serve"]
        command = [sys.executable, "-S", "-m", *module, "--host", "127.0.0.1", "--port", "0"]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(image), "MOORAGE_TOKEN": self.stack.token}
        log = self.directory / "server.log"
        with log.open("w") as stderr:
            server = subprocess.Popen(command, cwd=image, env=environment, stderr=stderr)
        try:
            yield eventually(lambda: re.findall(r" on (http://\S+)", log.read_text()), "the server")[0]
        finally:
            server.terminate()
            assert server.wait(60) == 0, log.read_text()

    def said(self) -> str:
        """What the server has told on stderr."""
        return (self.directory / "server.log").read_text().replace("\n", " ")

    def _began(self, server: "subprocess.Popen[str]") -> dict[str, Any]:
        assert server.stdout is not None
        lines: list[str] = []
        for line in server.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                said: dict[str, Any] = json.loads("".join(lines))
                return said
        raise AssertionError((self.directory / "server.log").read_text())


@pytest.fixture
def model(stack: Stack, tmp_path: Path) -> Iterator[Model]:
    made = Model(stack, tmp_path)
    yield made
    made.client.close()


class Load:
    """Threads that ask without a pause, and what they were answered."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.wrong: list[str] = []
        self.versions: list[int] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(ASKERS)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self, number: int) -> None:
        tensor = {"name": "amount", "shape": [2], "datatype": "FP64", "data": [1.0, 2.0]}
        with httpx.Client(base_url=self.url, timeout=60, trust_env=False) as http:
            while not self._end.is_set():
                try:
                    if number % 2:
                        answered = http.post("/invocations", json={"inputs": {"amount": [1.0, 2.0]}})
                        predicted = answered.json()["predictions"]
                    else:
                        answered = http.post(f"/v2/models/{self.name}/infer", json={"inputs": [tensor]})
                        predicted = answered.json()["outputs"][0]["data"]
                    version = int(answered.headers["Moorage-Version"])
                except (httpx.HTTPError, KeyError, ValueError) as failed:
                    self.wrong.append(repr(failed))
                    continue
                self.versions.append(version)
                if answered.status_code != 200 or predicted != [version, version]:
                    self.wrong.append(f"{answered.status_code} {answered.text} from version {version}")


@pytest.mark.parametrize("start", [Model.served, Model.packaged])
def test_no_request_fails_while_the_alias_moves_twenty_times(
    model: Model, start: Callable[[Model], AbstractContextManager[str]]
) -> None:
    with start(model) as url, Load(url, model.name) as load, httpx.Client(base_url=url, trust_env=False) as http:
        for move in range(MOVES):
            wanted = (move + 1) % VERSIONS + 1
            model.move(wanted)

            def answers(wanted: int = wanted) -> bool:
                return http.get("/ping").headers["Moorage-Version"] == str(wanted)

            eventually(answers, f"move {move + 1} to version {wanted}")
    assert load.wrong == []
    assert f"{model.name}@champion now serves {model.name}/2 instead of {model.name}/1" in model.said()
    assert set(load.versions) == {1, 2, 3} and len(load.versions) > MOVES * ASKERS


def test_a_package_for_good_answers_with_its_version_while_the_alias_moves(model: Model) -> None:
    with model.packaged(follow=False) as url, Load(url, model.name) as load:
        for move in range(MOVES):
            model.move((move + 1) % VERSIONS + 1)
    assert load.wrong == []
    assert set(load.versions) == {1} and len(load.versions) > MOVES


@contextmanager
def tampered(stack: Stack, model: str) -> Iterator[None]:
    """While this is entered, version 2 leads to other bytes than those that were registered.

    Whoever has the rights of AWS can do that. Afterwards all is as it was: other tests verify the whole registry.
    """
    stored = Stored(
        stack.aws("dynamodb"), stack.aws("s3"), stack.outputs["TableName"], stack.outputs["BucketName"], model, ""
    )
    uid = json.loads(stored.item("VERSION#000000002")["body"]["S"])["uid"]
    item = stored.item("MANIFEST#000000002")
    files = json.loads(item["files"]["S"])
    (code,) = [file for file in files if file["path"] == "function.py"]
    content = b"def two(amount):\n    return 666\n".ljust(code["size"])
    place = {"Bucket": stored.bucket, "Key": f"artifacts/{uid}/function.py"}
    code["s3_version"] = stored.s3.put_object(**place, Body=content)["VersionId"]
    stored.put({**item, "files": {"S": json.dumps(files)}})
    try:
        yield
    finally:
        stored.put(item)
        stored.s3.delete_object(**place, VersionId=code["s3_version"])


def test_a_version_whose_bytes_were_changed_is_refused_and_the_one_before_answers(model: Model) -> None:
    with (
        tampered(model.stack, model.name),
        model.served(cache=model.directory / "cache") as url,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        model.move(2)
        health: dict[str, Any] = eventually(
            lambda: (found := http.get("/health").json())["refused"] and found, "the refusal"
        )
        assert health["version"] == 1 and health["refused"]["version"] == 2 and health["status"] == "serving"
        answered = http.post("/invocations", json={"inputs": {"amount": [1.0]}})
        assert (answered.json(), answered.headers["Moorage-Version"]) == ({"predictions": [1]}, "1")
        model.move(3)
        eventually(lambda: http.get("/health").json()["version"] == 3, "version 3")
        assert http.get("/health").json()["refused"] is None
    assert f"{model.name}/2 is refused, and {model.name}/1 is served on" in model.said()


def test_mlflows_own_client_scores_with_a_package(model: Model) -> None:
    image = model.directory / "image"
    package = model.client.package(f"{model.name}@champion", image, allow=[f"source:{model.name}"])
    command = [sys.executable, "-S", "-m", "moorage.serving", "serve", "--host", "127.0.0.1", "--port", "0"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(image)}
    with subprocess.Popen(command, cwd=image, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            url = httpx.URL(server.stderr.readline().rpartition(" on ")[2].strip())
            scored = installed.run(
                "mlflow3", PROGRAMS / "score.py", str(url.host), str(url.port), cwd=model.directory, variables={}
            )
        finally:
            server.terminate()
    assert json.loads(scored) == {"table": [1, 1], "rows": [1, 1], "refused": 400}
    assert package.version == 1
