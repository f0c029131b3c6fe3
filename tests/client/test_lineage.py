"""Lineage through the SDK and the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from moorage import Client, InvalidRequestError, croissant_dataset
from rich.cells import cell_len

from tests.client.cli.terminal import run_in_terminal
from tests.client.conftest import Connect
from tests.client.test_cli import Run, run

__all__ = ["run"]

CLICKS = {"name": "clicks", "digest": "d1"}


@pytest.fixture
def family(client: Client, build: Path) -> Client:
    """``fraud/1``, in production, is fine-tuned from ``base/1``, which was trained on clicks by a run."""
    client.register("base", build, provenance={"datasets": [CLICKS], "run": {"id": "r1"}})
    bases = [{"model": "base", "version": 1, "relation": "finetune"}]
    client.register("fraud", build, provenance={"base_models": bases, "run": {"id": "r1"}})
    client.versions.transition("fraud", 1, "production")
    return client


def test_lineage_is_read_through_the_sdk_as_one_graph(family: Client) -> None:
    found = family.lineage.of("fraud", 1)
    assert found.start.label == "fraud/1"
    assert {node.label: (node.direction, node.depth) for node in found.nodes} == {
        "base/1": ("up", 1),
        "r1": ("up", 1),
        "clicks (digest d1)": ("up", 2),
    }
    assert {edge.type for edge in found.edges} == {"based_on", "made_by", "trained_on"}
    assert not found.more
    below = family.lineage.of_node("clicks", digest="d1", direction="down")
    assert [node.label for node in below.nodes] == ["base/1", "fraud/1"]


def test_questions_are_answered_through_the_sdk(family: Client) -> None:
    (found,) = family.lineage.descendants(dataset="clicks")
    assert [node.label for node in found.path] == ["fraud/1", "base/1", "clicks (digest d1)"]
    assert list(family.lineage.serving()) == []
    recipe = family.lineage.reproducibility("base", 1)
    assert {one.name: one.answer for one in recipe.ingredients}["data"] == "recorded"
    assert not recipe.complete


def test_lineage_is_stated_and_exported_through_the_sdk(family: Client) -> None:
    (event,) = family.lineage.to_openlineage("base", 1)
    event["inputs"].append({"namespace": "s3://lake", "name": "taps"})
    family.lineage.state(event)
    labels = {node.label for node in family.lineage.of("base", 1, direction="up").nodes}
    assert "s3://lake/taps" in labels
    assert len(family.lineage.to_prov("base", 1)["entity"]) == 3


def test_what_was_stated_is_taken_back_through_the_sdk_and_on_the_command_line(
    family: Client, run: Run, tmp_path: Path
) -> None:
    facets = {"datasetType": {"datasetType": "MODEL"}, "version": {"datasetVersion": "1"}}
    event = {
        "eventTime": "2026-11-23T09:30:00Z",
        "producer": "https://example.com/pipeline",
        "job": {"namespace": "airflow", "name": "train"},
        "inputs": [{"namespace": "s3://lake", "name": "taps"}],
        "outputs": [{"namespace": "moorage", "name": "base", "facets": facets}],
    }
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event))
    before = family.lineage.of("base", 1).nodes
    for take_back in (lambda: family.lineage.unstate(event), lambda: run("unstate", file)):
        family.lineage.state(event)
        assert len(family.lineage.of("base", 1).nodes) > len(before)
        take_back()
        assert family.lineage.of("base", 1).nodes == before
    file.write_text("[]")
    assert "is no OpenLineage event" in run("unstate", file, code=2).output.replace("\n", " ")


def test_lineage_is_shown_as_a_tree(family: Client, run: Run) -> None:
    assert run("lineage", "fraud/1").output.splitlines() == [
        "fraud/1",
        "comes from",
        "├─ finetune: version base/1",
        "│  ├─ made by: run r1",
        "│  └─ trained on: dataset clicks (digest d1)",
        "└─ made by: run r1",
    ]
    assert run("lineage", "base/1", "--direction", "down").output.splitlines() == [
        "base/1",
        "came of it",
        "└─ finetune: version fraud/1",
    ]
    shown = json.loads(run("--json", "lineage", "fraud/1", "--depth", "1").output)
    assert [node["kind"] for node in shown["nodes"]] == ["version", "run"]


def test_a_line_of_the_tree_is_cut_to_the_width_that_its_characters_take(
    client: Client, connect: Connect, build: Path
) -> None:
    client.register("wide", build, provenance={"datasets": [{"name": "数" * 60, "digest": "d1"}]})
    *_, line = run_in_terminal(["lineage", "wide/1", "--direction", "up"], connect).stdout.splitlines()
    assert line.startswith("└─ trained on: dataset 数") and line.endswith("…")
    assert cell_len(line) <= 80


def test_questions_are_answered_on_the_command_line(family: Client, run: Run) -> None:
    assert "base/1 < clicks (digest d1)" in run("descendants", "--dataset", "clicks").output
    assert run("descendants", "--json", "--dataset", "clicks", "--alias", "champion").output.strip() == "[]"
    run("descendants", code=2)
    run("descendants", "--dataset", "clicks", "--alias", "a", "--stage", "b", code=2)
    assert run("deployments", "origins", "--json").output.strip() == "[]"
    assert "missing" in run("recipe", "fraud/1").output


def test_a_croissant_description_gives_a_dataset_for_the_provenance(tmp_path: Path) -> None:
    one = {"@type": "cr:FileObject", "sha256": "a" * 64}
    other = {"@type": "cr:FileObject", "sha256": "b" * 64}
    described: dict[str, Any] = {"@type": "sc:Dataset", "name": "clicks", "version": "1.0", "distribution": [one]}
    assert croissant_dataset(described) == {"name": "clicks", "version": "1.0", "digest": "a" * 64}
    both = croissant_dataset({**described, "distribution": [one, other, {"@type": "cr:FileSet"}]})
    assert both == croissant_dataset({**described, "distribution": [other, one]})
    assert both["digest"] not in ("a" * 64, "b" * 64)
    assert croissant_dataset({"name": "clicks", "distribution": [one, {"@type": "cr:FileObject"}]}) == {
        "name": "clicks"
    }
    file = tmp_path / "croissant.json"
    file.write_text(json.dumps(described))
    assert croissant_dataset(file) == croissant_dataset(described)
    file.write_text("[]")
    for wrong in (file, {"distribution": [one]}):
        with pytest.raises(InvalidRequestError, match="Croissant"):
            croissant_dataset(wrong)
