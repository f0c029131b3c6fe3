"""MLflow's aliases, as its clients see them."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.registry.aliases import aliases
from tests.api.gateway import Caller
from tests.api.mlflow.calling import Mlflow
from tests.conftest import ADMIN_TOKEN
from tests.registry.build import request


@pytest.fixture
def two(mlflow: Mlflow) -> Mlflow:
    """A model of two versions."""
    mlflow.model()
    for _ in range(2):
        mlflow.version()
    return mlflow


def point(mlflow: Mlflow, alias: str, version: str) -> None:
    assert mlflow.ask("POST", "registered-models/alias", name="fraud", alias=alias, version=version) == {}


def test_an_alias_moves_and_its_version_shows_it(two: Mlflow) -> None:
    for version in ("1", "2"):
        point(two, "champion", version)
    found = two.ask("GET", "registered-models/alias", name="fraud", alias="champion")["model_version"]
    assert (found["version"], found["aliases"]) == ("2", ["champion"])
    assert "aliases" not in two.get_version(1)


def test_reading_an_unknown_alias_is_an_invalid_value_and_deleting_it_does_nothing(two: Mlflow) -> None:
    refused = two.refused("GET", "registered-models/alias", name="fraud", alias="none")
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert refused.message == "Registered model alias none not found."
    for alias in ("none", "v1", "latest"):
        assert two.ask("DELETE", "registered-models/alias", name="fraud", alias=alias) == {}
    point(two, "champion", "1")
    assert two.ask("DELETE", "registered-models/alias", name="fraud", alias="champion") == {}
    assert two.refused("GET", "registered-models/alias", name="fraud", alias="champion").status == 400


def test_aliases_of_an_unknown_model_are_not_found(mlflow: Mlflow) -> None:
    for method, given in (("GET", {}), ("DELETE", {}), ("POST", {"version": "1"})):
        refused = mlflow.refused(method, "registered-models/alias", name="none", alias="a", **given)
        assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("alias", ["latest", "Latest", "LATEST"])
def test_latest_is_the_highest_version_in_any_stage(two: Mlflow, alias: str) -> None:
    two.move(2, "Archived")
    found = two.ask("GET", "registered-models/alias", name="fraud", alias=alias)["model_version"]
    assert found["version"] == "2"
    refused = two.refused("POST", "registered-models/alias", name="fraud", alias=alias, version="1")
    assert refused.message == "'latest' alias name (case insensitive) is reserved."


def test_a_model_without_versions_has_no_latest(mlflow: Mlflow) -> None:
    mlflow.model()
    refused = mlflow.refused("GET", "registered-models/alias", name="fraud", alias="latest")
    assert (refused.error_code, refused.message) == (
        "RESOURCE_DOES_NOT_EXIST",
        "Latest version not found for model fraud.",
    )


def test_an_alias_of_digits_exists_in_mlflow_only(two: Mlflow, registry: Services) -> None:
    point(two, "7", "1")
    assert two.ask("GET", "registered-models/alias", name="fraud", alias="7")["model_version"]["version"] == "1"
    native = Caller(ADMIN_TOKEN)
    assert native.get("/v1/models/fraud/aliases/7").status == 400
    assert native.get("/v1/models/fraud/versions/@7").status == 400
    assert native.get("/v1/models/fraud/versions/7").status == 404


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("v1", "Version alias name 'v1' is reserved."),
        ("V22", "Version alias name 'V22' is reserved."),
        ("a b", "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."),
        ("x" * 256, "'Registered model alias name' exceeds the maximum length of 255 characters"),
    ],
)
def test_invalid_aliases_are_refused(two: Mlflow, alias: str, message: str) -> None:
    assert two.refused("POST", "registered-models/alias", name="fraud", alias=alias, version="1").message == message


def test_a_protected_alias_moves_only_with_the_action_for_it(two: Mlflow, registry: Services) -> None:
    from chalicelib.registry.access import roles

    point(two, "champion", "1")
    aliases.protect_alias(registry, request(), "fraud", "champion", True)
    roles.set_role(registry, request(), "mover", ["read", "transition"], "")
    mover = Mlflow("mover", custom={"mover": ["read", "transition"]})
    for method, given in (("POST", {"version": "2"}), ("DELETE", {})):
        refused = mover.refused(method, "registered-models/alias", name="fraud", alias="champion", **given)
        assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED")
        assert "is protected" in refused.message
    mover.ask("POST", "registered-models/alias", name="fraud", alias="other", version="2")
    Mlflow(Role.MAINTAINER).ask("POST", "registered-models/alias", name="fraud", alias="champion", version="2")
