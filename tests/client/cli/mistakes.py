"""Typical mistakes on the command line, and what each is arranged with."""

import base64
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from moorage import Client, Grant, PromotionRule

from tests.client.lines import Forward, Line


@dataclass(frozen=True)
class Scene:
    """What a mistake may arrange: the registry, the connection to it, and the current directory."""

    client: Client
    api: Line
    directory: Path
    environment: dict[str, str]

    def as_viewer(self) -> None:
        made = self.client.tokens.create("ana", [Grant("viewer", "*")], person="ana")
        self.environment["MOORAGE_TOKEN"] = str(made.token)

    def answers(self, how: Callable[[httpx.Request], httpx.Response]) -> None:
        self.api.disturb(lambda request, _: how(request), times=99)


def _nothing(scene: Scene) -> None:
    """The registry as it is: fraud with two versions, a champion in production, and a rule."""


@dataclass(frozen=True)
class Mistake:
    """A command that somebody types, and what makes it a mistake."""

    name: str
    command: str
    arrange: Callable[[Scene], object] = _nothing
    answer: str | None = None
    url: str = "https://registry.example"
    environment: Mapping[str, str] = field(default_factory=dict)


def fraud(client: Client, build: Path) -> None:
    client.models.create("fraud", owner="risk")
    client.register("fraud", build, metrics={"auc": 0.91, "loss": 0.3}, label="1.2.0")
    client.register("fraud", build, metrics={"auc": 0.95, "loss": 0.2}, label="1.3.0")
    client.aliases.set("fraud", "champion", 1)
    client.versions.transition("fraud", 1, "production")
    client.models.set_promotion_rule("fraud", PromotionRule("auc", "production", at_least=0.9))


def _pending(scene: Scene) -> None:
    scene.client.versions.create("fraud", [{"path": "model.bin", "size": 7, "sha256": "0" * 64}])


def _scheme(**transition: Any) -> Callable[[Scene], object]:
    def arrange(scene: Scene) -> None:
        document = {
            "initial": "development",
            "archive": "archived",
            "stages": [
                {"name": "development"},
                {"name": "production", "exclusive": True},
                {"name": "archived", "terminal": False},
            ],
            "transitions": [
                {"from": "development", "to": "production", **transition},
                {"from": ["development", "production"], "to": "archived"},
            ],
        }
        scene.client.models.clear_promotion_rule("fraud")
        scene.client.schemes.save("credit", document)
        scene.client.schemes.assign("fraud", "credit")

    return arrange


def _lost(error: Exception) -> Callable[[Scene], object]:
    def lost(request: httpx.Request, forward: Forward) -> httpx.Response:
        raise httpx.ConnectError("the connection failed", request=request) from error

    return lambda scene: scene.api.disturb(lost, times=99)


def _html(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, html="<html>Not Found</html>")


def _no_stage(request: httpx.Request) -> httpx.Response:
    return httpx.Response(403, json={"message": "Missing Authentication Token"})


def _refused(request: httpx.Request) -> httpx.Response:
    problem = {"code": "unauthenticated", "detail": "The token is unknown, expired or revoked.", "request_id": "r-1"}
    return httpx.Response(401, json=problem)


def _other_clock(request: httpx.Request) -> httpx.Response:
    refused = _refused(request)
    refused.headers["Date"] = "Mon, 23 Nov 2015 09:30:00 GMT"
    return refused


def _certificate(request: httpx.Request, forward: Forward) -> httpx.Response:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_message = "self-signed certificate"
    raise httpx.ConnectError("certificate verify failed", request=request) from error


def _jwt(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def _file(name: str, text: str) -> Callable[[Scene], object]:
    return lambda scene: (scene.directory / name).write_text(text)


def _only_ignored(scene: Scene) -> None:
    (scene.directory / "package" / "__pycache__").mkdir(parents=True)
    (scene.directory / "package" / "__pycache__" / "train.pyc").touch()


def _own_files(scene: Scene) -> None:
    (scene.directory / "mine").mkdir()
    (scene.directory / "mine" / "model.bin").write_text("another model")
    (scene.directory / "mine" / "notes.txt").write_text("read me")


MISTAKES = (
    Mistake("unknown-model", "moorage show fruad"),
    Mistake("unknown-version", "moorage show fraud/9"),
    Mistake("unknown-alias", "moorage download fraud@champoin"),
    Mistake("unknown-stage", "moorage promote fraud/2 prodution"),
    Mistake("unknown-metric", "moorage best fraud acu"),
    Mistake("unknown-command", "moorage verisons fraud"),
    Mistake("unknown-option", "moorage register fraud model --metirc auc=0.9"),
    Mistake("version-without-its-model", "moorage compare fraud 1 2"),
    Mistake("version-missing", "moorage download fraud"),
    Mistake("metric-not-a-number", "moorage register fraud model --metric auc=high"),
    Mistake("metric-not-finite", "moorage register fraud model --metric auc=nan"),
    Mistake("metric-without-a-value", "moorage register fraud model --metric auc"),
    Mistake("file-missing", "moorage register fraud modle"),
    Mistake("directory-empty", "moorage register fraud empty", lambda scene: (scene.directory / "empty").mkdir()),
    Mistake("directory-all-ignored", "moorage register fraud package", _only_ignored),
    Mistake("download-over-files-of-ones-own", "moorage download fraud@champion mine", _own_files),
    Mistake("file-not-json", "moorage register fraud model --metrics notes.txt", _file("notes.txt", "auc is 0.9\n")),
    Mistake("no-login", "moorage whoami", url=""),
    Mistake("login-unencrypted", "moorage login http://registry.example --token-stdin"),
    Mistake("address-not-a-url", "moorage --url registry.example whoami"),
    Mistake(
        "local-stack-down",
        "moorage models list",
        _lost(ConnectionRefusedError(111, "Connection refused")),
        url="http://localhost:4566",
    ),
    Mistake("address-of-no-host", "moorage models list", _lost(socket.gaierror(-2, "Name or service"))),
    Mistake("certificate-not-trusted", "moorage models list", lambda scene: scene.api.disturb(_certificate, times=9)),
    Mistake("address-of-a-web-page", "moorage models list", lambda scene: scene.answers(_html)),
    Mistake("address-without-its-stage", "moorage models list", lambda scene: scene.answers(_no_stage)),
    Mistake("token-revoked", "moorage models list", lambda scene: scene.answers(_refused)),
    Mistake(
        "token-expired",
        "moorage models list",
        lambda scene: scene.answers(_refused),
        environment={"MOORAGE_TOKEN": _jwt(exp=1448271000)},
    ),
    Mistake("not-allowed-in-the-registry", "moorage webhooks list", Scene.as_viewer),
    Mistake("not-allowed-on-the-model", "moorage promote fraud/2 staging", Scene.as_viewer),
    Mistake("alias-to-an-unfinished-version", "moorage alias set fraud/3 champion", _pending),
    Mistake("alias-with-a-reserved-name", "moorage alias set fraud/2 latest"),
    Mistake("alias-moved-meanwhile", "moorage alias set fraud/2 champion --expect 2"),
    Mistake(
        "gates-not-met",
        "moorage promote fraud/2 production",
        _scheme(
            gates=[
                {"name": "good", "kind": "metric", "metric": "auc", "at_least": 0.99},
                {"name": "scan", "kind": "scan"},
            ]
        ),
    ),
    Mistake(
        "approvals-missing",
        "moorage promote fraud/2 production",
        _scheme(approvals=[{"count": 2, "roles": ["reviewer"]}]),
    ),
    Mistake(
        "filter-invalid", "moorage search versions \"metrics.auc > 0.9 AND tags.team == 'risk' ORDER BY metrics.auc\""
    ),
    Mistake("label-taken", "moorage register fraud model --label 1.3.0"),
    Mistake("model-exists", "moorage models create fraud"),
    Mistake("model-with-versions-deleted", "moorage models delete fraud --yes"),
    Mistake("version-in-use-deleted", "moorage delete fraud/1 --yes"),
    Mistake("deletion-declined", "moorage delete fraud/2", answer="n\n"),
    Mistake("deletion-where-nobody-can-be-asked", "moorage delete fraud/2"),
    Mistake(
        "model-frozen",
        "moorage promote fraud/2 production",
        lambda scene: scene.client.lifecycle.freeze("fraud", "incident 42"),
    ),
    Mistake(
        "version-locked",
        "moorage annotate fraud/2 --tag team=risk",
        lambda scene: scene.client.lifecycle.lock("fraud", 2, "under audit"),
    ),
    Mistake("nothing-to-roll-back", "moorage rollback fraud"),
    Mistake(
        "scheme-with-faults",
        "moorage schemes save scheme.yaml",
        _file("scheme.yaml", "name: s\ninitial: dev\nstages: [{name: development}]\ntransitions: []\n"),
    ),
    Mistake("csv-of-one-thing", "moorage show fraud/1 --output csv"),
    Mistake("time-without-a-zone", "moorage as-of fraud production yesterday"),
    Mistake("target-that-nothing-starts", "moorage targets set edge --environment production --model fraud"),
    Mistake("target-unknown", "moorage targets show nowhere"),
    Mistake("deployment-unknown", "moorage deployments show fraud 7"),
    Mistake("schedule-without-a-time", "moorage schedules create nightly --job remind"),
    Mistake("schedule-at-no-time", "moorage schedules create nightly --at 2030-01-01T06:00"),
    Mistake("schedule-cron-that-never-fires", "moorage schedules create nightly --cron '0 6 31 2 *'"),
    Mistake("schedule-zone-unknown", "moorage schedules create nightly --cron '0 6 * * *' --zone Berlin"),
    Mistake("package-of-no-alias-followed", "moorage package fraud/1 image --follow"),
    Mistake("package-from-a-base-by-tag", "moorage package fraud/1 image --base python:3.12"),
    Mistake("clock-wrong", "moorage whoami", lambda scene: scene.answers(_other_clock)),
)
