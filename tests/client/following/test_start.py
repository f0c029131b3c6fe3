"""``Client.serve``: a version or an alias of the registry, over HTTP."""

from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client, IntegrityError, NotFoundError, UntrustedModelError
from moorage.cli.main import main

from tests.client import lines
from tests.client.lines import Line


def one(x: float) -> int:
    return 1


def two(x: float) -> int:
    return 2


ALLOWED = ["source:fraud"]


@pytest.fixture
def champion(client: Client) -> Client:
    """A client of a registry whose ``fraud`` has two versions, which answer their own number."""
    for model in (one, two):
        client.log(model, "fraud")
    client.aliases.set("fraud", "champion", 1)
    return client


def asked(url: str) -> tuple[list[int], str]:
    answered = httpx.post(f"{url}/invocations", json={"inputs": {"x": [0.5]}}, trust_env=False)
    return answered.json()["predictions"], answered.headers["Moorage-Version"]


@pytest.mark.parametrize(("reference", "version"), [("fraud/1", 1), ("fraud@champion", 1), ("fraud@latest", 2)])
def test_a_version_is_served_by_number_alias_or_as_the_latest(champion: Client, reference: str, version: int) -> None:
    with champion.serve(reference, port=0, allow=ALLOWED) as model:
        assert asked(model.url) == ([version], str(version))
        assert model.served.version == version
        digest = httpx.get(f"{model.url}/ping", trust_env=False).headers["Moorage-Digest"]
    assert digest == champion.versions.get("fraud", version).digest


def test_an_alias_is_followed_while_it_is_served(champion: Client) -> None:
    with champion.serve("fraud@champion", port=0, interval=0.001, allow=ALLOWED) as model:
        champion.aliases.set("fraud", "champion", 2)
        # It ends: the follower looks again and again.
        while model.served.version != 2:
            assert asked(model.url)[1] in ("1", "2")
        assert asked(model.url) == ([2], "2")


def test_tampered_bytes_are_refused_at_the_start(champion: Client, storage: Line) -> None:
    storage.disturb(lines.tampered, times=100)
    with pytest.raises(IntegrityError):
        champion.serve("fraud@champion", port=0, allow=ALLOWED)


def test_code_is_refused_unless_it_is_allowed_by_name(champion: Client) -> None:
    with pytest.raises(UntrustedModelError, match=r"allow=\['source:fraud/1'\]"):
        champion.serve("fraud@champion", port=0)


def test_an_alias_that_is_not_there_is_an_error(champion: Client) -> None:
    with pytest.raises(NotFoundError):
        champion.serve("fraud@challenger", port=0, allow=ALLOWED)


@pytest.mark.parametrize("reference", ["fraud", "fraud@"])
def test_a_reference_that_names_no_version_is_refused(champion: Client, reference: str) -> None:
    with pytest.raises(ValueError, match=r"name a version|not of the form"):
        champion.serve(reference, port=0)


class Module:
    """A module of PyTorch, by what it has."""

    def load_state_dict(self, weights: Any) -> None:
        """Take weights."""


def test_a_module_that_all_versions_would_share_is_refused(champion: Client) -> None:
    with pytest.raises(ValueError, match="a new module for each version"):
        champion.serve("fraud/1", port=0, into=Module())


def test_the_command_serves_until_it_is_told_to_end(
    champion: Client, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    class Told:
        def __enter__(self) -> "Told":
            return self

        def __exit__(self, *exception: object) -> None:
            pass

        def wait(self) -> None:
            seen.append("waited")

    monkeypatch.setattr("moorage.serving.http_server.told_to_end", Told)
    ran = CliRunner().invoke(main, ["serve", "fraud/1", "--port", "0", "--allow", "source:fraud"], obj=connect)
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.startswith("serving fraud/1 on http://127.0.0.1:") and seen == ["waited"]
