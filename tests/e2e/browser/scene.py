"""A model with a bit of everything, and people with different rights, as the interface's tests find them."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from moorage import Client, Grant

from tests.e2e.browser.danger import set_danger
from tests.e2e.browser.evidence import DATA, evaluate, watch
from tests.e2e.stack import Stack, eventually

LONG_TEXT: Final = "word " * 60
REVIEWED: Final[dict[str, Any]] = {
    "description": "Into production by one approval, for tests of the interface.",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "staging"},
        {"name": "production", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {"from": "development", "to": "staging"},
        {
            "from": ["development", "staging"],
            "to": "production",
            "gates": [
                {"name": "quality", "kind": "metric", "metric": "auc", "at_least": 0.9},
                {"name": "tests", "kind": "check", "check": "unit-tests"},
            ],
            "approvals": [{"count": 1, "roles": ["reviewer", "maintainer"]}],
        },
        {"from": ["development", "staging", "production"], "to": "archived"},
        {"from": "archived", "to": "development"},
    ],
}


@dataclass(frozen=True)
class Scene:
    """``model`` has versions 1 to 4: 1 serves, 3 challenges it, 4 waits for an approval by request 1.

    Deployment 1 put version 1 on ``target``, which drifts; deployment 2 failed. Versions 1 and 3 are evaluated on the
    same data. The monitor ``inputs`` watches version 1 and alarms. Version 2 is made from ``secret``, another model.
    ``danger`` is a model whose version 1 is in quarantine.
    """

    model: str
    secret: str
    danger: str
    scheme: str
    webhook: str
    target: str
    schedule: str
    tokens: dict[str, str]

    @property
    def pages(self) -> list[str]:
        """The path of every page that shows something of the scene."""
        of_model = f"/models/{self.model}"
        return [
            "/",
            "/models",
            "/inbox",
            "/search?q=metrics.auc > 0.5",
            "/leaderboard?metric=auc",
            "/schemes",
            f"/schemes/{self.scheme}",
            "/webhooks",
            f"/webhooks/{self.webhook}",
            "/targets",
            f"/targets/{self.target}",
            "/schedules",
            f"/schedules?schedule={self.schedule}",
            "/audit",
            f"/audit/model:{self.model}",
            "/access",
            "/access/signers",
            "/me",
            of_model,
            f"{of_model}/versions",
            f"{of_model}/board",
            f"{of_model}/compare?v=1,3",
            f"{of_model}/card",
            f"{of_model}/deployments",
            f"{of_model}/deployments?deployment=2&status=failed",
            f"{of_model}/history",
            f"{of_model}/requests",
            f"{of_model}/requests/1",
            f"{of_model}/settings",
            f"{of_model}/versions/3",
            f"{of_model}/versions/3/files",
            f"{of_model}/versions/3/evaluations/holdout",
            f"{of_model}/versions/2/lineage",
            f"/lineage?kind=dataset&name={DATA.name}&digest={DATA.digest}",
            f"{of_model}/monitors",
            f"{of_model}/monitors/inputs",
            f"{of_model}/versions/1/release",
            f"{of_model}/versions/3/security",
            f"/models/{self.danger}/versions",
            f"/models/{self.danger}/versions/1",
            f"/models/{self.danger}/versions/1/security",
        ]


def set_scene(stack: Stack) -> Scene:
    """Register the scene's model with the rights of the administrator."""
    name = stack.fresh_name("scene")
    scheme = stack.fresh_name("reviewed")
    with Client(stack.url, stack.token) as client, TemporaryDirectory() as folder:
        file = Path(folder, "weights.bin")
        client.schemes.save(scheme, {"name": scheme, **REVIEWED})
        client.models.create(name, description="For tests of the interface.", owner="risk", tags={"team": "risk"})
        file.write_bytes(b"base")
        secret = stack.fresh_name("secret")
        client.register(secret, folder)
        client.schemes.assign(name, scheme)
        client.cards.set(name, {"model_details": "A *small* model.\n\n| a | b |\n|---|---|\n| 1 | 2 |"})
        for number in range(1, 5):
            file.write_bytes(bytes([number]) * 2048)
            client.register(
                name,
                folder,
                label=f"1.{number}.0",
                description="For tests." if number < 4 else LONG_TEXT,
                metrics={"auc": 0.9 + number / 100, "latency_ms": 12 + number},
                parameters={"depth": number, "criterion": "gini"},
                tags={"team": "risk"} if number < 4 else {f"tag-{index}": "value" for index in range(40)},
                provenance={
                    "run": {"id": f"run-{number}"},
                    "datasets": [{"name": DATA.name, "digest": DATA.digest}],
                    **({"base_models": [{"model": secret, "version": 1}]} if number == 2 else {}),
                },
            )
            client.checks.report(name, number, "unit-tests", True, details="210 passed")
        evaluate(client, name)
        target, schedule = stack.fresh_name("target"), stack.fresh_name("schedule")
        client.targets.set(
            target, environment="production", models=[name], stage="production", reporters=["token:argo"]
        )
        client.versions.override(name, 1, "production", "The first one.")
        _deploy(client, name, target)
        watch(client, name)
        client.challengers.set(name, 3)
        client.comments.add(name, "Looks good to me.", version=3)
        client.requests.open(name, 4, "production", reason="Better than what serves.")
        webhook = client.webhooks.create(
            url="http://127.0.0.1:9/hook", events=["version.*"], models=[name], enabled=False
        )
        client.schedules.create(schedule, cron="0 6 * * MON", models=name, payload={"workflow": "train"})
        client.schedules.fire(schedule)
        tokens = {
            role: client.tokens.create(f"{role}-{name}", [Grant(role, name)]).token or ""
            for role in ("viewer", "contributor", "reviewer", "maintainer")
        }
    return Scene(name, secret, set_danger(stack).model, scheme, webhook.id, target, schedule, tokens)


def _deploy(client: Client, model: str, target: str) -> None:
    """Put version 1 on the target, fail to do so again, and let the target say that it serves another version."""
    first = eventually(lambda: next(iter(client.deployments.list(model)), None), "the deployment of version 1").number
    client.deployments.report(model, first, "in_progress", detail="Syncing")
    links = {"Argo CD": "https://argo.example.com/applications/shop"}
    client.deployments.report(model, first, "succeeded", detail="Synced and healthy.", links=links)
    again = client.deployments.open(model, 1, target, reason="The cluster was made anew.").number
    client.deployments.report(model, again, "failed", detail="The readiness probe failed.", links=links)
    client.targets.observe(target, model, 2)
