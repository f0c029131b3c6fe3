"""What a version comes from is read off what is recorded of it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.deployments.place import Place, Serving
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations
from chalicelib.domain.evidence.evaluation import Kind as Measured
from chalicelib.domain.lineage import origins
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, version_node
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Burial, Status, Version
from tests.domain.build import NOW, ready, register

WHOLE: dict[str, Any] = {
    "run": {"id": "r1"},
    "datasets": [{"name": "clicks", "digest": "d1"}, {"name": "taps", "version": "7"}, {"name": "all"}],
    "source": {"repository": "https://git.example.com/fraud", "commit": "abc"},
    "runtime": {"python": "3.12.1", "requirements": ["b==1", "a==2"], "image": "team/train:latest@sha256:77"},
    "base_models": [{"name": "bert", "revision": "v1", "relation": "finetune"}, {"model": "price", "version": 2}],
    "artifact_source": {"uri": "models:/churn/4"},
}


def version_of(provenance: dict[str, Any], **description: Any) -> Version:
    return ready(Model("fraud"), provenance=provenance, **description)[1]


def linked(version: Version) -> list[tuple[LinkType, Node, str]]:
    return [(link.type, link.origin, link.relation) for link in origins.registered(version).links]


def test_each_part_of_the_provenance_is_a_link() -> None:
    environment = origins.requirements_digest(["a==2", "b==1"], "3.12.1")
    assert linked(version_of(WHOLE)) == [
        (LinkType.COPY_OF, version_node("churn", 4), ""),
        (LinkType.BASED_ON, Node(Kind.BASE_MODEL, "bert", "v1"), "finetune"),
        (LinkType.BASED_ON, version_node("price", 2), ""),
        (LinkType.MADE_BY, Node(Kind.RUN, "r1"), ""),
        (LinkType.BUILT_FROM, Node(Kind.COMMIT, "https://git.example.com/fraud", "abc"), ""),
        (LinkType.RUNS_IN, Node(Kind.IMAGE, "sha256:77"), ""),
        (LinkType.NEEDS, Node(Kind.ENVIRONMENT, environment), ""),
        (LinkType.TRAINED_ON, dataset_node("clicks", "d1"), ""),
        (LinkType.TRAINED_ON, dataset_node("taps", version="7"), ""),
        (LinkType.TRAINED_ON, dataset_node("all"), ""),
    ]


def test_a_version_that_says_nothing_of_its_making_has_no_links() -> None:
    assert linked(version_of({})) == []


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/models:/churn/4",
        "models:/churn@champion",
        "models:/churn/x",
        "models:/4",
        "models:/churn/0",
        "models:/churn/1000000000",
        f"models:/{'x' * 257}/4",
    ],
)
def test_only_the_address_of_a_version_is_a_copy_of_one(uri: str) -> None:
    assert linked(version_of({"artifact_source": {"uri": uri}})) == []


@pytest.mark.parametrize("named", ["org/base", ["org/base"]])
def test_base_models_are_read_as_the_hugging_face_hub_writes_them(named: object) -> None:
    version = version_of({}, metadata={"base_model": named, "base_model_relation": "adapter"})
    assert linked(version) == [(LinkType.BASED_ON, Node(Kind.BASE_MODEL, "org/base"), "adapter")]


def test_a_link_that_is_given_twice_is_one() -> None:
    assert len(linked(version_of({"datasets": [{"name": "a"}, {"name": "a"}]}))) == 1


def test_a_version_that_was_once_ready_keeps_its_links_and_another_loses_them() -> None:
    burial = Burial(NOW, "token:ada", None, NOW)
    was_ready = replace(version_of(WHOLE), status=Status.PURGED, burial=burial)
    never = replace(register(Model("fraud"), provenance=WHOLE)[1], status=Status.EXPIRED, burial=burial)
    assert len(linked(was_ready)) == 10
    assert linked(never) == []


def test_a_version_is_found_from_as_many_origins_as_its_tags_and_metrics_leave_room_for() -> None:
    datasets = {"datasets": [{"name": f"d{number}"} for number in range(60)]}

    def listed(tags: int, metrics: int) -> int:
        described = {
            "tags": {f"t{number}": "" for number in range(tags)},
            "metrics": {f"m{number}": 1.0 for number in range(metrics)},
        }
        return len(origins.registered(version_of(datasets, **described)).listed_links)

    assert listed(0, 0) == origins.MAX_LISTED == 40
    assert listed(50, 0) == 38
    assert listed(50, 40) == listed(50, 60) == 0
    assert len(linked(version_of(datasets))) == 60


def test_an_evaluation_links_a_version_to_the_data_that_it_was_measured_on() -> None:
    def measured(dataset: dict[str, str] | None) -> Evaluation:
        return Evaluation(Measured.OFFLINE, {"auc": 0.9}, (), dataset, NOW, NOW, "token:ada")

    evaluations = Evaluations(3, {"b": measured({"name": "holdout", "digest": "h1"}), "a": measured(None)})
    said = origins.evaluated("fraud", evaluations)
    assert said.node == version_node("fraud", 3)
    assert [(link.type, link.origin) for link in said.links] == [(LinkType.EVALUATED_ON, dataset_node("holdout", "h1"))]
    assert not LinkType.EVALUATED_ON.passes_on


def test_a_target_is_linked_to_the_version_that_it_serves() -> None:
    place = Place("eu", 3, "", 1, 1)
    assert origins.served("fraud", place).links == ()
    serving = replace(place, serving=Serving(2, "", NOW, "token:argo"))
    (link,) = origins.served("fraud", serving).links
    assert (link.type, link.origin) == (LinkType.SERVES, version_node("fraud", 2))
    nothing = replace(place, serving=Serving(None, "", NOW, "token:argo"))
    assert origins.served("fraud", nothing).links == ()
