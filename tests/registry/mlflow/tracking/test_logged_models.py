"""Logged models: made before their files, READY when their client says so, and their owner's."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    ExperimentNotFoundError,
    InvalidInputError,
    LoggedModelNotFoundError,
    PermissionDeniedError,
)
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.entities import ModelStatus
from chalicelib.registry.mlflow.tracking import logged_models, searching
from tests.registry.mlflow.tracking.build import ADA, BOB, MAINTAINER, READER, logged_model


def test_a_logged_model_is_pending_until_its_client_says_otherwise(registry: Services) -> None:
    model = logged_model(registry)
    assert model.artifact_uri == f"mlflow-artifacts:/0/models/{model.id}/artifacts"
    assert model.status is ModelStatus.PENDING
    finished = logged_models.finish_logged_model(registry, ADA, model.id, ModelStatus.READY)
    assert logged_models.get_logged_model(registry, ADA, model.id) == finished
    assert finished.status is ModelStatus.READY


def test_tags_and_parameters_are_added(registry: Services) -> None:
    model = logged_model(registry)
    logged_models.tag_logged_model(registry, ADA, model.id, {"a": "1", "b": "2"})
    logged_models.untag_logged_model(registry, ADA, model.id, "a")
    logged_models.log_params(registry, ADA, model.id, {"leaves": "9"})
    found = logged_models.get_logged_model(registry, ADA, model.id)
    assert (found.tags, found.params) == ({"b": "2"}, {"depth": "3", "leaves": "9"})
    with pytest.raises(InvalidInputError):
        logged_models.log_params(registry, ADA, model.id, {"depth": "4"})
    with pytest.raises(LoggedModelNotFoundError):
        logged_models.untag_logged_model(registry, ADA, model.id, "a")


def test_a_deleted_one_is_gone_but_for_who_asks_for_deleted_ones(registry: Services) -> None:
    model = logged_model(registry)
    logged_models.delete_logged_model(registry, ADA, model.id)
    with pytest.raises(LoggedModelNotFoundError):
        logged_models.get_logged_model(registry, ADA, model.id)
    assert logged_models.get_logged_model(registry, ADA, model.id, allow_deleted=True).deleted
    assert searching.search_logged_models(registry, ADA, ["0"], (), ()) == []


def test_a_search_finds_by_name_and_shows_only_what_may_be_read(registry: Services) -> None:
    first, second = logged_model(registry, name="model"), logged_model(registry, name="other")
    logged_model(registry, BOB, name="model")
    conditions = search.parsed("name = 'model'")
    assert [one.id for one in searching.search_logged_models(registry, ADA, ["0"], conditions, ())] == [first.id]
    assert len(searching.search_logged_models(registry, READER, ["0"], conditions, ())) == 2
    everything = searching.search_logged_models(registry, ADA, ["0"], (), search.ordered(["name DESC"]))
    assert [one.id for one in everything] == [second.id, first.id]


def test_a_logged_model_is_its_owner_s(registry: Services) -> None:
    model = logged_model(registry)
    with pytest.raises(PermissionDeniedError):
        logged_models.get_logged_model(registry, BOB, model.id)
    for reader in (BOB, READER):
        with pytest.raises(PermissionDeniedError):
            logged_models.tag_logged_model(registry, reader, model.id, {"a": "1"})
    logged_models.tag_logged_model(registry, MAINTAINER, model.id, {"a": "1"})
    assert logged_models.get_logged_model(registry, READER, model.id).tags == {"a": "1"}
    with pytest.raises(PermissionDeniedError):
        logged_models.create_logged_model(registry, READER, "0", "m", "", "", {}, {})


def test_names_and_experiments_are_checked(registry: Services) -> None:
    with pytest.raises(InvalidInputError):
        logged_models.create_logged_model(registry, ADA, "0", "a/b", "", "", {}, {})
    with pytest.raises(ExperimentNotFoundError):
        logged_models.create_logged_model(registry, ADA, "5", "m", "", "", {}, {})
    assert logged_models.create_logged_model(registry, ADA, "0", "", "", "", {}, {}).name
