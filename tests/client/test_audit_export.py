"""Exports from the registry, verified by the independent script."""

import json
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client, ForbiddenError, Grant
from moorage.cli import exits
from moorage.cli.main import main

from chalicelib.aws.services import Services
from chalicelib.domain.canonical import canonical_json
from chalicelib.reactions.audit.usage import usage
from chalicelib.registry.audit.anchors import anchor_ledgers
from chalicelib.registry.models import models
from tests.client.conftest import Connect
from tests.client.lines import Answering, Forward, Line, lose_answer
from tests.reactions.audit.test_usage import CONTEXT, batch, use
from tests.registry.build import model, ready, request
from tests.tools.verifier import load_verifier

VERIFIER = load_verifier()


@pytest.fixture
def trail(registry: Services) -> Services:
    """Two models, one of them deleted, the registry's own ledger, and two anchors."""
    model(registry)
    ready(registry, metrics={"auc": 0.1 + 0.2}, description="naïve – 模型\u2028")
    model(registry, "Gone (old)")
    anchor_ledgers(registry, "monday")
    models.delete_model(registry, request(), "Gone (old)")
    models.update_model(registry, request(), "fraud", models.ProfileChange(owner="ada"))
    anchor_ledgers(registry, "tuesday")
    return registry


def test_an_export_of_everything_is_intact_and_whole(trail: Services, client: Client, tmp_path: Path) -> None:
    client.tokens.create("ci", [Grant("viewer", "*")])
    made = client.export_audit(tmp_path / "export")
    report = VERIFIER.verify(tmp_path / "export")
    assert report.faults == []
    assert (report.ledgers, report.anchors) == (made.ledgers, made.anchors) == (3, 2)
    assert report.events == made.events
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text("utf-8"))
    assert {entry["ledger"] for entry in manifest["ledgers"]} == {"model:fraud", "model:Gone (old)", "registry"}
    assert manifest["scope"] == "all"
    assert client.url not in json.dumps(manifest)


def test_each_line_is_the_event_exactly_as_it_was_hashed(trail: Services, client: Client, tmp_path: Path) -> None:
    client.export_audit(tmp_path / "export", models=["fraud", "fraud"])
    (file,) = (tmp_path / "export" / "ledgers").iterdir()
    lines = file.read_bytes().split(b"\n")
    assert lines.pop() == b""
    documents = [event.document for event in client.events.list("fraud", order="oldest")]
    assert lines == [canonical_json(document).encode() for document in documents]


def test_selected_models_are_exported_with_the_anchors(trail: Services, client: Client, tmp_path: Path) -> None:
    made = client.export_audit(tmp_path / "export", models=["Gone (old)"])
    assert (made.ledgers, made.anchors) == (1, 2)
    assert VERIFIER.verify(tmp_path / "export").faults == []


def test_without_the_right_to_audit_models_are_exported_without_anchors(
    trail: Services, client: Client, connect: Connect, tmp_path: Path
) -> None:
    token = client.tokens.create("reader", [Grant("viewer", "*")]).token
    with connect(token=token) as reader:
        made = reader.export_audit(tmp_path / "one", models=["fraud"])
        assert made.anchors is None
        with pytest.raises(ForbiddenError):
            reader.export_audit(tmp_path / "all")
    report = VERIFIER.verify(tmp_path / "one")
    assert report.faults == []
    assert any("no anchors" in note for note in report.notes)


def test_an_export_survives_lost_answers(
    trail: Services, client: Client, storage: Line, api: Line, tmp_path: Path
) -> None:
    api.disturb(lose_answer, times=2)
    storage.disturb(lose_answer, times=2)
    client.export_audit(tmp_path / "export")
    assert VERIFIER.verify(tmp_path / "export").faults == []


def add_events(registry: Services, times: int) -> Answering:
    """Answer as the registry does, after ``times`` more changes of the model."""

    def answer(asked: httpx.Request, forward: Forward) -> httpx.Response:
        for number in range(times):
            models.update_model(registry, request(), "fraud", models.ProfileChange(owner=f"owner {number} of {times}"))
        return forward(asked)

    return answer


def verifies(asked: httpx.Request) -> bool:
    return asked.url.path.endswith("/fraud/events/verify")


def lists_newest(asked: httpx.Request) -> bool:
    return asked.url.path.endswith("/fraud/events") and asked.url.params.get("order") == "newest"


def test_an_export_ends_at_the_head_although_events_are_added_meanwhile(
    trail: Services, client: Client, api: Line, tmp_path: Path
) -> None:
    api.disturb(add_events(trail, 2), when=verifies)
    api.disturb(add_events(trail, 3), when=lists_newest)
    client.export_audit(tmp_path / "export", models=["fraud"])
    report = VERIFIER.verify(tmp_path / "export")
    assert report.faults == []
    assert report.events == len(list(client.events.list("fraud")))


def test_a_ledger_is_verified_although_events_are_added_meanwhile(trail: Services, client: Client, api: Line) -> None:
    api.disturb(add_events(trail, 2), when=verifies)
    api.disturb(add_events(trail, 3), when=lists_newest)
    assert client.events.verify("fraud").sequence == len(list(client.events.list("fraud")))


def test_an_export_of_an_earlier_release_is_verified_without_the_head(
    trail: Services, client: Client, tmp_path: Path
) -> None:
    client.export_audit(tmp_path / "export")
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text("utf-8"))
    for entry in manifest["ledgers"]:
        del entry["head_hash"]
    (tmp_path / "export" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    report = VERIFIER.verify(tmp_path / "export")
    assert report.faults == []
    assert any("did not state the ledger's head" in note for note in report.notes)


def test_the_command_writes_an_export_and_says_what_is_in_it(trail: Services, connect: Connect, tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(main, ["audit", "export", "--all", str(tmp_path / "a")], obj=connect)
    assert done.exit_code == 0, done.output
    assert "2 ledgers, 6 events, 2 anchors" in done.stdout
    again = run(main, ["audit", "export", "--all", str(tmp_path / "a")], obj=connect)
    assert again.exit_code == exits.USAGE
    assert "not empty" in again.stderr
    for arguments in ([], ["--all", "--model", "fraud"]):
        wrong = run(main, ["audit", "export", *arguments, str(tmp_path / "b")], obj=connect)
        assert wrong.exit_code == exits.USAGE
    missing = run(main, ["audit", "export", "--model", "none", str(tmp_path / "c")], obj=connect)
    assert missing.exit_code == exits.NOT_FOUND
    document = json.loads(
        run(main, ["audit", "export", "--model", "fraud", str(tmp_path / "d"), "--json"], obj=connect).stdout
    )
    assert (document["ledgers"], document["anchors"]) == (1, 2)


def test_who_uses_a_version_is_a_command(trail: Services, connect: Connect) -> None:
    usage(batch(use(1, "champion"), use(2), use(3, version=2, principal="token:ci")), CONTEXT)
    (one,) = json.loads(CliRunner().invoke(main, ["usage", "fraud/3", "--json"], obj=connect).stdout)
    assert (one["principal"], one["count"], one["last_alias"]) == ("token:serving", 2, "champion")
    table = CliRunner().invoke(main, ["usage", "fraud"], obj=connect).stdout
    assert "token:ci" in table and "token:serving" in table
