"""Monitors through the SDK and the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from moorage import Client, NotFoundError

from chalicelib.aws.services import Services
from chalicelib.domain.instants import moment
from tests.client.test_cli import Run, run
from tests.domain.monitoring.build import numeric
from tests.registry.monitoring.watched import hours_on, set_clock

__all__ = ["run"]

BASELINE = numeric(n=10_000).document()
STEADY, SHIFTED = numeric().document(), numeric((0.6, 0.3, 0.1)).document()


@pytest.fixture
def served(client: Client, registry: Services, build: Path) -> Client:
    """A version whose amounts are watched; three hours have passed since the first window began."""
    set_clock(registry, 0)
    client.register("fraud", build)
    set_clock(registry, 3)
    client.monitors.save(
        "fraud", "amounts", "drift", selector="1", baseline=[BASELINE], on_alarm=[{"do": "fail_check"}]
    )
    return client


def test_a_reporter_puts_windows_until_the_monitor_alarms(served: Client) -> None:
    first = served.monitors.put_window("fraud", "amounts", hours_on(0), 1_000, features=[SHIFTED], source="eu")
    assert (first.windows[0].source, first.standing.verdict) == ("eu", "warning")
    batch = [{"start": hours_on(hour), "n": 1_000, "features": [SHIFTED], "version": 1} for hour in (1, 2)]
    assert served.monitors.put_windows("fraud", "amounts", batch).standing.verdict == "alarm"
    assert [one.source for one in served.monitors.windows("fraud", "amounts", version=1)] == [
        "default",
        "default",
        "eu",
    ]
    judged = served.monitors.judge("fraud", "amounts", windows=2)
    assert (judged.verdict, judged.version, len(judged.windows)) == ("alarm", 1, 2)
    assert judged.windows[0].findings[0].name == "amount"
    (health,) = served.models.overview("fraud").monitors
    assert (health.name, health.verdict, health.version) == ("amounts", "alarm", 1)


def test_a_baseline_is_taken_from_what_was_seen_of_a_version(served: Client) -> None:
    for hour, seen in ((0, STEADY), (1, STEADY), (2, SHIFTED)):
        served.monitors.put_window("fraud", "amounts", hours_on(hour), 1_000, features=[seen])
    first, last = moment(hours_on(0)), moment(hours_on(1))
    saved = served.monitors.save(
        "fraud", "amounts", "drift", selector="1", baseline={"version": 1, "first": first, "last": last}
    )
    assert saved.baseline[0].counts == tuple(2 * count for count in STEADY["counts"])
    assert saved.baseline_from is not None and saved.baseline_from.startswith("2 windows of version 1")


def test_a_monitor_is_listed_changed_and_deleted(served: Client) -> None:
    made = served.monitors.get("fraud", "amounts")
    assert made.baseline[0].counts == tuple(BASELINE["counts"])
    changed = served.monitors.save("fraud", "amounts", "drift", selector="1", min_n=500, if_match=made.etag)
    assert (changed.min_n, changed.baseline) == (500, made.baseline)
    assert [one.name for one in served.monitors.list("fraud")] == ["amounts"]
    served.monitors.delete("fraud", "amounts")
    with pytest.raises(NotFoundError):
        served.monitors.get("fraud", "amounts")


def test_monitors_on_the_command_line(served: Client, run: Run, tmp_path: Path) -> None:
    def document(*arguments: str | Path) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    definition, windows = tmp_path / "monitor.yaml", tmp_path / "windows.json"
    definition.write_text("kind: performance\nselector: '1'\nmetrics:\n  accuracy:\n    at_least: 0.9\n")
    assert document("monitors", "save", "fraud", "quality", definition)["metrics"]["accuracy"]["at_least"] == 0.9
    assert [one["name"] for one in document("monitors", "list", "fraud")] == ["amounts", "quality"]
    counted = [{"start": hours_on(hour), "n": 1_000, "features": [SHIFTED]} for hour in range(3)]
    windows.write_text(json.dumps(counted))
    assert document("monitors", "report", "fraud", "amounts", windows)["verdict"] == "alarm"
    windows.write_text(json.dumps(counted[0]))
    assert (
        "kept 1 window; amounts is at alarm, of version 1"
        in run("monitors", "report", "fraud", "amounts", windows).stdout
    )
    assert len(document("monitors", "windows", "fraud", "amounts", "--version", "1")) == 3
    assert document("monitors", "judge", "fraud", "amounts", "--windows", "1")["verdict"] == "alarm"
    assert "psi is" in run("monitors", "judge", "fraud", "amounts").stdout
    shown = run("monitors", "show", "fraud", "amounts").stdout
    assert "alarm, of version 1" in shown
    assert "fail_check" in shown
    assert document("monitors", "delete", "fraud", "quality", "--yes") == {"deleted": "quality"}


def test_a_definition_on_the_command_line_names_the_evidence_file_of_its_baseline(
    served: Client, run: Run, tmp_path: Path
) -> None:
    histograms, definition = tmp_path / "holdout.json", tmp_path / "inputs.yaml"
    histograms.write_text(json.dumps([SHIFTED]))
    run("evidence", "attach", "fraud/1", histograms)
    definition.write_text("kind: drift\nselector: '1'\nbaseline: {version: 1, evidence_file: holdout.json}\n")
    run("monitors", "save", "fraud", "amounts", definition)
    assert served.monitors.get("fraud", "amounts").baseline[0].counts == tuple(SHIFTED["counts"])


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("save", "selector: '1'\n", "is not a monitor"),
        ("save", "- kind: drift\n", "is not a monitor"),
        ("save", "kind: drift\nmodel: fraud\n", "'model', which is no field"),
        ("save", "kind: drift\nif_match: '*'\n", "'if_match', which is no field"),
        ("save", "kind: drift\n1: 2\n", "1, which is no field"),
        ("report", "[]\n", "has no windows"),
        ("report", "- 2026-01-01T00:00:00\n", "put it in quotes"),
        ("report", "'\n", "neither YAML nor JSON"),
    ],
)
def test_a_file_that_is_no_definition_or_has_no_windows_is_refused(
    served: Client, run: Run, tmp_path: Path, command: str, text: str, said: str
) -> None:
    file = tmp_path / "given.yaml"
    file.write_text(text)
    assert said in run("monitors", command, "fraud", "amounts", file, code=2).output.replace("\n", " ")
