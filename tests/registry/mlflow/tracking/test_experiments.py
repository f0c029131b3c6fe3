"""Experiments have names of their own and numbers in a row."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    ConflictError,
    ContentionError,
    ExperimentExistsError,
    ExperimentNotFoundError,
    InvalidInputError,
    PermissionDeniedError,
)
from chalicelib.domain.mlflow.tracking.entities import View
from chalicelib.registry.mlflow.tracking import experiments, logged_models, runs, searching
from tests.registry.mlflow.tracking.build import ADA, BOB, MAINTAINER, NOBODY


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


def test_an_experiment_is_renamed_and_its_old_name_is_free(registry: Services) -> None:
    made = experiments.create_experiment(registry, ADA, "old", "", {})
    other = experiments.create_experiment(registry, ADA, "other", "", {})
    renamed = experiments.rename_experiment(registry, ADA, made.id, "new")
    assert experiments.rename_experiment(registry, ADA, made.id, "new") == renamed
    assert experiments.experiment_named(registry, ADA, "new") == renamed
    with pytest.raises(ExperimentNotFoundError):
        experiments.experiment_named(registry, ADA, "old")
    with pytest.raises(ExperimentExistsError):
        experiments.rename_experiment(registry, ADA, other.id, "new")
    with pytest.raises(PermissionDeniedError):
        experiments.rename_experiment(registry, BOB, made.id, "bobs")
    for number, name in (("0", "mine"), (other.id, "Default")):
        with pytest.raises(ConflictError, match="default experiment"):
            experiments.rename_experiment(registry, MAINTAINER, number, name)
    assert experiments.create_experiment(registry, ADA, "old", "", {}).id == "3"


def test_a_deleted_experiment_keeps_its_name_takes_no_runs_and_can_be_restored(registry: Services) -> None:
    made = experiments.create_experiment(registry, ADA, "e", "", {})
    begun = runs.create_run(registry, ADA, made.id, "r", "ada", 1, {})
    for _ in range(2):
        assert experiments.delete_experiment(registry, ADA, made.id).deleted
    assert experiments.get_experiment(registry, ADA, made.id).deleted
    assert searching.search_runs(registry, ADA, [made.id], (), ()) == []
    assert searching.search_runs(registry, ADA, [made.id], (), (), View.DELETED) == [begun]
    for change in (
        lambda: runs.create_run(registry, ADA, made.id, "", "", 1, {}),
        lambda: logged_models.create_logged_model(registry, ADA, made.id, "m", "", "", {}, {}),
        lambda: experiments.tag_experiment(registry, ADA, made.id, "a", "b"),
    ):
        with pytest.raises(InvalidInputError, match="must be in the 'active' state"):
            change()
    with pytest.raises(ConflictError, match="non-active"):
        experiments.rename_experiment(registry, ADA, made.id, "f")
    with pytest.raises(ExperimentExistsError):
        experiments.create_experiment(registry, ADA, "e", "", {})
    assert not experiments.restore_experiment(registry, ADA, made.id).deleted
    assert searching.search_runs(registry, ADA, [made.id], (), ()) == [begun]


def test_tags_of_an_experiment_are_set_and_removed_also_of_the_default_one(registry: Services) -> None:
    made = experiments.create_experiment(registry, ADA, "e", "", {"a": "1"})
    experiments.tag_experiment(registry, ADA, made.id, "b", "2")
    assert experiments.tag_experiment(registry, ADA, made.id, "a", "3").tags == {"a": "3", "b": "2"}
    assert experiments.untag_experiment(registry, ADA, made.id, "b").tags == {"a": "3"}
    assert experiments.untag_experiment(registry, ADA, made.id, "b").tags == {"a": "3"}
    with pytest.raises(PermissionDeniedError):
        experiments.tag_experiment(registry, ADA, "0", "a", "b")
    for value in ("b", "c"):
        assert experiments.tag_experiment(registry, MAINTAINER, "0", "a", value).tags == {"a": value}
    assert experiments.get_experiment(registry, ADA, "0").name == "Default"


def test_an_experiment_written_before_it_had_a_revision_can_be_changed(registry: Services) -> None:
    made = experiments.create_experiment(registry, ADA, "e", "", {})
    stored = tracking_items.experiment_item(made)
    del stored["revision"]
    registry.table.put(stored)
    for value in ("1", "2"):
        assert experiments.tag_experiment(registry, ADA, made.id, "a", value).tags == {"a": value}
