"""Overviews, dry runs of all moves, and series of metrics, with the SDK and on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moorage import Client, NotFoundError, Point
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.conftest import Connect

Text = Callable[..., str]


@pytest.fixture(autouse=True)
def fraud(client: Client, build: Path) -> None:
    """The champion fraud/1 in production, and the challenger fraud/2, which is better and slower."""
    known = {"metric_directions": {"auc": "up", "latency_ms": "down"}}
    client.models.create("fraud", owner="risk", metadata=known)
    client.register("fraud", build, metrics={"auc": 0.95, "latency_ms": 20}, parameters={"depth": 4})
    client.register("fraud", build, metrics={"auc": 0.97, "latency_ms": 31}, parameters={"depth": 6})
    client.aliases.set("fraud", "champion", 1)
    client.challengers.set("fraud", 2)
    client.versions.transition("fraud", 1, "production")


@pytest.fixture
def text(connect: Connect) -> Text:
    def invoke(*arguments: str) -> str:
        result = CliRunner().invoke(main, list(arguments), obj=connect)
        assert result.exit_code == 0, result.output
        return result.stdout

    return invoke


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_overview_of_a_model_has_what_its_single_calls_have(client: Client) -> None:
    shown = client.models.overview("fraud")
    assert shown.model.name == "fraud"
    stages = {stage.name: stage for stage in shown.stages}
    assert [stage.name for stage in client.stages.list("fraud")] == list(stages)
    assert (stages["production"].version, stages["production"].count) == (1, 1)
    assert [version.number for version in stages["development"].versions] == [2]
    assert shown.champion is not None and shown.challenger is not None and shown.differences is not None
    assert (shown.champion.number, shown.challenger.number) == (1, 2)
    assert shown.differences.metrics[0].differences == (0, 0.02)
    assert shown.directions == {"auc": "up", "latency_ms": "down"}


def test_the_overview_of_a_version_has_its_evidence_requests_and_differences(client: Client) -> None:
    client.checks.report("fraud", 2, "ci", passed=True)
    client.evaluations.record("fraud", 2, "holdout", {"auc": 0.96})
    asked = client.requests.open("fraud", 2, "staging")
    shown = client.versions.overview("fraud", "@challenger")
    assert shown.version.number == 2
    assert [check.name for check in shown.checks] == ["ci"]
    assert [evaluation.metrics for evaluation in shown.evaluations] == [{"auc": 0.96}]
    assert [request.number for request in shown.requests] == [asked.number]
    assert shown.compared_to is not None and shown.differences is not None
    assert (shown.compared_to.pointer, shown.compared_to.version.number) == ("alias:champion", 1)
    assert [row.values for row in shown.differences.parameters] == [(4, 6)]


def test_the_dry_runs_of_a_version_are_one_for_each_next_stage(client: Client) -> None:
    moves = client.versions.transitions("fraud", 2)
    following = {stage.name: stage.next for stage in client.stages.list("fraud")}
    assert tuple(move.to_stage for move in moves) == following["development"]
    assert {move.way for move in moves} == {"call"}
    assert all(move.allowed and not move.automatic for move in moves)


def test_a_series_has_points_in_the_order_of_versions(client: Client, build: Path) -> None:
    client.register("fraud", build, metrics={'a, "b"': 1})
    found = client.models.series("fraud", "auc", 'a, "b"', limit=1)
    assert found.metrics == {"auc": (Point(2, 0.97),), 'a, "b"': (Point(3, 1),)}
    assert found.directions["auc"] == "up"
    with pytest.raises(NotFoundError):
        client.models.series("none", "auc")


def test_the_overview_of_a_model_is_shown_as_text(text: Text) -> None:
    shown = lines(text("overview", "fraud"))
    for expected in (
        ["champion", "version", "1", "in", "production"],
        ["production", "1", "1"],
        ["archived", "0", "-"],
        ["auc", "0.95", "0.97", "+0.02", "better"],
        ["latency_ms", "20", "31", "+11", "worse"],
        ["depth", "4", "6"],
    ):
        assert expected in shown


def test_the_overview_of_a_version_is_shown_as_text(client: Client, text: Text) -> None:
    client.checks.report("fraud", 2, "bias", passed=False)
    client.evaluations.record("fraud", 2, "holdout", {"auc": 0.96})
    client.requests.open("fraud", 2, "staging")
    shown = lines(text("overview", "fraud/2"))
    for expected in (
        ["compared", "to", "version", "1", "(alias:champion)"],
        ["bias", "failed"],
        ["holdout", "offline", "auc=0.96"],
        ["1", "2", "staging", "approved", "token:bootstrap", "-"],
    ):
        assert expected in shown
    assert "metrics" in text("overview", "fraud@champion")


def test_an_overview_is_one_json_document(text: Text) -> None:
    document: dict[str, Any] = json.loads(text("overview", "fraud", "--json"))
    assert document["challenger"]["number"] == 2


def test_all_next_moves_are_explained_at_once(client: Client, text: Text) -> None:
    shown = text("explain", "fraud/2")
    for move in client.versions.transitions("fraud", 2):
        assert f"fraud/2 from development to {move.to_stage}:" in shown
    assert "can be made" in shown


def test_a_series_is_shown_as_a_table(text: Text, connect: Connect) -> None:
    assert lines(text("series", "fraud", "auc", "latency_ms", "loss")) == [
        ["version", "auc", "latency_ms", "loss"],
        ["1", "0.95", "20", "-"],
        ["2", "0.97", "31", "-"],
    ]
    assert lines(text("series", "fraud", "auc", "--limit", "1"))[1:] == [["2", "0.97"]]
    assert text("series", "fraud", "auc", "latency_ms", "--output", "csv").splitlines() == [
        "version,auc,latency_ms",
        "1,0.95,20",
        "2,0.97,31",
    ]
    refused = CliRunner().invoke(main, ["series", "fraud", "loss"], obj=connect)
    assert refused.exit_code == exits.NOT_FOUND
    assert "no version of fraud has a metric loss; there are auc, latency_ms" in refused.stderr
