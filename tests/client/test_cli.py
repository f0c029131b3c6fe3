"""The command line against the app: what it prints, where, and how it exits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result
from moorage import Client
from moorage.cli import exits
from moorage.cli.main import main
from moorage.cli.session import Session
from moorage.login import load_login, login_path

from tests.client import lines
from tests.client.conftest import URL
from tests.client.lines import Line

Run = Callable[..., Result]


@pytest.fixture
def run(client: Client) -> Run:
    """Runs the command with a client that talks to the app in process."""

    def invoke(*arguments: str | Path, code: int = 0) -> Result:
        session = Session(_client=client)
        # The session closes its client after a command; this one serves the whole test.
        session.close = lambda: None  # type: ignore[method-assign]
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], obj=session)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_a_session_from_register_to_rollback(run: Run, build: Path, tmp_path: Path) -> None:
    assert "registered fraud/1: 2 files" in run("register", "fraud", build, "--metric", "auc=0.9").stdout
    run("register", "fraud", build, "--metric", "auc=0.95", "--label", "1.1.0", "--param", "depth=4")
    assert "fraud@champion is version 1" in run("alias", "set", "fraud", "champion", "1", "--new").stdout
    run("alias", "set", "fraud", "champion", "2", "--expect", "1", "--reason", "better")
    assert "fraud/2 is in production" in run("promote", "fraud@champion", "production").stdout
    assert "2 files" in run("download", "fraud@champion", tmp_path / "served").stdout
    assert (tmp_path / "served" / "model.bin").read_bytes() == (build / "model.bin").read_bytes()
    assert "is version 1 again" in run("alias", "rollback", "fraud", "champion").stdout
    assert "unbroken" in run("audit", "verify", "fraud").stdout
    assert "unbroken" in run("audit", "verify", "fraud", "--remote").stdout


def test_every_answer_can_be_one_json_document(run: Run, build: Path, tmp_path: Path) -> None:
    def document(*arguments: str | Path) -> Any:
        result = run(*arguments, "--json")
        return json.loads(result.stdout)

    assert document("register", "fraud", build, "--metric", "rows=3")["metrics"] == {"rows": 3}
    assert document("models", "list")[0]["name"] == "fraud"
    assert document("models", "show", "fraud")["last_version"] == 1
    assert document("models", "update", "fraud", "--owner", "risk", "--tag", "a=b")["tags"] == {"a": "b"}
    assert document("models", "update", "fraud", "--tag", "c=d", "--untag", "a")["tags"] == {"c": "d"}
    rule = ("models", "rule", "fraud", "--metric", "auc", "--to", "production", "--beats", "production")
    assert document(*rule)["beats"] == {"stage": "production", "by": 0}
    assert document("models", "rule", "fraud")["metric"] == "auc"
    assert document("models", "rule", "fraud", "--clear") == {"cleared": "fraud"}
    assert document("versions", "fraud")[0]["number"] == 1
    assert document("show", "fraud")["name"] == "fraud"
    assert document("show", "fraud/1")["status"] == "READY"
    assert document("annotate", "fraud/1", "--tag", "x=y", "--description", "d")["tags"] == {"x": "y"}
    assert document("resume", "fraud/1", build)["status"] == "READY"
    assert document("alias", "set", "fraud", "champion", "1")["version"] == 1
    assert document("alias", "list", "fraud")[0]["alias"] == "champion"
    assert document("alias", "history", "fraud", "champion")[0]["version"] == 1
    assert document("promote", "fraud/1", "production")["stage"] == "production"
    assert document("stages", "fraud")[0]["name"] == "development"
    assert document("stages", "fraud", "--history", "production")[0]["version"] == 1
    assert document("download", "fraud/1", tmp_path / "served")["version"] == 1
    assert document("audit", "list", "fraud", "--order", "oldest")[0]["sequence"] == 1
    assert document("audit", "verify", "fraud")["intact"] is True
    assert document("audit", "verify", "--remote")["ledger"] == "registry"
    assert document("webhooks", "list") == []
    assert document("whoami")["principal"]
    assert document("alias", "delete", "fraud", "champion") == {"deleted": "fraud@champion"}
    token = document("tokens", "create", "ci", "--role", "contributor", "--models", "fraud-*")
    assert token["token"].startswith("moor_")
    assert document("tokens", "list")[0]["token"] is None
    assert document("tokens", "revoke", token["id"]) == {"revoked": token["id"]}


def test_a_new_token_is_all_that_stdout_has(run: Run) -> None:
    result = run("tokens", "create", "ci", "--role", "viewer")
    assert result.stdout.startswith("moor_") and len(result.stdout.split()) == 1
    assert "not shown again" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "step"),
    [
        (("show", "nothing"), exits.NOT_FOUND, "moorage models list"),
        (("show", "fraud/9"), exits.NOT_FOUND, "moorage versions"),
        (("download", "fraud@nobody"), exits.NOT_FOUND, "moorage alias list"),
        (("models", "create", "fraud"), exits.CONFLICT, "moorage models show"),
        (("models", "delete", "fraud"), exits.CONFLICT, "moorage versions"),
        (("alias", "set", "fraud", "champion", "1", "--expect", "1"), exits.CONFLICT, "alias history"),
        (("promote", "fraud/1", "nowhere"), exits.NOT_FOUND, "moorage stages"),
        (("alias", "set", "fraud", "latest", "1"), exits.INVALID, None),
        (("register", "a:b", __file__), exits.INVALID, None),
    ],
)
def test_a_refusal_exits_with_its_code_and_names_the_next_step(
    run: Run, client: Client, arguments: tuple[str, ...], code: int, step: str | None
) -> None:
    client.register("fraud")
    result = run(*arguments, code=code)
    assert result.stdout == ""
    assert "error:" in result.stderr
    assert (step is None) != (step is not None and step in result.stderr)


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, exits.DENIED), (403, exits.DENIED), (412, exits.CONFLICT), (500, exits.UNAVAILABLE), (418, exits.OTHER)],
)
def test_an_answer_that_says_no_has_an_exit_code(run: Run, api: Line, status: int, code: int) -> None:
    api.disturb(lambda request, _: httpx.Response(status, json={"code": "x", "request_id": "r-7"}))
    assert "r-7" in run("whoami", code=code).stderr


def test_a_registry_that_does_not_answer_has_an_exit_code(run: Run, api: Line) -> None:
    api.disturb(lines.lose_request, times=99)
    run("whoami", code=exits.UNAVAILABLE)


def test_tampered_bytes_have_an_exit_code(
    run: Run, client: Client, storage: Line, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    storage.disturb(lines.tampered, lambda request: request.method == "GET", times=9)
    run("download", "fraud/1", tmp_path / "served", code=exits.INTEGRITY)


def test_a_chain_that_is_broken_has_an_exit_code(run: Run, client: Client, api: Line) -> None:
    client.register("fraud")

    def rewrite(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        document = forward(request).json()
        document["items"][1]["actor"] = "nobody"
        return httpx.Response(200, json=document)

    api.disturb(rewrite, lambda request: request.url.path.endswith("/events"))
    assert "broken at 2" in run("audit", "verify", "fraud", code=exits.INTEGRITY).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("register", "fraud", "no-such-file"),
        ("register", "fraud", __file__, "--metric", "auc=high"),
        ("register", "fraud", __file__, "--metric", "auc"),
        ("register", "fraud", __file__, __file__),
        ("download", "fraud"),
        ("show", "fraud/x"),
        ("models", "rule", "fraud", "--metric", "auc"),
        ("models", "update", "fraud"),
        ("annotate", "fraud/1"),
        ("webhooks", "update", "wh"),
        ("alias", "set", "fraud", "champion", "1", "--new", "--expect", "1"),
        ("resume", "fraud@champion", __file__),
    ],
)
def test_arguments_that_make_no_sense_are_a_usage_error(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Usage:" in run(*arguments, code=exits.USAGE).stderr


def test_without_a_login_the_command_says_how_to_log_in() -> None:
    result = CliRunner().invoke(main, ["whoami"])
    assert result.exit_code == exits.USAGE
    assert "moorage login" in result.stderr


def test_login_refuses_a_bare_address_and_logout_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = CliRunner().invoke(main, ["login", "http://registry.example", "--token-stdin"], input="secret\n")
    assert refused.exit_code == exits.USAGE
    assert "secret" not in refused.output
    assert "no saved login" in CliRunner().invoke(main, ["logout"]).stdout


def test_a_token_that_the_registry_does_not_take_is_not_saved() -> None:
    # Nothing listens on port 9 of this machine: the login cannot be checked.
    arguments = ["login", "http://127.0.0.1:9", "--token-stdin"]
    assert URL not in arguments
    result = CliRunner().invoke(main, arguments, input="moor_x_secret\n", env={"MOORAGE_RETRIES": "1"})
    assert result.exit_code == exits.UNAVAILABLE
    assert "secret" not in result.output
    import os

    assert load_login(login_path(os.environ)) is None


def test_every_command_has_help_and_takes_json() -> None:
    def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
        found: list[tuple[tuple[str, ...], click.Command]] = []
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                found += commands(command, (*path, name))
            else:
                found.append(((*path, name), command))
        return found

    for path, command in commands(main):
        assert command.help, path
        assert any("--json" in parameter.opts for parameter in command.params), path
