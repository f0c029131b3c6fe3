"""Checks, evaluations and comparisons, with the SDK and on the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from moorage import Client, ConflictError, Dataset, ForbiddenError, PreconditionFailedError, Slice
from moorage.cli.main import main

from tests.client.conftest import Connect

Text = Callable[..., str]


@pytest.fixture
def text(connect: Connect) -> Text:
    """Runs a command and returns its output."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, obj=connect)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "model.bin").write_bytes(b"weights")
    return tmp_path


@pytest.fixture(autouse=True)
def fraud(client: Client, build: Path) -> None:
    client.register("fraud", build, metrics={"auc": 0.95}, parameters={"depth": 4})
    (build / "model.bin").write_bytes(b"others")
    client.register("fraud", build, metrics={"auc": 0.97}, parameters={"depth": 4}, framework={"name": "xgboost"})
    client.aliases.set("fraud", "champion", 1)


def test_a_report_and_a_recording_are_read_back_as_they_were_made(client: Client) -> None:
    until = datetime(2999, 1, 1, tzinfo=UTC)
    check = client.checks.report("fraud", 1, "ci", True, evidence="https://ci.example.com/1", expires_at=until)
    assert (check.state, check.expires_at) == ("passed", until)
    assert [(found.name, found.evidence) for found in client.checks.list("fraud", "@champion")] == [
        ("ci", "https://ci.example.com/1")
    ]
    then = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    slices = [Slice({"country": "FR"}, {"auc": 0.9})]
    made = client.evaluations.record(
        "fraud", 1, "holdout", {"auc": 0.95, "rows": 10}, slices=slices, dataset=Dataset("d", "1"), measured_at=then
    )
    (found,) = client.evaluations.list("fraud", 1)
    assert (found.metrics, found.slices, found.dataset) == ({"auc": 0.95, "rows": 10}, tuple(slices), Dataset("d", "1"))
    assert made.measured_at == then


def test_a_check_is_pending_from_its_opening_until_its_report(client: Client) -> None:
    opened = client.checks.open("fraud", 1, "ci", link="https://ci.example.com/1", due_in_minutes=90)
    assert (opened.state, opened.valid, opened.reported_at, opened.reported_by) == ("pending", False, None, None)
    assert opened.opened_at is not None and opened.due_at == opened.opened_at + timedelta(minutes=90)
    assert client.checks.open("fraud", 1, "ci", due_at=opened.due_at).link == "https://ci.example.com/1"
    assert [found.state for found in client.checks.list("fraud", 1)] == ["pending"]
    assert client.checks.report("fraud", 1, "ci", True).state == "passed"


def test_a_dry_run_shows_the_report_that_a_gate_waits_for(client: Client) -> None:
    gate = {"name": "ci", "kind": "check", "check": "ci", "reporters": ["oidc:*"]}
    scheme = client.schemes.get("default").document
    moves = [{**move, "gates": [gate]} if move["to"] == "staging" else move for move in scheme["transitions"]]
    client.schemes.save("own", {**scheme, "transitions": moves})
    client.schemes.assign("fraud", "own")
    opened = client.checks.open("fraud", 1, "ci")
    (found,) = client.versions.explain("fraud", 1, "staging").gates
    assert found.awaited is not None
    assert (found.awaited.until, found.awaited.reporters) == (opened.due_at, ("oidc:*",))
    with pytest.raises(ForbiddenError) as refused:
        client.checks.report("fraud", 1, "ci", True)
    assert refused.value.code == "reporter_refused"


def test_a_report_of_an_earlier_opening_is_refused(client: Client) -> None:
    first = client.checks.open("fraud", 1, "ci")
    client.checks.withdraw("fraud", 1, "ci")
    client.checks.open("fraud", 1, "ci")
    with pytest.raises(PreconditionFailedError):
        client.checks.report("fraud", 1, "ci", True, if_match=first.etag)


def test_a_stale_report_is_refused(client: Client) -> None:
    first = client.checks.report("fraud", 1, "ci", True)
    client.checks.report("fraud", 1, "ci", False)
    with pytest.raises(PreconditionFailedError):
        client.checks.report("fraud", 1, "ci", True, if_match=first.etag)


def test_a_comparison_is_decoded(client: Client) -> None:
    compared = client.versions.compare("fraud", "@champion", 2)
    assert [version.number for version in compared.versions] == [1, 2]
    assert compared.metrics[0].differences == (0.0, 0.02)
    assert compared.framework[0].values == (None, "xgboost")
    assert [row.name for row in compared.files] == ["model.bin"]


def test_the_challenger_is_named_shown_and_promoted(client: Client) -> None:
    assert client.challengers.set("fraud", 2, expected=None).alias == "challenger"
    compared = client.challengers.get("fraud")
    assert compared.comparison is not None
    assert (compared.champion, compared.challenger, compared.comparison.metrics[0].values) == (1, 2, (0.95, 0.97))
    with pytest.raises(ConflictError, match="points at version 2"):
        client.challengers.promote("fraud", expected=1)
    assert client.challengers.promote("fraud", expected=2, reason="better").version == 2
    client.challengers.set("fraud", 1)
    client.challengers.retire("fraud", reason="old")
    assert client.models.get("fraud").aliases == {"champion": 2}


def test_an_alias_is_protected_and_unprotected(client: Client) -> None:
    assert client.aliases.protect("fraud", "@champion") is True
    assert client.aliases.get("fraud", "champion").protected
    assert client.models.get("fraud").protected_aliases == ("champion",)
    assert client.aliases.protect("fraud", "champion", protected=False) is False


def test_the_table_of_a_comparison_shows_values_differences_and_what_differs(text: Text, tmp_path: Path) -> None:
    slices = tmp_path / "slices.json"
    slices.write_text(json.dumps([{"group": {"region": "eu"}, "metrics": {"p99_ms": 12}}]))
    for number, p99 in (("1", "20"), ("2", "15.5")):
        text("evaluations", "record", f"fraud/{number}", "latency", "--kind", "system", "--metric", f"p99_ms={p99}")
    text("evaluations", "record", "fraud/2", "eu", "--metric", "p99_ms=12", "--slices", str(slices))
    text("checks", "report", "fraud/2", "bias", "--failed", "--details", "[group] b")
    lines = [line.split() for line in text("compare", "fraud@champion", "fraud/2").splitlines()]
    for expected in (
        ["version", "1", "version", "2"],
        ["auc", "0.95", "0.97", "(+0.02)"],
        ["evaluation", "latency"],
        ["p99_ms", "20", "15.5", "(-4.5)"],
        ["evaluation", "eu,", "region=eu"],
        ["bias", "-", "failed"],
        ["name", "-", "xgboost"],
    ):
        assert expected in lines
    assert not any("depth" in line for line in lines)
    assert [line[0] for line in lines if len(line) == 3 and len(line[1]) == 13] == ["model.bin"]


def test_the_table_of_the_challenger_says_when_there_is_no_champion(text: Text) -> None:
    text("challenger", "set", "fraud/2")
    assert "0.97 (+0.02)" in text("challenger", "show", "fraud")
    text("alias", "delete", "fraud@champion", "--yes")
    assert "has no champion" in text("challenger", "show", "fraud")


def test_lists_show_what_was_reported(text: Text) -> None:
    text("checks", "report", "fraud/1", "scan", "--failed", "--details", "[CVE-1]")
    assert "[CVE-1]" in text("checks", "list", "fraud/1")
    measured = ("--metric", "auc=0.9", "--dataset", "holdout", "--measured-at", "2026-01-02")
    text("evaluations", "record", "fraud/1", "e", *measured)
    assert "2026-01-02T00:00:00.000Z" in text("evaluations", "list", "fraud/1")
