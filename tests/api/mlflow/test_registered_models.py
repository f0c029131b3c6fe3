"""MLflow's registered models, as its clients see them."""

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.documents import MAX_TAG_VALUE
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.models import models, tags
from chalicelib.registry.schemes import saving
from tests.api.mlflow.calling import Mlflow
from tests.registry.build import pending, request
from tests.registry.faults import Calls, Meanwhile

PROMPT = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]


def test_a_model_is_answered_as_it_was_described(mlflow: Mlflow) -> None:
    given = [{"key": "team", "value": "fraud"}, {"key": "empty", "value": ""}, {"key": "team", "value": "risk"}]
    made = mlflow.model(description="detects", tags=given)
    assert isinstance(made.pop("creation_timestamp"), int)
    assert isinstance(made.pop("last_updated_timestamp"), int)
    assert made == {
        "name": "fraud",
        "user_id": "token:ada",
        "description": "detects",
        "tags": [{"key": "empty", "value": ""}, {"key": "team", "value": "risk"}],
    }


def test_times_are_those_of_the_native_model_in_milliseconds(mlflow: Mlflow, registry: Services) -> None:
    made = mlflow.model()
    native = models.get_model(registry, "fraud").model
    assert str(made["creation_timestamp"])[-3:] == native.created_at[-4:-1]
    assert made["creation_timestamp"] == made["last_updated_timestamp"]


def test_versions_moves_and_descriptions_update_a_model_and_tags_and_aliases_do_not(mlflow: Mlflow) -> None:
    def updated() -> int:
        time: int = mlflow.get()["last_updated_timestamp"]
        return time

    at = mlflow.model()["last_updated_timestamp"]
    for touching in (
        mlflow.version,
        lambda: mlflow.move(1, "Staging"),
        lambda: mlflow.ask("PATCH", "registered-models/update", name="fraud", description="d"),
    ):
        touching()
        assert updated() > at
        at = updated()
    mlflow.ask("POST", "registered-models/set-tag", name="fraud", key="a", value="b")
    mlflow.ask("POST", "registered-models/alias", name="fraud", alias="a", version="1")
    mlflow.ask("POST", "model-versions/set-tag", name="fraud", version="1", key="a", value="b")
    assert updated() == at


def test_a_model_shows_the_newest_version_of_each_stage_and_its_aliases(mlflow: Mlflow) -> None:
    mlflow.model()
    for _ in range(3):
        mlflow.version()
    mlflow.move(1, "production")
    mlflow.ask("POST", "registered-models/alias", name="fraud", alias="champion", version="1")
    found = mlflow.get()
    assert [(one["version"], one["current_stage"]) for one in found["latest_versions"]] == [
        ("1", "Production"),
        ("3", "None"),
    ]
    assert all("aliases" not in one for one in found["latest_versions"])
    assert found["aliases"] == [{"alias": "champion", "version": "1"}]


def test_latest_versions_are_asked_for_by_stage_in_any_case(mlflow: Mlflow) -> None:
    mlflow.model()
    for _ in range(2):
        mlflow.version()
    mlflow.move(1, "Staging")
    for method in ("GET", "POST"):
        path = "registered-models/get-latest-versions"
        assert mlflow.ask(method, path, name="fraud", stages=["STAGING"])["model_versions"][0]["version"] == "1"
        assert [one["version"] for one in mlflow.ask(method, path, name="fraud")["model_versions"]] == ["1", "2"]
        assert mlflow.ask(method, path, name="fraud", stages=["Archived"]) == {}
        refused = mlflow.refused(method, path, name="fraud", stages=["Live"])
        assert refused.message == (
            "Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived."
        )


def test_a_schemes_own_stages_show_under_their_names(mlflow: Mlflow, registry: Services) -> None:
    saving.set_default(registry, request(), "regulated")
    mlflow.model()
    mlflow.version()
    assert mlflow.get_version(1)["current_stage"] == "None"
    (latest,) = mlflow.ask("POST", "registered-models/get-latest-versions", name="fraud", stages=["development"])[
        "model_versions"
    ]
    assert latest["current_stage"] == "None"
    refused = mlflow.refused("POST", "registered-models/get-latest-versions", name="fraud", stages=["staging"])
    assert refused.message == (
        "Invalid Model Version stage: staging. Value must be one of None, validation, Production, Archived."
    )


def test_a_taken_name_is_refused_with_the_kind_of_entity_that_has_it(mlflow: Mlflow) -> None:
    mlflow.model("model")
    mlflow.model("prompt", tags=PROMPT)
    refusals = [
        mlflow.refused("POST", "registered-models/create", name="model"),
        mlflow.refused("POST", "registered-models/create", name="prompt", tags=PROMPT),
        mlflow.refused("POST", "registered-models/create", name="prompt"),
    ]
    assert {(refusal.status, refusal.error_code) for refusal in refusals} == {(400, "RESOURCE_ALREADY_EXISTS")}
    assert refusals[0].message == "Registered Model (name=model) already exists."
    assert refusals[1].message == "Prompt (name=prompt) already exists."
    assert "already taken by a prompt" in refusals[2].message


def test_names_that_only_mlflow_allows_are_refused_or_not_found(mlflow: Mlflow) -> None:
    for name in ("x" * 257, "a%41b", "tab\there", "x" * 5000):
        assert mlflow.refused("POST", "registered-models/create", name=name).error_code == "INVALID_PARAMETER_VALUE"
        assert mlflow.refused("GET", "registered-models/get", name=name).error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_description_that_is_not_given_stays(mlflow: Mlflow) -> None:
    mlflow.model(description="kept")
    assert mlflow.ask("PATCH", "registered-models/update", name="fraud")["registered_model"]["description"] == "kept"
    emptied = mlflow.ask("PATCH", "registered-models/update", name="fraud", description="")
    assert "description" not in emptied["registered_model"]


def test_tags_are_set_and_deleted_one_by_one(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model(tags=[{"key": "a", "value": "1"}])
    with Meanwhile(registry, lambda: tags.set_model_tag(registry, request(), "fraud", "other", "2")) as race:
        assert mlflow.ask("POST", "registered-models/set-tag", name="fraud", key="a", value="3") == {}
    assert race.acted
    assert mlflow.ask("DELETE", "registered-models/delete-tag", name="fraud", key="absent") == {}
    assert mlflow.get()["tags"] == [{"key": "a", "value": "3"}, {"key": "other", "value": "2"}]
    refused = mlflow.refused("POST", "registered-models/set-tag", name="fraud", key="a", value="x" * 50_001)
    assert refused.message == f"'value' exceeds the maximum length of {MAX_TAG_VALUE} characters"


def test_renaming_needs_rights_on_both_names(mlflow: Mlflow) -> None:
    mlflow.model("old", description="d")
    narrow = Mlflow(Role.MAINTAINER, "old*")
    refused = narrow.refused("POST", "registered-models/rename", name="old", new_name="new")
    assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED")
    renamed = narrow.ask("POST", "registered-models/rename", name="old", new_name="older")["registered_model"]
    assert (renamed["name"], renamed["description"]) == ("older", "d")
    mlflow.version("older")
    refused = mlflow.refused("POST", "registered-models/rename", name="older", new_name="oldest")
    assert (refused.status, refused.error_code) == (400, "INVALID_STATE")
    assert "copy versions" in refused.message
    assert "docs/mlflow.md" in refused.message
    mlflow.model("empty")
    refused = mlflow.refused("POST", "registered-models/rename", name="empty", new_name="older")
    assert refused.message == "Registered Model (name=older) already exists."


def test_a_model_is_deleted_with_its_versions_and_one_that_serves_is_not(mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version()
    mlflow.move(1, "Production")
    refused = mlflow.refused("DELETE", "registered-models/delete", name="fraud")
    assert (refused.status, refused.error_code) == (400, "INVALID_STATE")
    assert "move it to Archived first" in refused.message
    assert "docs/mlflow.md" in refused.message
    mlflow.move(1, "Archived")
    assert mlflow.ask("DELETE", "registered-models/delete", name="fraud") == {}
    assert mlflow.refused("GET", "registered-models/get", name="fraud").error_code == "RESOURCE_DOES_NOT_EXIST"
    mlflow.model()
    assert mlflow.version()["version"] == "2"


def test_a_frozen_models_aliases_and_stages_stay(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    mlflow.version()
    restrictions.freeze_model(registry, request(), "fraud", "incident 7")
    for refused in (
        mlflow.refused("POST", "registered-models/alias", name="fraud", alias="a", version="1"),
        mlflow.refused("POST", "model-versions/transition-stage", name="fraud", version="1", stage="Staging"),
    ):
        assert (refused.status, refused.error_code) == (400, "INVALID_STATE")
        assert "incident 7" in refused.message


def test_the_hottest_call_is_one_read_and_another_of_the_newest_versions(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    calls = Calls(registry.client("dynamodb"))
    mlflow.get()
    assert calls.operations == ["BatchGetItem"]
    for _ in range(3):
        mlflow.version()
    mlflow.move(1, "Staging")
    calls.operations.clear()
    mlflow.get()
    assert calls.operations == ["BatchGetItem"] * 2


def test_a_version_that_is_still_uploading_is_not_the_latest(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    mlflow.version()
    pending(registry)
    latest = mlflow.ask("POST", "registered-models/get-latest-versions", name="fraud")["model_versions"]
    assert [one["version"] for one in latest] == ["1"]
    assert [one["version"] for one in mlflow.get()["latest_versions"]] == ["1"]
    aliased = mlflow.ask("GET", "registered-models/alias", name="fraud", alias="latest")["model_version"]
    assert aliased["version"] == "1"
    assert mlflow.version(source="models:/fraud/latest")["source"] == "models:/fraud/1"
