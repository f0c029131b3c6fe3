"""Many long parameters: they lie apart from their run or logged model, and every read has them."""

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.params import MAX_APART
from chalicelib.registry.mlflow.tracking import logged_models, long_params, runs, searching
from tests.registry.faults import Calls, Meanwhile
from tests.registry.mlflow.tracking.build import ADA, run

# More than twice what the item of a run holds.
MANY = {f"layer-{number:04d}/config": f"{number:04d} " + "units=64, activation=relu; " * 12 for number in range(2_400)}


def log_all(registry: Services, run_id: str, params: dict[str, str]) -> None:
    pairs = list(params.items())
    for first in range(0, len(pairs), 100):
        runs.log(registry, ADA, run_id, params=pairs[first : first + 100])


def test_a_run_with_thousands_of_long_parameters_is_kept_and_read_whole(registry: Services) -> None:
    begun = run(registry)
    log_all(registry, begun.id, MANY)
    found = runs.get_run(registry, ADA, begun.id)
    assert found.params == MANY
    item = registry.table.get(keys.run(begun.id))
    assert item is not None and len(str(item["body"])) < 350_000


def test_a_parameter_that_lies_apart_keeps_its_first_value(registry: Services) -> None:
    begun = run(registry)
    params = dict(list(MANY.items())[:400])
    log_all(registry, begun.id, params)
    log_all(registry, begun.id, params)
    last = list(params)[-1]
    assert last in runs.existing(registry, begun.id).params_apart
    for other in ("short", "another " * 60):
        with pytest.raises(InvalidInputError, match="Changing param values is not allowed"):
            runs.log(registry, ADA, begun.id, params=[(last, other)])
    assert runs.get_run(registry, ADA, begun.id).params == params


def test_few_long_parameters_stay_in_the_item_of_the_run(registry: Services) -> None:
    begun = run(registry)
    runs.log(registry, ADA, begun.id, params=list(MANY.items())[:100])
    assert not runs.existing(registry, begun.id).params_apart
    calls = Calls(registry.client("dynamodb"))
    runs.get_run(registry, ADA, begun.id)
    assert calls.operations == ["Query"]


def test_long_parameters_are_bounded(registry: Services) -> None:
    begun = run(registry)
    huge = {f"p{number}": "x" * 6_000 for number in range((MAX_APART + 100_000) // 6_002)}
    log_all(registry, begun.id, huge)
    with pytest.raises(BodyTooLargeError, match="Log long texts as an artifact"):
        log_all(registry, begun.id, {f"q{number}": "x" * 6_000 for number in range(3)})
    assert runs.get_run(registry, ADA, begun.id).params == huge


def test_a_parameter_that_another_logs_meanwhile_is_not_mixed_up(registry: Services) -> None:
    begun = run(registry)
    log_all(registry, begun.id, dict(list(MANY.items())[:320]))
    theirs, ours = "theirs " * 30, "ours " * 30
    with (
        Meanwhile(registry, lambda: runs.log(registry, ADA, begun.id, params=[("same", theirs)]), "PutItem"),
        pytest.raises(InvalidInputError),
    ):
        runs.log(registry, ADA, begun.id, params=[("same", ours)])
    assert runs.get_run(registry, ADA, begun.id).params["same"] == theirs


def test_a_logged_model_keeps_many_long_parameters(registry: Services) -> None:
    created, later = dict(list(MANY.items())[:900]), dict(list(MANY.items())[900:1_000])
    model = logged_models.create_logged_model(registry, ADA, "0", "net", "", "", created, {})
    assert model.params == created
    logged_models.log_params(registry, ADA, model.id, later)
    assert logged_models.get_logged_model(registry, ADA, model.id).params == created | later


def test_searches_find_by_a_parameter_that_lies_apart_and_show_all(registry: Services) -> None:
    begun, other = run(registry), run(registry)
    for one in (begun, other):
        log_all(registry, one.id, dict(list(MANY.items())[:400]))
    runs.log(registry, ADA, begun.id, params=[("note", "needle " * 20)])
    wanted = search.parsed("params.note LIKE 'needle%'")
    (found,) = searching.search_runs(registry, ADA, ["0"], wanted, [])
    assert found.id == begun.id
    (whole,) = long_params.with_all_of_each(registry, [found])
    assert whole.params == runs.get_run(registry, ADA, begun.id).params
