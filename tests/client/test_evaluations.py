"""Evaluations with what their metrics rest on, their history and their series, with the SDK and on the command line."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from click.testing import CliRunner
from moorage import Client, ConflictError, Confusion, Dataset, Measure, MeasuredInterval, Paired, ShareInterval, Slice
from moorage.cli import exits
from moorage.cli.main import main
from moorage.monitoring import baseline

from tests.client.conftest import Connect
from tests.client.lines import Line

RECALL = Measure(0.9, n=1000, successes=900, direction="up")
AUC = Measure(0.95, interval=MeasuredInterval(0.93, 0.97, 0.95, "bootstrap"))


@pytest.fixture(autouse=True)
def fraud(client: Client, build: Path) -> None:
    for _ in range(2):
        client.register("fraud", build)


def test_a_measure_comes_back_as_it_was_given(client: Client) -> None:
    part = Slice({"country": "FR"}, {"f1": 0.5}, n=4, counts=Confusion(1, 1, 1, 1), measures={"mae": Measure(2, sd=1)})
    paired = Paired(1, 880, 20, 12, 88)
    recorded = client.evaluations.record(
        "fraud", 2, "holdout", {"recall": RECALL, "auc": AUC, "rows": 5}, slices=[part], paired=paired
    )
    assert recorded.metrics == {"recall": 0.9, "auc": 0.95, "rows": 5}
    assert recorded.measures == {"recall": RECALL, "auc": AUC}
    assert recorded.slices == (
        Slice({"country": "FR"}, {"f1": 0.5, "mae": 2}, 4, Confusion(1, 1, 1, 1), {"mae": Measure(2, sd=1)}),
    )
    assert recorded.paired == paired
    assert client.evaluations.list("fraud", 2) == (replace(recorded, etag=None),)


def test_numbers_of_other_libraries_become_plain_in_measures(client: Client) -> None:
    given = Measure(numpy.float32(0.5), n=numpy.int64(10), successes=numpy.int8(5))  # type: ignore[arg-type]  # numbers all the same
    recorded = client.evaluations.record("fraud", 1, "holdout", {"recall": given})
    assert recorded.measures == {"recall": Measure(0.5, 10, 5)}


def test_the_registry_computes_the_interval_of_a_share_that_is_asked_for(client: Client) -> None:
    asked = Measure(0.9, n=100, successes=90, share_interval=ShareInterval("clopper_pearson", level=0.99))
    found = client.evaluations.record("fraud", 1, "holdout", {"recall": asked}).measures["recall"].interval
    assert found is not None and (found.method, found.level) == ("clopper_pearson", 0.99)
    assert (found.low, found.high) == (pytest.approx(0.7980, abs=1e-4), pytest.approx(0.9618, abs=1e-4))


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (
            Measure(0.9, interval=MeasuredInterval(0.8, 1, 0.95, "x"), share_interval=ShareInterval()),
            "give interval or share_interval",
        ),
        (Measure(math.nan), "the metric 'auc' is nan"),
        (Measure(0.5, sd=math.inf), "sd of the metric 'auc' is inf"),
        (
            Measure(0.5, interval=MeasuredInterval(0, math.nan, 0.95, "x")),
            "high of the interval of the metric 'auc' is nan",
        ),
    ],
)
def test_nothing_is_sent_of_a_measure_that_json_cannot_hold(
    client: Client, api: Line, measure: Measure, said: str
) -> None:
    sent = len(api.requests)
    with pytest.raises(ValueError, match=said):
        client.evaluations.record("fraud", 1, "holdout", {"auc": measure})
    assert len(api.requests) == sent


def test_the_history_and_the_series_of_a_name(client: Client) -> None:
    for recall in (0.7, 0.8):
        client.evaluations.record("fraud", 1, "holdout", {"recall": recall}, dataset=Dataset("transactions"))
    client.evaluations.record("fraud", 2, "holdout", {"recall": RECALL})
    client.evaluations.withdraw("fraud", 1, "holdout")
    newest, older = client.evaluations.history("fraud", 1, "holdout")
    assert (newest.metrics, newest.version, older.metrics) == ({"recall": 0.8}, 1, {"recall": 0.7})
    assert newest.withdrawn_at is not None and older.withdrawn_at is None
    series = client.evaluations.series("fraud", "holdout", "recall")
    assert [(point.version, point.value, point.n) for point in series.metrics["recall"]] == [
        (1, 0.7, None),
        (2, 0.9, 1000),
    ]
    assert not client.evaluations.series("fraud", "holdout", "recall", version=3).metrics["recall"]


def test_the_command_line_takes_measures_and_counts_from_files(
    client: Client, connect: Connect, tmp_path: Path
) -> None:
    def file(name: str, content: Any) -> str:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)

    counts = {"tp": 1, "fp": 1, "fn": 1, "tn": 1}
    run = CliRunner()
    arguments = [
        *("evaluations", "record", "fraud/2", "holdout", "--metric", "auc=0.9"),
        *("--metrics", file("metrics", {"recall": {"value": 0.9, "n": 1000, "successes": 900}, "f1": 0.5})),
        *("--slices", file("slices", [{"group": {"a": 1}, "metrics": {"f1": {"value": 1, "n": 2}}, "counts": counts}])),
        *(
            "--paired",
            file("paired", {"against": 1, "both_right": 8, "only_this": 1, "only_other": 1, "both_wrong": 2}),
        ),
    ]
    recorded = run.invoke(main, arguments, obj=connect)
    assert recorded.exit_code == 0, recorded.output
    (found,) = client.evaluations.list("fraud", 2)
    assert (found.metrics, found.measures["recall"].successes) == ({"auc": 0.9, "recall": 0.9, "f1": 0.5}, 900)
    assert (found.slices[0].counts, found.slices[0].measures["f1"].n) == (Confusion(1, 1, 1, 1), 2)
    assert found.paired == Paired(1, 8, 1, 1, 2)
    shown = run.invoke(main, ["--json", "evaluations", "history", "fraud/2", "holdout"], obj=connect)
    assert json.loads(shown.stdout)[0]["metrics"]["auc"] == 0.9
    refused = run.invoke(main, ["evaluations", "record", "fraud/2", "holdout"], obj=connect)
    assert refused.exit_code == exits.USAGE


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--metrics", {"recall": {"n": 1000}}, "file.json has no Measure.value"),
        ("--metrics", {"recall": {"value": 0.9, "n": "many"}}, "file.json has Measure.n of type str"),
        ("--metrics", {"recall": {"value": 0.9, "sucesses": 900}}, "file.json has 'sucesses'"),
        ("--slices", [{"group": {"a": 1}, "count": {}}], "file.json has 'count'"),
        ("--slices", [{"group": {"a": 1}, "metrics": {"f1": {"value": 1, "N": 2}}}], "file.json has 'N'"),
        ("--slices", ["a"], "file.json has Slice of type str"),
        ("--paired", {"against": 1}, "file.json has no Paired.both_right"),
    ],
)
def test_a_file_of_measures_that_does_not_fit_is_a_usage_error_that_names_the_field(
    connect: Connect, tmp_path: Path, option: str, content: Any, said: str
) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps(content))
    arguments = ["evaluations", "record", "fraud/2", "holdout", "--metric", "auc=0.9", option, str(file)]
    refused = CliRunner().invoke(main, arguments, obj=connect, env={"COLUMNS": "500"})
    assert refused.exit_code == exits.USAGE
    assert said in refused.output


def test_a_comparison_says_which_version_is_better_in_python_on_the_command_line_and_in_notebooks(
    client: Client, connect: Connect
) -> None:
    for number, right in ((1, 900), (2, 950)):
        recall = Measure(right / 1000, n=1000, successes=right, direction="up")
        client.evaluations.record(
            "fraud", number, "holdout", {"recall": recall, "rows": 9}, dataset=Dataset("holdout", digest="d1")
        )
    made = client.versions.compare("fraud", 1, 2)
    recall_row, rows_row = made.evaluations[0].metrics
    assert [None if one is None else one.verdict for one in recall_row.verdicts] == [None, "better"]
    assert [None if one is None else one.verdict for one in rows_row.verdicts] == [None, "insufficient"]
    said = "better (95 %: +0.02705 to +0.07339)"
    assert str(recall_row.verdicts[1]) == said
    shown = CliRunner().invoke(main, ["compare", "fraud/1", "fraud/2"], obj=connect, env={"COLUMNS": "200"})
    assert f"0.95 (+0.05) {said}" in shown.stdout
    assert "insufficient" not in shown.stdout
    assert f"0.95 (+0.05), {said}" in made._repr_html_()


def test_a_baseline_that_is_recorded_with_an_evaluation_is_one_that_a_monitor_can_name(client: Client) -> None:
    training = baseline({"amount": [1.0, 2.0, 5.0, 9.0], "country": ["FR", "DE", "FR", "IT"]})
    client.evaluations.record("fraud", 2, "holdout", {"auc": 0.95}, baseline=training)
    (file,) = client.evidence_files.list("fraud", 2)
    assert (file.name, file.evaluation) == ("baseline.json", "holdout")
    monitor = client.monitors.save(
        "fraud", "inputs", "drift", selector="2", baseline={"version": 2, "evidence_file": "baseline.json"}
    )
    assert [(one.name, one.counts) for one in monitor.baseline] == [(one.name, one.counts) for one in training.features]
    assert monitor.baseline_from == f"baseline.json of the evaluation holdout of version 2, SHA-256 {file.sha256}"


def test_a_baseline_may_be_recorded_again_but_another_one_needs_another_name(client: Client) -> None:
    one, other = baseline({"amount": [1.0, 2.0]}), baseline({"amount": [1.0, 3.0]})
    for _ in range(2):
        client.evaluations.record("fraud", 2, "holdout", {"auc": 0.95}, baseline=one)
    with pytest.raises(ConflictError):
        client.evaluations.record("fraud", 2, "holdout", {"auc": 0.96}, baseline=other)
    (evaluation,) = client.evaluations.list("fraud", 2)
    assert evaluation.metrics == {"auc": 0.95}
    client.evaluations.record("fraud", 2, "holdout", {"auc": 0.96}, baseline=other, baseline_file="later.json")
    assert [file.name for file in client.evidence_files.list("fraud", 2)] == ["baseline.json", "later.json"]
