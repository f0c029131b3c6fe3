"""Versions over HTTP."""

from urllib.parse import urlencode

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller


@pytest.fixture(autouse=True)
def fraud(admin: Caller) -> None:
    journey.model(admin)


def test_registering_answers_with_the_version_and_where_to_upload(admin: Caller) -> None:
    registered = journey.version(admin, metrics={"auc": 1, "loss": 0.1}, parameters={"deep": True, "depth": 3})
    version, upload = registered.document["version"], registered.document["upload"]
    assert (version["number"], version["status"]) == (1, "PENDING")
    assert version["metrics"] == {"auc": 1, "loss": 0.1}
    assert version["parameters"] == {"deep": True, "depth": 3}
    assert upload["files"][0]["method"] == "PUT"
    assert "x-amz-checksum-sha256" in upload["files"][0]["headers"]
    assert registered.headers["Cache-Control"] == "no-store"


def test_lists_of_a_model_show_its_versions_aliases_and_stages(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    versions = admin.get("/v1/models/fraud/versions").document["items"]
    assert [(version["number"], version["aliases"]) for version in versions] == [(1, ["champion"])]
    assert [alias["alias"] for alias in admin.get("/v1/models/fraud/aliases").document["items"]] == ["champion"]
    stages = admin.get("/v1/models/fraud/stages").document["items"]
    assert [stage["name"] for stage in stages] == ["development", "staging", "production", "archived"]
    assert admin.get("/v1/models/fraud").document["aliases"] == {"champion": 1}


def test_a_version_that_an_alias_holds_cannot_be_deleted(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    assert admin.delete("/v1/models/fraud/versions/1").code == "version_in_use"
    assert admin.delete("/v1/models/fraud/aliases/champion").status == 204
    assert admin.delete("/v1/models/fraud/versions/1").status == 204
    assert admin.get("/v1/models/fraud/versions/1").code == "version_not_found"


def test_a_version_says_its_task_and_is_found_by_it(admin: Caller) -> None:
    registered = journey.version(admin, task="tabular-classification")
    assert registered.document["version"]["task"] == "tabular-classification"
    journey.version(admin)
    query = urlencode({"filter": "task = 'tabular-classification'"})
    found = admin.get(f"/v1/search/versions?{query}").document["items"]
    assert [(one["number"], one["task"]) for one in found] == [(1, "tabular-classification")]


@pytest.mark.parametrize("task", ["", " a", "two\nlines", "x" * 101])
def test_a_task_is_one_short_line(admin: Caller, task: str) -> None:
    refused = admin.post("/v1/models/fraud/versions", {"files": [journey.FILE], "task": task})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/task")
