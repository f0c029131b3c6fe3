"""Experiments have names of their own and numbers in a row."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    ContentionError,
    ExperimentExistsError,
    ExperimentNotFoundError,
    InvalidInputError,
    PermissionDeniedError,
)
from chalicelib.registry.mlflow.tracking import experiments
from tests.registry.mlflow.tracking.build import ADA, BOB, NOBODY


def test_the_default_experiment_exists_without_anybody_having_made_it(registry: Services) -> None:
    found = experiments.get_experiment(registry, ADA, "0")
    assert (found.name, found.artifact_location) == ("Default", "mlflow-artifacts:/0")
    assert experiments.experiment_named(registry, ADA, "Default") == found
    assert experiments.list_experiments(registry, ADA, 10, None).items == (found,)
    with pytest.raises(ExperimentExistsError):
        experiments.create_experiment(registry, ADA, "Default", "", {})


def test_experiments_are_numbered_and_found_by_name(registry: Services) -> None:
    made = [experiments.create_experiment(registry, ADA, f"e{number}", "", {"k": "v"}) for number in range(3)]
    assert [one.id for one in made] == ["1", "2", "3"]
    assert experiments.experiment_named(registry, BOB, "e1") == made[1]
    assert experiments.get_experiment(registry, BOB, "03") == made[2]
    assert made[0].artifact_location == "mlflow-artifacts:/1"


def test_an_experiment_may_say_where_its_artifacts_go(registry: Services) -> None:
    made = experiments.create_experiment(registry, ADA, "e", "s3://bucket/e", {})
    assert experiments.get_experiment(registry, ADA, made.id).artifact_location == "s3://bucket/e"


def test_a_name_is_given_once_however_many_want_it(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "sleep", lambda _: None)

    def create(number: int) -> str | None:
        try:
            return experiments.create_experiment(registry, ADA, f"e{number % 2}", "", {}).id
        except (ExperimentExistsError, ContentionError):
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [one for one in pool.map(create, range(8)) if one is not None]
    assert sorted(made) == ["1", "2"]


def test_a_list_of_experiments_goes_on_where_it_stopped(registry: Services) -> None:
    for number in range(3):
        experiments.create_experiment(registry, ADA, f"e{number}", "", {})
    seen, start = [], None
    for _ in range(10):
        page = experiments.list_experiments(registry, ADA, 2, start)
        seen += [one.id for one in page.items]
        start = page.next_start
        if start is None:
            break
    assert seen == ["3", "2", "1", "0"]


def test_what_there_is_not_is_not_found(registry: Services) -> None:
    with pytest.raises(ExperimentNotFoundError):
        experiments.get_experiment(registry, ADA, "7")
    with pytest.raises(ExperimentNotFoundError):
        experiments.experiment_named(registry, ADA, "nope")
    for wrong in ("x", "", "1" * 13, "١", "-1"):
        with pytest.raises(InvalidInputError):
            experiments.get_experiment(registry, ADA, wrong)


def test_who_may_register_nothing_begins_nothing(registry: Services) -> None:
    with pytest.raises(PermissionDeniedError):
        experiments.create_experiment(registry, NOBODY, "e", "", {})
    with pytest.raises(PermissionDeniedError):
        experiments.get_experiment(registry, NOBODY, "0")


def test_a_name_that_is_none_is_refused(registry: Services) -> None:
    for wrong in ("", "x" * 501, "a\nb"):
        with pytest.raises(InvalidInputError):
            experiments.create_experiment(registry, ADA, wrong, "", {})
    with pytest.raises(InvalidInputError):
        experiments.create_experiment(registry, ADA, "e", "x" * 3_000, {})
