"""Deployments through the SDK and the command line."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from moorage import Client, ConflictError

from chalicelib.aws.services import Services
from chalicelib.reactions.deployments.deployer import deployer
from tests.client.test_cli import Run, run
from tests.registry.deployments.deploying import newest

__all__ = ["run"]


@pytest.fixture
def deployed(client: Client, registry: Services, build: Path) -> Client:
    """A target, and two versions that entered production: the first is served there."""
    client.targets.set("eu", environment="production", models=["*"], stage="production", policy={"roll_back": True})
    for number in (1, 2):
        client.register("fraud", build)
        client.versions.transition("fraud", number, "production")
        deployer({"detail": json.loads(json.dumps(newest(registry)))}, SimpleNamespace(aws_request_id="lambda-1"))
        if number == 1:
            client.deployments.report("fraud", 1, "succeeded")
    return client


def test_a_deployer_reports_through_the_sdk(deployed: Client) -> None:
    started = deployed.deployments.report("fraud", 2, "in_progress", links={"Argo": "https://argo.example.com"})
    assert (started.status, started.links, started.attempt) == ("in_progress", {"Argo": "https://argo.example.com"}, 1)
    deployed.deployments.report("fraud", 2, "failed", detail="crash loop")
    assert deployed.deployments.retry("fraud", 2, reason="again").attempt == 2
    with pytest.raises(ConflictError):
        deployed.deployments.report("fraud", 2, "succeeded", attempt=1)
    assert deployed.deployments.report("fraud", 2, "succeeded", attempt=2).status == "succeeded"
    assert deployed.deployments.open("fraud", 2, "eu", reason="compare").cause.event_type == "deployment.opened"
    assert [one.number for one in deployed.deployments.list("fraud", target="eu", status="succeeded")] == [2, 1]
    assert deployed.deployments.get("fraud", 3).version == 2


def test_what_runs_where_is_read_through_the_sdk(deployed: Client) -> None:
    (place,) = deployed.deployments.where("fraud")
    assert place.wanted is not None and place.serving is not None
    assert (place.wanted.version, place.serving.version, place.active) == (2, 1, 2)
    seen = deployed.targets.observe("eu", "fraud", 2, digest=place.wanted.digest)
    assert seen.seen_at is not None and not seen.drifting
    assert list(deployed.targets.models("eu")) == list(deployed.deployments.where("fraud"))
    (then,) = deployed.targets.as_of("eu", "2099-01-01T00:00:00Z")
    assert (then.model, then.version) == ("fraud", 2)
    assert [one.version for one in deployed.deployments.recall(digest=place.wanted.digest)] == [2]
    deployed.deployments.withdraw("fraud", "eu")
    assert list(deployed.deployments.where("fraud")) == []
    deployed.targets.delete("eu")
    assert list(deployed.targets.list()) == []


def test_the_commands_print_what_they_did(deployed: Client, run: Run) -> None:
    def document(*arguments: str) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    made = ("--environment", "staging", "--model", "churn*", "--alias", "next", "--config", '{"a": 1}')
    assert document("targets", "set", "us", *made, "--disable")["config"] == {"a": 1}
    assert "alias next" in run("targets", "show", "us").stdout
    assert [one["name"] for one in document("targets", "list")] == ["eu", "us"]
    assert "stage production" in run("targets", "list").stdout
    assert document("targets", "delete", "us", "--yes") == {"deleted": "us"}
    assert "is not a JSON object" in run("targets", "set", "us", *made[:-1], "[]", code=2).stderr
    report = ("deployments", "report", "fraud", "2", "failed", "--detail", "crash", "--link", "Log=https://x.example/l")
    assert document(*report)["links"] == {"Log": "https://x.example/l"}
    assert "crash" in run("deployments", "list", "fraud", "--status", "failed").stdout
    assert document("deployments", "retry", "fraud", "2")["attempt"] == 2
    assert "version.transitioned" in run("deployments", "show", "fraud", "2").stdout
    assert "deployment 2" in run("deployments", "where", "fraud").stdout
    assert document("deployments", "observe", "eu", "fraud/2")["serving"]["version"] == 2
    run("deployments", "report", "fraud", "2", "succeeded")
    assert "agrees" in run("deployments", "where", "--target", "eu").stdout
    run("deployments", "observe", "eu", "fraud/1")
    assert "drifting" in run("deployments", "where", "fraud").stdout
    assert document("deployments", "where", "--target", "eu", "--at", "2099-01-01T00:00:00Z")[0]["version"] == 1
    assert document("deployments", "open", "fraud/2", "eu", "--reason", "again")["number"] == 3
    digest = document("show", "fraud/2")["digest"]
    assert "on its way" in run("deployments", "recall", "--digest", digest).stdout
    assert document("deployments", "withdraw", "fraud", "eu", "--yes") == {"withdrawn": "fraud", "target": "eu"}
    for wrong in (("where",), ("where", "fraud", "--target", "eu"), ("where", "fraud", "--at", "now"), ("recall",)):
        run("deployments", *wrong, code=2)
