"""MLflow's model versions, as its clients see them."""

from collections.abc import Sequence

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError, Table, Write
from chalicelib.domain.access.principal import Role
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.versions import versions
from tests.api.mlflow.calling import Mlflow
from tests.registry.build import ready, registered, request
from tests.registry.faults import Calls
from tests.registry.governed import approve, asked, governed

NOT_FOUND = "Model Version (name=fraud, version={}) not found"


def test_a_version_is_answered_as_it_was_described(mlflow: Mlflow) -> None:
    mlflow.model()
    given = {"run_id": "r1", "run_link": "https://host/r1", "description": "better"}
    made = mlflow.version(**given, tags=[{"key": "team", "value": "risk"}])
    assert made.pop("creation_timestamp") == made.pop("last_updated_timestamp")
    assert made == {
        "name": "fraud",
        "version": "1",
        "user_id": "token:ada",
        "current_stage": "None",
        "description": "better",
        "source": "s3://elsewhere/model",
        "run_id": "r1",
        "run_link": "https://host/r1",
        "status": "READY",
        "tags": [{"key": "team", "value": "risk"}],
    }
    assert {name: mlflow.get_version("01")[name] for name in made} == made


def test_a_version_of_the_native_api_shows_its_files_as_its_source(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model("m é")
    ready(registry, "m é")
    shown = mlflow.get_version(1, "m é")
    assert shown["source"] == "mlflow-artifacts:/registered/bSDDqQ/1"
    where = mlflow.ask("GET", "model-versions/get-download-uri", name="m é", version="1")
    assert where["artifact_uri"].endswith("/api/2.0/mlflow-artifacts/artifacts/registered/bSDDqQ/1")


def test_a_version_without_files_in_the_registry_is_downloaded_from_its_source(mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version()
    where = mlflow.ask("GET", "model-versions/get-download-uri", name="fraud", version="1")
    assert where == {"artifact_uri": "s3://elsewhere/model"}


def test_a_version_waits_for_its_files(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    registered(registry)
    assert mlflow.get_version(1)["status"] == "PENDING_REGISTRATION"
    refused = mlflow.refused("POST", "registered-models/alias", name="fraud", alias="a", version="1")
    assert (refused.status, refused.error_code) == (400, "INVALID_STATE")


@pytest.mark.parametrize("version", ["2", "0", "-1", "02", "9" * 30, " 7 "])
def test_an_unknown_version_is_not_found(mlflow: Mlflow, version: str) -> None:
    mlflow.model()
    mlflow.version()
    refused = mlflow.refused("GET", "model-versions/get", name="fraud", version=version)
    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")
    moved = mlflow.refused("POST", "model-versions/transition-stage", name="fraud", version=version, stage="Staging")
    assert (moved.status, moved.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("version", ["x", "1.0", "1e3", "one"])
def test_a_version_is_a_whole_number(mlflow: Mlflow, version: str) -> None:
    mlflow.model()
    refused = mlflow.refused("GET", "model-versions/get", name="fraud", version=version)
    assert refused.message == f"Parameter 'version' must be an integer, got '{version}'."


def test_a_description_and_tags_change_and_nothing_else(mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version(description="kept")
    same = mlflow.ask("PATCH", "model-versions/update", name="fraud", version="1")["model_version"]
    assert same["description"] == "kept"
    mlflow.ask("POST", "model-versions/set-tag", name="fraud", version="1", key="a", value="b")
    mlflow.ask("POST", "model-versions/set-tag", name="fraud", version="1", key="c", value="")
    mlflow.ask("DELETE", "model-versions/delete-tag", name="fraud", version="1", key="a")
    mlflow.ask("DELETE", "model-versions/delete-tag", name="fraud", version="1", key="never")
    shown = mlflow.get_version(1)
    assert shown["tags"] == [{"key": "c", "value": ""}]
    assert shown["last_updated_timestamp"] == same["last_updated_timestamp"]


def test_a_move_may_archive_the_others(mlflow: Mlflow) -> None:
    mlflow.model()
    for _ in range(3):
        mlflow.version()
    for number in (1, 2):
        mlflow.move(number, "production")
    moved = mlflow.move(3, "Production", archive_existing_versions=True)
    assert moved["current_stage"] == "Production"
    assert [mlflow.get_version(number)["current_stage"] for number in (1, 2, 3)] == [
        *("Archived", "Archived", "Production")
    ]
    refused = mlflow.refused(
        "POST",
        "model-versions/transition-stage",
        name="fraud",
        version="3",
        stage="none",
        archive_existing_versions=True,
    )
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert "not an Active stage" in refused.message


def test_a_move_that_loses_its_races_halfway_says_what_was_done(
    mlflow: Mlflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow.model()
    for _ in range(2):
        mlflow.version()
    mlflow.move(1, "Production")
    made: list[int] = []
    transact = Table.transact

    def busy(table: Table, writes: Sequence[Write]) -> None:
        if made:
            raise LostRaceError(None)
        made.append(len(writes))
        transact(table, writes)

    monkeypatch.setattr("chalicelib.registry.ledger.contention.RETRY_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(Table, "transact", busy)
        refused = mlflow.refused(
            "POST",
            "model-versions/transition-stage",
            name="fraud",
            version="2",
            stage="Production",
            archive_existing_versions=True,
        )
    assert (refused.status, refused.error_code) == (429, "REQUEST_LIMIT_EXCEEDED")
    assert refused.message.startswith("Version 2 is in Production now, but not all other versions there are archived.")
    assert [mlflow.get_version(number)["current_stage"] for number in (1, 2)] == ["Production", "Production"]
    mlflow.move(2, "Production", archive_existing_versions=True)
    assert mlflow.get_version(1)["current_stage"] == "Archived"


def test_a_move_that_needs_approvals_shows_the_state_of_its_request(mlflow: Mlflow, registry: Services) -> None:
    governed(registry, "fraud")
    ready(registry, "fraud", metrics={"auc": 0.9}, tags={"ok": "yes"})
    given = {"name": "fraud", "version": "1", "stage": "live"}
    alone = mlflow.refused("POST", "model-versions/transition-stage", **given)
    assert (alone.status, alone.error_code) == (403, "PERMISSION_DENIED")
    assert "open a transition request" in alone.message
    number = asked(registry)
    approve(registry, number, "cy")
    waiting = mlflow.refused("POST", "model-versions/transition-stage", **{**given, "version": "2"})
    assert (waiting.status, waiting.error_code) == (403, "PERMISSION_DENIED")
    assert f"request {number}, which asks for it; execute that once it is approved" in waiting.message
    assert waiting.message.endswith("Missing: it takes 2 approvals from role reviewer; approved by token:cy.")


def test_a_move_that_the_scheme_does_not_allow_names_the_allowed_ones(mlflow: Mlflow, registry: Services) -> None:
    from chalicelib.registry.schemes import saving

    saving.set_default(registry, request(), "regulated")
    mlflow.model()
    mlflow.version()
    refused = mlflow.refused("POST", "model-versions/transition-stage", name="fraud", version="1", stage="Production")
    assert (refused.status, refused.error_code) == (400, "INVALID_STATE")
    assert "may move to validation, archived, not to production" in refused.message
    assert "The scheme 'standard' allows every move" in refused.message


def test_a_version_is_deleted_with_its_aliases_once(mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version()
    mlflow.ask("POST", "registered-models/alias", name="fraud", alias="champion", version="1")
    assert mlflow.ask("DELETE", "model-versions/delete", name="fraud", version="1") == {}
    assert "aliases" not in mlflow.get()
    assert mlflow.refused("DELETE", "model-versions/delete", name="fraud", version="1").message == NOT_FOUND.format(1)
    assert mlflow.version()["version"] == "2"


def test_a_locked_version_keeps_its_tags(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    mlflow.version()
    restrictions.lock_version(registry, request(), "fraud", "1", "audited")
    refused = mlflow.refused("POST", "model-versions/set-tag", name="fraud", version="1", key="a", value="b")
    assert (refused.status, refused.error_code) == (400, "INVALID_STATE")


def test_roles_are_those_of_the_native_api(mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version()
    viewer, contributor = Mlflow(Role.VIEWER), Mlflow(Role.CONTRIBUTOR)
    assert viewer.get_version(1)["version"] == "1"
    contributor.version()
    contributor.ask("POST", "model-versions/set-tag", name="fraud", version="2", key="a", value="b")
    for caller, method, path, given in (
        (viewer, "POST", "model-versions/create", {"source": "s3://b/m"}),
        (viewer, "POST", "model-versions/set-tag", {"version": "1", "key": "a", "value": "b"}),
        (contributor, "POST", "model-versions/transition-stage", {"version": "1", "stage": "Staging"}),
        (contributor, "POST", "registered-models/alias", {"version": "1", "alias": "a"}),
        (contributor, "DELETE", "model-versions/delete", {"version": "1"}),
    ):
        refused = caller.refused(method, path, name="fraud", **given)
        assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED"), path


def test_prompts_are_versions_with_a_placeholder_for_a_source(mlflow: Mlflow) -> None:
    prompt = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    mlflow.model("greeting", tags=prompt)
    text = "Hello {{name}} " * 3_300
    tags = [*prompt, {"key": "mlflow.prompt.text", "value": text}]
    made = mlflow.version("greeting", source="dummy-source", tags=tags)
    assert (made["source"], made["status"]) == ("dummy-source", "READY")
    assert {tag["key"]: tag["value"] for tag in mlflow.get_version(1, "greeting")["tags"]}["mlflow.prompt.text"] == text
    refused = mlflow.refused("POST", "model-versions/create", name="greeting", source="s3://b/m", tags=tags)
    assert refused.message == "Invalid prompt source: 's3://b/m'. Prompt sources must use an MLflow placeholder."


def test_a_missing_source_is_an_invalid_source(mlflow: Mlflow) -> None:
    mlflow.model()
    run = "0" * 32
    refused = mlflow.refused("POST", "model-versions/create", name="fraud", source=f"runs:/{run}/model", run_id=run)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert refused.message.startswith(f"Invalid model version source: 'runs:/{run}/model'.")
    refused = mlflow.refused("POST", "model-versions/create", name="fraud", source="models:/other/1")
    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert "'other'" in refused.message


def test_reading_a_version_is_one_read_and_by_an_alias_another(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    mlflow.version()
    mlflow.ask("POST", "registered-models/alias", name="fraud", alias="champion", version="1")
    calls = Calls(registry.client("dynamodb"))
    mlflow.get_version(1)
    mlflow.ask("GET", "registered-models/alias", name="fraud", alias="champion")
    mlflow.ask("GET", "model-versions/get-download-uri", name="fraud", version="1")
    assert calls.operations == ["BatchGetItem", "BatchGetItem", "GetItem", "BatchGetItem"]


def test_the_native_api_sees_the_same_version(mlflow: Mlflow, registry: Services) -> None:
    mlflow.model()
    mlflow.version(run_id="r1", tags=[{"key": "team", "value": "risk"}])
    native = versions.get_version(registry, "fraud", "1")
    assert native.description.provenance["run"] == {"id": "r1"}
    assert native.description.tags == {"team": "risk"}
