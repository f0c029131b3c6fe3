"""What a version takes over from a run and a logged model, within what a version takes."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import RegistryError
from chalicelib.domain.mlflow import mlmodel
from chalicelib.domain.mlflow.evidence import Evidence, described
from chalicelib.domain.mlflow.tracking import bounds
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, LoggedModel, Metric, Output, Run, RunStatus
from chalicelib.domain.versions.decisions import checked_description
from chalicelib.domain.versions.version import Description
from tests.registry.mlflow.logged import MLMODEL

URI = "models:/m-1"


def run(metrics: tuple[Metric, ...] = (), **about: Any) -> Run:
    latest = {metric.key: metric for metric in metrics}
    return Run("r", "0", "calm-sea-1", "ada", "token:ada", RunStatus.FINISHED, 1, "x", metrics=latest, **about)


def logged(**about: Any) -> LoggedModel:
    return LoggedModel("m-1", "0", "model", "token:ada", 1, 1, "x", **about)


def taken(evidence: Evidence, given: Description | None = None) -> Description:
    return described(given or Description(), evidence, URI, "m-1", "r", None)


def test_parameters_are_taken_as_they_were_given_and_the_models_own_count_more() -> None:
    found = taken(Evidence(run(params={"C": "0.10", "a/b": "x"}), logged(params={"C": "1"})))
    assert found.parameters == {"C": "1", "a.b": "x"}


def test_the_points_of_the_first_step_that_clients_copy_to_a_model_do_not_hide_later_ones() -> None:
    of_run, copied = (Metric("auc", 0.99, 30, 2),), (Metric("auc", 0.7, 10, 0, "m-1"),)
    assert taken(Evidence(run(of_run), logged(metrics=copied))).metrics == {"auc": 0.99}
    evaluated = (Metric("auc", 0.8, 40, 0, "m-1"),)
    assert taken(Evidence(run(of_run), logged(metrics=evaluated))).metrics == {"auc": 0.8}


def test_a_model_of_a_later_step_has_the_metrics_of_that_step() -> None:
    model = logged(metrics=(Metric("auc", 0.8, 20, 1, "m-1"),))
    of_run = run((Metric("auc", 0.99, 30, 2),), outputs=(Output(model.id, 1),))
    assert taken(Evidence(of_run, model)).metrics == {"auc": 0.8}


def test_of_each_metric_the_latest_counts_but_not_what_was_measured_of_another_model() -> None:
    of_run = (Metric("auc", 0.7, 9, 9), Metric("loss", 0.1, 1), Metric("other", 0.5, 1, model_id="m-2"))
    of_model = (Metric("auc", 0.9, 5, 2), Metric("auc", 0.8, 6, 1), Metric("nan", float("nan"), 1))
    found = taken(Evidence(run(of_run), logged(metrics=of_model)))
    assert found.metrics == {"auc": 0.7, "loss": 0.1}


def test_datasets_git_and_author_are_the_provenance() -> None:
    tags = {
        "mlflow.user": "ada@example.com",
        "mlflow.source.git.commit": "abc",
        "mlflow.source.git.repoURL": "https://git.example/x.git",
    }
    datasets = (DatasetInput("iris", "d1", "local"),)
    provenance = taken(Evidence(run(tags=tags, datasets=datasets))).provenance
    assert provenance == {
        "author": "ada@example.com",
        "artifact_source": {"uri": URI, "logged_model": "m-1"},
        "run": {"id": "r"},
        "datasets": [{"name": "iris", "digest": "d1"}],
        "source": {"repository": "https://git.example/x.git", "commit": "abc"},
    }


def test_the_flavour_and_the_signature_come_from_the_models_own_file() -> None:
    found = taken(Evidence(mlmodel=MLMODEL, requirements="# pins\n-r other.txt\nscikit-learn==1.7.0\n\n"))
    assert found.framework == {"name": "sklearn", "version": "1.7.0"}
    assert found.signature == {
        "inputs": [{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}],
        "outputs": [{"type": "long", "name": "it's", "required": True}],
    }
    assert found.provenance["runtime"] == {"python": "3.11.9", "requirements": ["scikit-learn==1.7.0"]}


def test_the_given_description_is_kept_however_much_evidence_there_is() -> None:
    much = {f"p{number:04}": "x" * 5_000 for number in range(60)}
    datasets = tuple(DatasetInput("d" * 500, f"{number}", "local") for number in range(100))
    metrics = tuple(Metric(f"metric-{number:04}", number / 7, 1) for number in range(1_000))
    given_description = Description(description="ä" * 10_000, tags={f"t{number}": "x" * 700 for number in range(50)})
    found = taken(Evidence(run(metrics, params=much, datasets=datasets), logged(), MLMODEL), given_description)
    assert (found.description, found.tags) == (given_description.description, given_description.tags)
    assert checked_description(found) == found
    roomy = taken(Evidence(run(metrics, params=much, datasets=datasets), logged(), MLMODEL))
    assert checked_description(roomy) == roomy
    assert roomy.framework and roomy.signature and len(roomy.metrics) > 100 and roomy.parameters


@pytest.mark.parametrize(
    "signature",
    [
        '{"a": NaN}',
        '"\\ud800"',
        "[" * 40 + "]" * 40,
        "[" * 100_000,
        "{not json",
        "1" + "0" * 5_000,
        '"' + "x" * 20_000 + '"',
    ],
)
def test_a_signature_that_no_version_takes_is_left_out(signature: str) -> None:
    file = f"flavors:\n  sklearn:\n    sklearn_version: 1.7.0\nsignature:\n  inputs: '{signature}'\n"
    found = taken(Evidence(mlmodel=file))
    assert found.signature is None and found.framework == {"name": "sklearn", "version": "1.7.0"}
    assert checked_description(found) == found


keys = st.text("abcz/.-_ :0", min_size=1, max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
points = st.builds(Metric, keys, st.floats(), st.integers(0, 9), st.integers(0, 3))


def legal(given: Mapping[str, str]) -> dict[str, str]:
    """Those that a run takes."""
    kept = {}
    for name, value in given.items():
        try:
            kept[bounds.key(name)] = value
        except RegistryError:
            continue
    return kept


@given(
    st.dictionaries(keys, texts, max_size=8).map(legal),
    st.dictionaries(keys, texts, max_size=8).map(legal),
    st.lists(points, max_size=8),
    st.one_of(st.none(), texts, st.just(MLMODEL), st.text("ab:\n '\"\\-{}[]", max_size=200)),
    st.one_of(st.none(), texts),
)
def test_evidence_never_keeps_a_version_from_being_registered(
    params: dict[str, str], tags: dict[str, str], metrics: list[Metric], file: str | None, requirements: str | None
) -> None:
    named = tuple(metric for metric in metrics if legal({metric.key: ""}))
    evidence = Evidence(run(named, params=params, tags=tags), logged(metrics=named, params=tags), file, requirements)
    found = taken(evidence)
    assert checked_description(found) == found


@given(st.text(max_size=300))
def test_any_text_can_be_read_as_a_models_file(text: str) -> None:
    read = mlmodel.parsed(text)
    assert isinstance(read, dict)
    mlmodel.framework(read), mlmodel.signature(read), mlmodel.python_version(read), mlmodel.requirements(text)


def test_a_quoted_text_may_be_folded_and_escaped() -> None:
    read = mlmodel.parsed("a: 'one\n  two\n\n  it''s'\nb: \"x\\\n  \\ y\\u00e9\"\nc: plain\n  on\nd: null\n")
    assert read == {"a": "one two\nit's", "b": "x yé", "c": "plain on", "d": None}


def test_quotes_that_never_close_cost_no_more_than_the_text_is_long() -> None:
    """Read line by line, each once: with a look at all that came before at each line this would not end."""
    for quote in "'\"":
        assert set(mlmodel.parsed(f"a: {quote}x\n" + "y: z\n" * 120_000)) == {"a"}
