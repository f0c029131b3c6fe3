"""Freezes, locks, holds, deletion and retention, with the SDK and on the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moorage import Client, ConflictError, RetentionRule
from moorage.cli.main import main

from tests.client.conftest import Connect

Run = Callable[..., Result]


@pytest.fixture
def client(connect: Connect, build: Path) -> Client:
    """A client of a registry with one version, fraud/1."""
    made = connect()
    made.register("fraud", build)
    return made


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(arguments), obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_the_sdk_freezes_locks_holds_and_lifts_again(client: Client) -> None:
    lifecycle = client.lifecycle
    assert lifecycle.freeze("fraud", "incident").reason == "incident"
    frozen = client.models.get("fraud").frozen
    assert frozen is not None and frozen.by == "token:bootstrap"
    with pytest.raises(ConflictError) as refused:
        client.versions.transition("fraud", 1, "production")
    assert refused.value.code == "model_frozen"
    lifecycle.unfreeze("fraud")
    lifecycle.lock("fraud", 1, "audited")
    lifecycle.hold("fraud", 1, "case 7")
    version = client.versions.get("fraud", 1)
    assert version.locked is not None and version.legal_hold is not None
    lifecycle.unlock("fraud", 1)
    lifecycle.release("fraud", 1)
    client.versions.transition("fraud", 1, "production")


def test_the_sdk_restores_what_was_deleted(client: Client) -> None:
    client.versions.delete("fraud", 1)
    (deleted,) = client.lifecycle.deleted("fraud")
    assert deleted.purge_at > deleted.deleted_at and deleted.receipt is None
    assert client.lifecycle.restore("fraud", 1, reason="needed").ready
    assert list(client.lifecycle.deleted("fraud")) == []


def test_the_sdk_sets_and_previews_a_retention_rule(client: Client) -> None:
    rule = RetentionRule(never_promoted_after_days=90, keep_last=3)
    assert client.lifecycle.set_retention("fraud", rule) == client.lifecycle.retention("fraud") == rule
    assert list(client.lifecycle.preview_retention("fraud")) == []
    client.lifecycle.clear_retention("fraud")


def test_the_sdk_asks_the_past(client: Client) -> None:
    moved = client.aliases.set("fraud", "champion", 1)
    assert moved.updated_at is not None
    assert client.aliases.as_of("fraud", "champion", moved.updated_at).version == 1
    assert client.aliases.as_of("fraud", "champion", datetime(2000, 1, 1, tzinfo=UTC)).version is None
    assert client.stages.as_of("fraud", "production", "2000-01-01T00:00:00Z").move is None
    assert [(at.pointer, at.version) for at in client.models.as_of("fraud", moved.updated_at)] == [
        ("alias:champion", 1)
    ]
    assert list(client.stages.of_all_models_as_of("production", moved.updated_at)) == []
    with pytest.raises(ValueError, match="zone"):
        client.aliases.as_of("fraud", "champion", datetime(2000, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.usefixtures("client")
def test_the_commands_say_what_they_did(run: Run) -> None:
    assert "fraud is frozen" in run("freeze", "fraud", "--reason", "incident").stdout
    run("promote", "fraud/1", "production", code=5)
    assert "incident" in run("show", "fraud").stdout
    run("unfreeze", "fraud")
    run("lock", "fraud/1", "--reason", "audited")
    run("delete", "fraud/1", "--yes", code=5)
    run("unlock", "fraud/1")
    run("hold", "fraud/1", "--reason", "case 7")
    assert "case 7" in run("show", "fraud/1").stdout
    run("release", "fraud/1")
    run("delete", "fraud/1", "--yes")
    assert "DELETED" in run("deleted", "fraud").stdout
    assert "back in development" in run("restore", "fraud/1").stdout
    run("restore", "fraud@champion", code=2)
    run("retention", "set", "fraud", code=2)
    assert "90 days" in run("retention", "set", "fraud", "--never-promoted", "90").stdout
    assert json.loads(run("retention", "show", "fraud", "--json").stdout)["keep_last"] == 0
    assert json.loads(run("retention", "preview", "fraud", "--json").stdout) == []
    run("retention", "clear", "fraud")
    run("promote", "fraud/1", "production", "--reason", "first")
    now = json.loads(run("show", "fraud/1", "--json").stdout)["stage_since"]
    asked = json.loads(run("as-of", "fraud", "production", now, "--json").stdout)
    assert (asked["version"], asked["move"]["reason"]) == (1, "first")
    assert "none" in run("as-of", "fraud@champion", "2000-01-01T00:00:00Z").stdout
    run("as-of", "fraud", "production", "yesterday", code=6)
    assert [at["pointer"] for at in json.loads(run("as-of", "fraud", now, "--json").stdout)] == ["stage:production"]
    assert "first" in run("as-of", "--stage", "production", now).stdout
    assert json.loads(run("as-of", "--stage", "production", now, "--json").stdout)[0]["model"] == "fraud"
    for wrong in ((now,), ("fraud", "--stage", "production", now), ("fraud", "production", "champion", now)):
        run("as-of", *wrong, code=2)
