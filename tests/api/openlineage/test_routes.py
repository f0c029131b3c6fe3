"""OpenLineage's events are taken, and become links; what is exported can be taken again."""

from typing import Any

import jsonschema
import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api import journey
from tests.api.gateway import Function

ADMIN = Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))
REPORTER = Function(Principal("token:pipe", (Grant(Role.CONTRIBUTOR, "fraud"),)))
RUN = "3f5e83fa-3480-44ff-99c5-ff943904e5e8"


def dataset(name: str, namespace: str = "s3://lake", **facets: Any) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "facets": facets}


def a_model(name: str = "fraud", version: str = "1", namespace: str = "moorage") -> dict[str, Any]:
    facets = {"datasetType": {"datasetType": "MODEL"}, "version": {"datasetVersion": version}}
    return dataset(name, namespace, **facets)


def event(inputs: Any = (), outputs: Any = (), kind: str = "COMPLETE", **more: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": "2026-11-29T03:00:00.123456+00:00",
        "producer": "https://example.com/pipeline",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": RUN, "facets": {"anything": {"at": ["all"]}}},
        "job": {"namespace": "airflow", "name": "train"},
        "inputs": list(inputs),
        "outputs": list(outputs),
        **more,
    }


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> Services:
    journey.model(ADMIN)
    journey.ready(ADMIN, registry)
    return registry


def take(given: dict[str, Any], by: Function = ADMIN) -> int:
    return by.post("/v1/lineage", given).status


def found(path: str = "/v1/models/fraud/versions/1/lineage", **query: str) -> list[tuple[str, str]]:
    """The types of the links, and the names of their origins."""
    reply = ADMIN.get(path, query={"direction": "up", **query})
    assert reply.status == 200, reply.text
    names = {one["id"]: one.get("name") or one.get("model") for one in reply.document["items"]}
    return sorted((edge["type"], names[edge["origin"]]) for edge in reply.document["edges"])


def test_a_run_that_trained_a_version_is_linked_to_it_with_its_inputs() -> None:
    given = event([dataset("clicks"), a_model("bert", "v1", "huggingface")], [a_model()])
    assert take(given, REPORTER) == 204
    assert found() == [("based_on", "bert"), ("made_by", RUN), ("trained_on", "s3://lake/clicks")]


def test_the_runs_before_the_data_are_found_from_the_version() -> None:
    assert take(event([dataset("raw")], [dataset("clicks")])) == 204
    assert take(event([dataset("clicks")], [a_model()], run={"runId": "another"})) == 204
    assert found() == [
        ("made_by", RUN),
        ("made_by", "another"),
        ("part_of", "airflow/train"),
        ("trained_on", "s3://lake/clicks"),
        ("used", "s3://lake/raw"),
    ]


def test_a_job_is_linked_as_a_run_is_and_a_dataset_alone_states_nothing() -> None:
    job = event([dataset("raw")], [dataset("clicks")])
    assert take({name: value for name, value in job.items() if name not in ("run", "eventType")}) == 204
    path = "/v1/lineage"
    assert found(path, name="s3://lake/clicks") == [("made_by", "airflow/train"), ("used", "s3://lake/raw")]
    alone = {name: job[name] for name in ("eventTime", "producer", "schemaURL")}
    assert take({**alone, "dataset": dataset("alone")}) == 204
    assert found(path, name="s3://lake/alone") == []


@pytest.mark.parametrize("kind", ["ABORT", "FAIL"])
def test_a_run_that_failed_made_nothing(kind: str) -> None:
    assert take(event([dataset("clicks")], [a_model()], kind)) == 204
    assert found() == []


@pytest.mark.parametrize("kind", ["ABORT", "FAIL", "COMPLETE"])
def test_a_run_that_failed_is_told_by_who_may_state_what_it_names(kind: str) -> None:
    given = event([dataset("clicks")], [a_model()], kind)
    assert take(given, Function(Principal("token:eve", (Grant(Role.VIEWER, "*"),)))) == 403
    assert take(given, REPORTER) == 204


def test_an_event_is_taken_back_as_it_was_stated() -> None:
    trained, other = event([dataset("clicks")], [a_model()]), event([dataset("taps")], [a_model()], run={"runId": "r2"})
    assert (take(trained), take(other)) == (204, 204)
    for _ in range(2):
        assert ADMIN.post("/v1/lineage/unstate", trained).status == 204
        assert found() == [("made_by", "r2"), ("trained_on", "s3://lake/taps")]
    eve = Function(Principal("token:eve", (Grant(Role.VIEWER, "*"),)))
    assert eve.post("/v1/lineage/unstate", other).status == 403
    assert ADMIN.post("/v1/lineage/unstate", {"producer": "x"}).status == 400
    assert ADMIN.post("/v1/lineage/unstate", event((), [a_model(version="7")])).status == 404


def test_a_batch_names_a_bounded_number_of_datasets() -> None:
    def part(first: int, count: int) -> dict[str, Any]:
        return event([dataset(f"d{number}") for number in range(first, first + count)])

    refused = ADMIN.post("/v1/lineage/batch", [part(0, 200), part(200, 200), part(400, 101)])
    assert (refused.status, refused.document["code"]) == (400, "invalid_input")
    assert "names 501 inputs and outputs" in refused.document["errors"][0]["message"]
    small = [part(10 * number, 10) for number in range(50)]
    assert ADMIN.post("/v1/lineage/batch", [*small, part(0, 1)]).status == 400
    odd = {**part(0, 1), "inputs": 7}
    assert ADMIN.post("/v1/lineage/batch", [odd]).document["summary"]["failed"] == 1


def test_the_same_event_again_makes_no_event() -> None:
    def events() -> int:
        return len(ADMIN.get("/v1/models/fraud/events").document["items"])

    assert take(event([dataset("clicks")], [a_model()])) == 204
    before = events()
    assert take(event([dataset("clicks")], [a_model()], "RUNNING")) == 204
    assert events() == before


def test_what_is_stated_is_in_events_of_the_published_form() -> None:
    assert take(event([dataset("raw")], [dataset("clicks"), a_model()])) == 204
    schema = jsonschema.Draft202012Validator(ADMIN.get("/v1/schemas/event.json").document)
    stated = []
    for path in ("/v1/models/fraud/events", "/v1/events"):
        for one in ADMIN.get(path).document["items"]:
            schema.validate(one)
            stated += [one["type"]] if "lineage" in one["type"] else []
    assert stated == ["lineage.stated", "registry.lineage_stated", "registry.lineage_stated"]


def test_a_reporter_of_a_model_states_nothing_of_the_rest_of_the_registry() -> None:
    assert take(event([dataset("raw")], [dataset("clicks")]), REPORTER) == 403
    assert take(event([dataset("raw")], [a_model(), dataset("clicks")]), REPORTER) == 403
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        {"job": None},
        {"eventTime": "yesterday"},
        {"eventType": "LATER"},
        {"outputs": [a_model(version="first")]},
        {"outputs": [a_model("x" * 257)]},
        {"inputs": [a_model("a/b")]},
        {"outputs": [dataset("fraud", "moorage", datasetType={"datasetType": "MODEL"})]},
        {"inputs": [{"name": "no namespace"}]},
        {"producer": None},
    ],
)
def test_an_event_of_another_form_is_refused(change: dict[str, Any]) -> None:
    assert take({**event([dataset("clicks")], [a_model()]), **change}) == 400
    assert found() == []


def test_an_unknown_version_is_not_found() -> None:
    assert take(event([dataset("clicks")], [a_model(version="7")])) == 404


def test_a_batch_names_the_events_that_were_refused() -> None:
    good, bad = event([dataset("clicks")], [a_model()]), event((), [a_model(version="7")])
    reply = ADMIN.post("/v1/lineage/batch", [good, {**good, "eventTime": "yesterday"}, bad])
    assert reply.status == 200, reply.text
    answer = reply.document
    assert answer["status"] == "partial_success"
    counts = {"received": 3, "successful": 1, "failed": 2, "retriable": 0, "non_retriable": 2}
    assert answer["summary"] == counts
    assert [(one["index"], one["retriable"]) for one in answer["failed_events"]] == [(1, False), (2, False)]
    assert "/eventTime" in answer["failed_events"][0]["reason"]
    assert found() == [("made_by", RUN), ("trained_on", "s3://lake/clicks")]
    assert ADMIN.post("/v1/lineage/batch", [good]).document["status"] == "success"
    assert ADMIN.post("/v1/lineage/batch", [good] * 101).status == 400
    assert ADMIN.post("/v1/lineage/batch", {"events": [good]}).status == 400


def test_what_is_exported_is_taken_by_another_registry(registry: Services) -> None:
    provenance = {
        "run": {"id": "r1"},
        "datasets": [{"name": "clicks", "digest": "d1"}, {"name": "taps", "version": "7"}],
        "base_models": [{"name": "bert", "revision": "v1"}],
        "source": {"repository": "https://git.example.com/fraud", "commit": "abc"},
    }
    journey.ready(ADMIN, registry, provenance=provenance)
    exported = ADMIN.get("/v1/models/fraud/versions/2/lineage/openlineage").document
    (trained,) = exported
    assert trained["outputs"][0]["facets"]["version"]["datasetVersion"] == "2"
    assert trained["job"]["facets"]["sourceCodeLocation"]["version"] == "abc"
    trained["outputs"][0]["facets"]["version"]["datasetVersion"] = "1"
    assert ADMIN.post("/v1/lineage/batch", exported).document["status"] == "success"
    again = [one for one in found("/v1/models/fraud/versions/2/lineage") if one[0] not in ("made_by", "built_from")]
    assert [one for one in found() if one[0] != "made_by"] == again


def test_a_version_that_says_nothing_is_exported_with_a_run_of_its_own() -> None:
    (alone,) = ADMIN.get("/v1/models/fraud/versions/1/lineage/openlineage").document
    assert (alone["inputs"], len(alone["outputs"])) == ([], 1)
    assert alone == ADMIN.get("/v1/models/fraud/versions/1/lineage/openlineage").document[0]
