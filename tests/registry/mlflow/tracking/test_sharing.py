"""What is logged for a model is shared with whoever may register that model."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import PermissionDeniedError
from chalicelib.domain.mlflow.tracking.entities import MODEL_TAG
from chalicelib.registry.mlflow.tracking import artifacts, logged_models, runs, searching
from tests.registry.build import model
from tests.registry.mlflow.logged import register
from tests.registry.mlflow.tracking.build import ADA, BOB, logged_model, root, run

# Another job of the same pipeline.
RELEASER = Principal("token:releaser", (Grant(Role.CONTRIBUTOR, "fraud"),))
# May read the model, and not register it.
READER = Principal("token:reader", (Grant(Role.CONSUMER, "fraud"),))


def test_a_run_that_names_a_model_is_read_by_whoever_may_register_that_model(registry: Services) -> None:
    shared = run(registry, ADA, **{MODEL_TAG: "fraud"})
    assert runs.get_run(registry, RELEASER, shared.id) == shared
    assert searching.search_runs(registry, RELEASER, ["0"], (), ()) == [shared]
    for other in (BOB, READER):
        assert searching.search_runs(registry, other, ["0"], (), ()) == []
        with pytest.raises(PermissionDeniedError, match="'fraud' may read it"):
            runs.get_run(registry, other, shared.id)


def test_a_run_that_names_no_model_stays_its_creators(registry: Services) -> None:
    private = run(registry, ADA)
    with pytest.raises(PermissionDeniedError, match=MODEL_TAG):
        runs.get_run(registry, RELEASER, private.id)


def test_sharing_gives_no_right_to_change(registry: Services) -> None:
    shared = run(registry, ADA, **{MODEL_TAG: "fraud"})
    made = logged_model(registry, run_id=shared.id)
    with pytest.raises(PermissionDeniedError):
        runs.log(registry, RELEASER, shared.id, params=[("a", "b")])
    with pytest.raises(PermissionDeniedError):
        artifacts.put(registry, RELEASER, f"{root(made)}/MLmodel", b"other")
    with pytest.raises(PermissionDeniedError):
        artifacts.delete(registry, RELEASER, root(made))


def test_what_a_shared_run_logs_is_shared_and_can_be_registered(registry: Services) -> None:
    shared = run(registry, ADA, **{MODEL_TAG: "fraud"})
    made = logged_model(registry, run_id=shared.id)
    assert logged_models.get_logged_model(registry, RELEASER, made.id).for_model == "fraud"
    assert artifacts.read(registry, RELEASER, f"{root(made)}/model.pkl") == b"weights"
    registered = register(registry, f"models:/{made.id}", model=model(registry), reader=RELEASER, run_id=shared.id)
    assert len(registered.result.files) == 3


def test_somebody_elses_run_does_not_decide_whom_a_logged_model_is_shared_with(registry: Services) -> None:
    theirs = run(registry, BOB, **{MODEL_TAG: "churn"})
    assert logged_model(registry, ADA, run_id=theirs.id).for_model == ""
