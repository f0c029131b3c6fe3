"""The command line against the app: what it prints, where, and how it exits."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result
from moorage import Client, Grant, NotConfiguredError
from moorage.cli import exits
from moorage.cli.main import main
from moorage.login import Login, load_login, login_path
from moorage.login_lookup import find_login

from tests.api.sessions.browser import Browser
from tests.client import lines
from tests.client.conftest import URL, Connect
from tests.client.lines import Line
from tests.conftest import ADMIN_TOKEN

Run = Callable[..., Result]


@pytest.fixture
def run(connect: Connect) -> Run:
    """Runs the command with clients that talk to the app in process."""

    def invoke(*arguments: str | Path, code: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], typed, obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_a_session_from_register_to_rollback(run: Run, build: Path, tmp_path: Path) -> None:
    assert "registered fraud/1: 2 files" in run("register", "fraud", build, "--metric", "auc=0.9").stdout
    run("register", "fraud", build, "--metric", "auc=0.95", "--label", "1.1.0", "--param", "depth=4")
    assert "fraud@champion is version 1" in run("alias", "set", "fraud/1", "champion", "--new").stdout
    run("alias", "set", "fraud/2", "champion", "--expect", "1", "--reason", "better")
    assert "fraud/2 is in production" in run("promote", "fraud@champion", "production").stdout
    assert "2 files" in run("download", "fraud@champion", tmp_path / "served").stdout
    assert (tmp_path / "served" / "model.bin").read_bytes() == (build / "model.bin").read_bytes()
    assert "is version 1 again" in run("alias", "rollback", "fraud@champion").stdout
    assert "unbroken" in run("audit", "verify", "fraud").stdout
    assert "unbroken" in run("audit", "verify", "fraud", "--remote").stdout


def test_times_of_metadata_are_printed_as_times_and_stay_times_in_json(run: Run, client: Client) -> None:
    client.models.create("fraud", metadata={"trained": datetime(2026, 11, 23, 9, 30, tzinfo=UTC)})
    shown = json.loads(run("models", "show", "fraud", "--json").stdout)
    assert shown["metadata"] == {"trained": {"$time": "2026-11-23T09:30:00.000Z"}}
    assert "trained=2026-11-23T09:30:00.000Z" in run("models", "show", "fraud").stdout
    changes = json.loads(run("changes", "fraud", "--field", "metadata", "--json").stdout)
    assert changes[0]["after"] == {"$time": "2026-11-23T09:30:00.000Z"}


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
    assert [file["verified"] for file in document("files", "fraud/1")] == ["sha256", "sha256"]
    assert document("annotate", "fraud/1", "--tag", "x=y", "--description", "d")["tags"] == {"x": "y"}
    assert document("resume", "fraud/1", build)["status"] == "READY"
    assert document("alias", "set", "fraud/1", "champion")["version"] == 1
    assert document("alias", "list", "fraud")[0]["alias"] == "champion"
    assert document("alias", "history", "fraud@champion")[0]["version"] == 1
    assert document("promote", "fraud/1", "production")["stage"] == "production"
    assert document("stages", "fraud")[0]["name"] == "development"
    assert document("stages", "fraud", "--history", "production")[0]["version"] == 1
    assert document("download", "fraud/1", tmp_path / "served")["version"] == 1
    assert document("audit", "list", "fraud", "--order", "oldest")[0]["sequence"] == 1
    assert document("audit", "verify", "fraud")["intact"] is True
    assert document("audit", "verify", "--remote")["ledger"] == "registry"
    opened = document("checks", "open", "fraud/1", "ci", "--link", "https://ci.example.com/1", "--minutes", "9")
    assert (opened["state"], opened["link"]) == ("pending", "https://ci.example.com/1")
    own = ("--etag", opened["etag"])
    assert document("checks", "report", "fraud/1", "ci", "--passed", "--days", "3", *own)["valid"] is True
    assert document("checks", "list", "fraud@champion")[0]["name"] == "ci"
    assert document("checks", "withdraw", "fraud/1", "ci") == {"withdrawn": "ci"}
    assert document("evaluations", "record", "fraud/1", "e", "--metric", "auc=0.9")["metrics"] == {"auc": 0.9}
    assert document("evaluations", "list", "fraud/1")[0]["kind"] == "offline"
    assert document("evaluations", "withdraw", "fraud/1", "e") == {"withdrawn": "e"}
    assert document("compare", "fraud/1", "fraud@champion")["versions"][1]["number"] == 1
    assert document("challenger", "set", "fraud/1")["alias"] == "challenger"
    assert document("challenger", "show", "fraud")["comparison"]["parameters"] == []
    assert document("challenger", "promote", "fraud", "--expect", "1")["alias"] == "champion"
    assert document("challenger", "set", "fraud/1")["version"] == 1
    assert document("challenger", "retire", "fraud", "--reason", "slow") == {"retired": "fraud"}
    assert document("alias", "protect", "fraud@champion")["protected"] is True
    assert document("alias", "list", "fraud")[0]["protected"] is True
    assert document("alias", "unprotect", "fraud@champion")["protected"] is False
    assert document("webhooks", "list") == []
    hook = document("webhooks", "create", "https://203.0.114.10/hook")
    again = document("webhooks", "rotate", hook["id"], "--grace", "60")
    assert again["secret"] not in (None, hook["secret"]) and again["old_secrets_end_at"]
    tested = document("webhooks", "test", hook["id"])["id"]
    assert [one["id"] for one in document("webhooks", "deliveries", hook["id"], "--state", "pending")] == [tested]
    assert document("webhooks", "deliveries", hook["id"], "--state", "failed") == []
    assert document("webhooks", "delivery", hook["id"], tested)["payload"]["type"] == "webhook.test"
    assert "webhook.test" in run("webhooks", "delivery", hook["id"], tested).stdout
    nightly = document("schedules", "create", "nightly", "--cron", "@daily", "--zone", "Asia/Tokyo", "--payload", "a=b")
    assert (nightly["when"]["zone"], nightly["payload"], len(nightly["upcoming"])) == ("Asia/Tokyo", {"a": "b"}, 5)
    assert document("schedules", "update", "nightly", "--every", "30")["when"]["every_minutes"] == 30
    assert document("schedules", "disable", "nightly")["next_at"] is None
    assert document("schedules", "enable", "nightly")["next_at"]
    assert document("schedules", "fire", "nightly")["firings"] == 1
    assert [one["name"] for one in document("schedules", "list")] == ["nightly"]
    assert "next" in run("schedules", "show", "nightly").stdout
    assert document("schedules", "delete", "nightly", "--yes") == {"deleted": "nightly"}
    token_file = tmp_path / "token"
    token_file.write_text("glptt-token\n")
    trigger = ("--format", "gitlab", "--setting", "project=team/models", "--setting", "ref=main")
    made = document("webhooks", "create", "https://203.0.114.10", *trigger, "--secret", token_file)
    assert (made["settings"], made["secret_set"]) == ({"project": "team/models", "ref": "main"}, True)
    variables = ("--setting", 'variables={"M": "$.detail.model"}')
    changed = document("webhooks", "update", made["id"], *trigger[2:], *variables, "--secret", token_file)
    assert changed["settings"]["variables"] == {"M": "$.detail.model"}
    assert "team/models" in run("webhooks", "show", made["id"]).stdout
    assert "not JSON" in run("webhooks", "update", made["id"], "--setting", "variables={", code=2).output
    assert document("webhooks", "delete", made["id"], "--yes") == {"deleted": made["id"]}
    assert document("webhooks", "health", hook["id"])["failing_since"] is None
    since = ("--since", "2026-11-01", "--until", "2026-11-01T06:00:00Z", "--state", "failed")
    assert document("webhooks", "redeliver-range", hook["id"], *since) == {"queued": 0}
    assert document("whoami")["principal"]
    assert document("alias", "delete", "fraud@champion", "--yes") == {"deleted": "fraud@champion"}
    token = document("tokens", "create", "ci", "--role", "contributor", "--models", "fraud-*")
    assert token["token"].startswith("moor_")
    assert document("tokens", "list")[0]["token"] is None
    assert document("tokens", "revoke", token["id"], "--yes") == {"revoked": token["id"]}


def test_the_registrys_own_events_say_what_they_are_about(run: Run) -> None:
    token = json.loads(run("tokens", "create", "ci", "--role", "viewer", "--json").stdout)["id"]
    header, newest = run("audit", "list", "--limit", "1").stdout.splitlines()
    assert "subject" in header and "version" not in header
    assert token in newest


def test_a_new_token_is_all_that_stdout_has(run: Run) -> None:
    result = run("tokens", "create", "ci", "--role", "viewer")
    assert result.stdout.startswith("moor_") and len(result.stdout.split()) == 1
    assert "not shown again" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "step"),
    [
        (("show", "nothing"), exits.NOT_FOUND, "moorage models list"),
        (("show", "fraud/9"), exits.NOT_FOUND, "moorage versions fraud"),
        (("download", "fraud@nobody"), exits.NOT_FOUND, "moorage alias list fraud"),
        (("models", "create", "fraud"), exits.CONFLICT, "moorage models show fraud"),
        (("models", "delete", "fraud", "--yes"), exits.CONFLICT, "moorage versions fraud"),
        (
            ("alias", "set", "fraud/1", "champion", "--expect", "1"),
            exits.CONFLICT,
            "moorage alias history fraud@champion",
        ),
        (
            ("challenger", "set", "fraud/1", "--expect", "1"),
            exits.CONFLICT,
            "moorage alias history fraud@challenger",
        ),
        (("promote", "fraud/1", "nowhere"), exits.NOT_FOUND, "moorage stages fraud"),
        (("promote", "fraud/1", "production", "--expected-stage", "staging"), exits.CONFLICT, "moorage show fraud/1"),
        (("rollback", "fraud"), exits.CONFLICT, "moorage stages fraud --history production"),
        (("retention", "show", "fraud"), exits.NOT_FOUND, "moorage retention set fraud --archived DAYS"),
        (("requests", "show", "fraud", "7"), exits.NOT_FOUND, "moorage requests list fraud"),
        (("roles", "delete", "nobody", "--yes"), exits.NOT_FOUND, "moorage roles list"),
        (("trust", "show", "nobody"), exits.NOT_FOUND, "moorage trust list"),
        (("alias", "set", "fraud/1", "latest"), exits.INVALID, None),
        (("register", "a:b", __file__), exits.INVALID, None),
        (("checks", "withdraw", "fraud/1", "ci"), exits.NOT_FOUND, "moorage checks list fraud/1"),
        (("evaluations", "withdraw", "fraud/1", "e"), exits.NOT_FOUND, "moorage evaluations list fraud/1"),
        (("checks", "report", "fraud/1", "CI", "--passed"), exits.INVALID, None),
        (("compare", "fraud/1"), exits.INVALID, None),
        (("challenger", "retire", "fraud"), exits.NOT_FOUND, "moorage alias list fraud"),
    ],
)
def test_a_refusal_exits_with_its_code_and_names_the_next_step(
    run: Run, client: Client, arguments: tuple[str, ...], code: int, step: str | None
) -> None:
    client.register("fraud")
    result = run(*arguments, code=code)
    assert result.stdout == ""
    assert "error:" in result.stderr
    assert step is None or f"try: {step}" in result.stderr.splitlines()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, exits.DENIED),
        (403, exits.DENIED),
        (412, exits.CONFLICT),
        (500, exits.UNAVAILABLE),
        (418, exits.OTHER),
    ],
)
def test_an_answer_that_says_no_has_an_exit_code(run: Run, api: Line, status: int, code: int) -> None:
    api.disturb(lambda request, _: httpx.Response(status, json={"code": "x", "request_id": "r-7"}), times=4)
    assert "r-7" in run("whoami", code=code).stderr


def test_an_error_is_json_if_the_answer_would_be(run: Run, api: Line, build: Path) -> None:
    failed = run("show", "fraud", "--json", code=exits.NOT_FOUND)
    problem = json.loads(failed.stderr.splitlines()[-1])
    assert failed.stdout == ""
    assert (problem["error"], problem["code"], problem["status"]) == ("NotFoundError", "model_not_found", 404)
    assert problem["exit_code"] == exits.NOT_FOUND and problem["request_id"] and problem["next_step"]
    api.disturb(lines.lose_request, times=99)
    lost = json.loads(run("--json", "whoami", code=exits.UNAVAILABLE).stderr.splitlines()[-1])
    assert (lost["error"], lost["code"]) == ("UnreachableError", None)


@pytest.mark.parametrize(
    "arguments",
    [("show", "--json"), ("--json", "nonsense"), ("versions", "fraud", "--limit", "x", "--json"), ("--json", "models")],
)
def test_a_wrong_use_is_json_if_the_answer_would_be(run: Run, arguments: tuple[str, ...]) -> None:
    problem = json.loads(run(*arguments, code=exits.USAGE).stderr.splitlines()[-1])
    assert (problem["error"], problem["exit_code"]) == ("UsageError", exits.USAGE)


def test_an_argument_that_the_sdk_refuses_is_json_if_the_answer_would_be(run: Run, build: Path) -> None:
    (build / "link").symlink_to(build / "data")
    problem = json.loads(run("register", "fraud", build, "--json", code=exits.USAGE).stderr.splitlines()[-1])
    assert "--follow-links" in problem["message"]


def test_an_event_shows_what_it_changed(client: Client) -> None:
    client.get_or_create_model("fraud", owner="risk")
    client.models.update("fraud", owner="lending")
    changed, created = client.events.list("fraud")
    assert (changed.before, changed.after) == ({"owner": "risk"}, {"owner": "lending"})
    assert created.before is None and created.after is not None


def test_an_upload_that_breaks_off_says_how_to_go_on(run: Run, storage: Line, build: Path) -> None:
    storage.disturb(lambda request, _: lines.refusal(400, "InvalidRequest"), times=9)
    broken = run("register", "fraud", build, code=exits.UNAVAILABLE)
    assert "moorage resume fraud/1" in broken.stderr
    storage.calm()
    assert "READY" in run("resume", "fraud/1", build).stdout


def test_a_registry_that_does_not_answer_has_an_exit_code(run: Run, api: Line) -> None:
    api.disturb(lines.lose_request, times=99)
    run("whoami", code=exits.UNAVAILABLE)


def test_tampered_bytes_have_an_exit_code(run: Run, client: Client, storage: Line, build: Path, tmp_path: Path) -> None:
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
        ("schedules", "create", "nightly"),
        ("schedules", "create", "nightly", "--cron", "@daily", "--every", "30"),
        ("schedules", "create", "nightly", "--every", "30", "--zone", "UTC"),
        ("schedules", "update", "nightly"),
        ("alias", "set", "fraud/1", "champion", "--new", "--expect", "1"),
        ("resume", "fraud@champion", __file__),
        ("checks", "report", "fraud/1", "ci"),
        ("evaluations", "record", "fraud/1", "e"),
        ("evaluations", "record", "fraud/1", "e", "--metric", "a=1", "--dataset-version", "1"),
        ("evaluations", "record", "fraud/1", "e", "--metric", "a=1", "--slices", __file__),
        ("compare", "fraud/three", "fraud@champion"),
        ("compare", "fraud/1", "churn/1"),
        ("compare", "fraud", "1"),
        ("alias", "history", "fraud"),
        ("alias", "delete", "fraud/1", "--yes"),
        ("tokens", "create", "ci"),
    ],
)
def test_arguments_that_make_no_sense_are_a_usage_error(run: Run, arguments: tuple[str, ...]) -> None:
    assert "usage:" in run(*arguments, code=exits.USAGE).stderr


def test_without_a_login_the_command_says_how_to_log_in() -> None:
    result = CliRunner().invoke(main, ["whoami"])
    assert result.exit_code == exits.USAGE
    assert "moorage login" in result.stderr


def test_a_login_is_saved_once_the_registry_has_accepted_the_token(run: Run) -> None:
    result = run("login", URL, "--token-stdin", typed=f"{ADMIN_TOKEN}\n")
    assert "logged in" in result.stdout
    assert ADMIN_TOKEN not in result.output
    assert load_login(login_path(os.environ)) == Login(URL, ADMIN_TOKEN)
    assert "logged out" in run("logout").stdout
    assert "no saved login" in run("logout").stdout


def test_a_token_that_the_registry_does_not_take_is_not_saved(run: Run) -> None:
    run("login", URL, "--token-stdin", typed="moor_x_secret\n", code=exits.DENIED)
    assert load_login(login_path(os.environ)) is None


def test_a_login_that_would_bare_the_token_is_refused(run: Run) -> None:
    result = run("login", "http://registry.example", "--token-stdin", typed="secret\n", code=exits.USAGE)
    assert "secret" not in result.output
    assert "https" in result.stderr


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


def test_access_is_managed_from_the_command_line(run: Run) -> None:
    def document(*arguments: str) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    assert document("roles", "set", "curator", "--action", "annotate")["actions"] == ["annotate"]
    assert "curator" in run("roles", "list").stdout
    held = document("grants", "set", "group:risk", "--grant", "curator=fraud*")
    assert document("grants", "list", "--subject", "group:risk") == document("grants", "list")
    assert document("grants", "list", "--subject", "group:other") == []
    two = ("--grant", "viewer=*:public,unclassified", "--grant", "consumer=*")
    limited = document("grants", "set", "group:growth", *two)["grants"]
    assert [grant["classifications"] for grant in limited] == [["unclassified", "public"], None]
    assert "viewer on * (unclassified, public)" in run("grants", "list", "--subject", "group:growth").stdout
    assert "no classification after the colon" in run("grants", "set", "group:x", "--grant", "viewer=*:", code=2).stderr
    made = document(
        "trust", "oidc", "ci", "--issuer", "https://ci.example", "--audience", "a", "--condition", "sub=x",
        "--condition", "sub=y*", "--groups-claim", "groups", "--algorithm", "PS256", "--grant", "viewer=*",
    )  # fmt: skip
    assert made["conditions"] == {"sub": ["x", "y*"]} and made["algorithms"] == ["PS256"]
    run("trust", "iam", "aws", "--arn", "arn:aws:iam::123456789012:role/x", "--grant", "curator=fraud")
    assert [one["kind"] for one in document("trust", "list")] == ["iam", "oidc"]
    assert "https://ci.example" in run("trust", "show", "ci").stdout
    paths = document("access", "who", "annotate", "fraud")
    assert [path["source"] for path in paths] == ["bootstrap", "grant", "trust"]
    assert "token:bootstrap" in run("access", "who", "administer").stdout
    for thing, name in (("trust", "aws"), ("trust", "ci"), ("grants", held["id"]), ("roles", "curator")):
        assert document(thing, "delete", name, "--yes") == {"deleted": name}


def test_a_trust_lets_people_sign_in_and_takes_the_clients_secret_from_a_file(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    trust = (
        "trust", "oidc", "okta", "--issuer", "https://acme.okta.example", "--audience", "ui", "--condition", "sub=x",
        "--grant", "viewer=*", "--sign-in", "Okta",
    )  # fmt: skip
    made = json.loads(run(*trust, "--client-id", "ui", "--client-secret", str(secret), "--json").stdout)
    assert made["sign_in"] == {"label": "Okta", "client_id": "ui", "has_secret": True}
    assert json.loads(run(*trust, "--client-id", "ui", "--json").stdout)["sign_in"]["has_secret"] is True
    assert "Okta as ui" in run("trust", "show", "okta").stdout
    run(*trust, code=exits.USAGE)


def test_sessions_are_listed_and_ended(run: Run) -> None:
    Browser().sign_in(ADMIN_TOKEN)
    (session,) = json.loads(run("sessions", "list", "--json").stdout)
    assert (session["principal"], session["method"]) == ("token:bootstrap", "token")
    assert "token bootstrap" in run("sessions", "list").stdout
    assert json.loads(run("sessions", "end", session["id"], "--yes", "--json").stdout) == {"ended": session["id"]}
    assert json.loads(run("sessions", "list", "--json").stdout) == []
    ended = run("sessions", "end", session["id"], "--yes", code=exits.NOT_FOUND)
    assert "moorage sessions list" in ended.stderr


def test_a_token_is_rotated(run: Run, connect: Connect) -> None:
    run("tokens", "create", "ci", "--role", "viewer", "--group", "builders")
    listed = json.loads(run("tokens", "list", "--json").stdout)[0]
    assert listed["groups"] == ["builders"]
    rotated = json.loads(run("tokens", "rotate", listed["id"], "--grace", "60", "--json").stdout)
    with connect(token=rotated["token"]) as client:
        assert client.whoami().groups == ("builders",)


def test_a_rotation_whose_answer_was_lost_is_made_again(api: Line, client: Client) -> None:
    made = client.tokens.create("ci", [Grant("viewer", "*")])

    def lost(request: httpx.Request, forward: lines.Forward) -> httpx.Response:
        forward(request)
        raise httpx.ReadError("reset")

    api.disturb(lost, lambda request: request.url.path.endswith("/rotate"))
    assert client.tokens.rotate(made.id).token is not None


def test_a_token_file_is_read_anew_at_every_call(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "id-token"
    file.write_text(ADMIN_TOKEN + "\n")
    run("login", URL, "--token-file", file)
    saved = login_path(os.environ)
    assert ADMIN_TOKEN not in saved.read_text()
    file.write_text("renewed")
    renewed = load_login(saved)
    assert renewed is not None and renewed.token == "renewed"
    file.write_text("")
    run("login", URL, "--token-file", file, code=exits.USAGE)
    monkeypatch.setenv("MOORAGE_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(NotConfiguredError, match="none"):
        find_login(URL)


def test_times_in_metadata_are_shown_as_times(client: Client, run: Run) -> None:
    client.models.create("fraud", metadata={"training": {"at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC)}})
    shown = run("models", "show", "fraud").stdout
    assert "training.at=2026-11-23T09:30:00.000Z" in shown.replace("\n", "")
    assert "$time" not in shown


def test_a_model_without_a_challenger_says_so(client: Client, run: Run) -> None:
    client.models.create("fraud")
    assert "fraud has no challenger" in run("challenger", "show", "fraud").stdout.replace("\n", " ")


def test_a_delivery_shows_where_the_answer_leads(run: Run, api: Line) -> None:
    attempt = {"time": "2026-11-23T09:30:00.000Z", "duration_ms": 12, "status": 200, "error": None, "excerpt": ""}
    answer = {
        "id": "d1",
        "state": "succeeded",
        "event_type": "version.transitioned",
        "attempts": [{**attempt, "links": {"run": "https://github.com/example/models/actions/runs/1"}}],
        "payload": {},
    }
    api.disturb(lambda request, _: httpx.Response(200, json=answer))
    assert "https://github.com/example/models/actions/runs/1" in run("webhooks", "delivery", "w1", "d1").stdout
