"""A model at a glance, in two reads whatever there is of it."""

from chalicelib.aws.services import Services
from chalicelib.registry.aliases import aliases
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.overviews.model_overview import ModelOverview, get_model_overview
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, pending, ready, request
from tests.registry.faults import Calls
from tests.registry.governed import asked, governed
from tests.registry.overviews.between import between_reads


def standing(overview: ModelOverview) -> dict[str, list[int]]:
    return {one.stage.name: [version.number for version in one.versions] for one in overview.stages if one.versions}


def move(registry: Services, number: int, stage: str) -> None:
    stages.transition(registry, request(), MODEL, number, stage, None, None)


def test_a_model_without_versions_costs_one_read_and_any_other_two(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    governed(registry)
    calls.operations.clear()
    get_model_overview(registry, MODEL)
    assert calls.operations == ["BatchGetItem"]
    for _ in range(10):
        asked(registry)
    calls.operations.clear()
    shown = get_model_overview(registry, MODEL)
    assert calls.operations == ["BatchGetItem"] * 2
    assert [one.number for one in shown.requests] == [*range(1, 11)]


def test_a_stage_shows_its_holder_although_newer_versions_stand_in_it(registry: Services) -> None:
    model(registry)
    for _ in range(10):
        ready(registry)
    move(registry, 10, "staging")
    move(registry, 1, "staging")
    move(registry, 2, "production")
    shown = {one.stage.name: one for one in get_model_overview(registry, MODEL).stages}
    staging = shown["staging"]
    assert (staging.holder, staging.count, [one.number for one in staging.versions]) == (1, 2, [10, 1])
    assert (shown["production"].holder, shown["production"].count) == (2, 1)
    assert shown["development"].count == 7


def test_versions_that_wait_for_their_files_are_shown_too(registry: Services) -> None:
    model(registry)
    pending(registry)
    (version,) = get_model_overview(registry, MODEL).stages[0].versions
    assert version.status == "PENDING"


def test_a_version_that_moves_or_goes_between_the_reads_is_left_out(registry: Services) -> None:
    model(registry)
    for _ in range(3):
        ready(registry)
    with between_reads(registry, lambda: move(registry, 3, "staging")):
        assert standing(get_model_overview(registry, MODEL)) == {"development": [2, 1]}
    with between_reads(registry, lambda: versions.delete_version(registry, request(), MODEL, "2")):
        assert standing(get_model_overview(registry, MODEL)) == {"development": [1], "staging": [3]}


def test_a_champion_that_goes_between_the_reads_is_not_compared(registry: Services) -> None:
    model(registry)
    for alias in ("champion", "challenger"):
        aliases.set_alias(registry, request(), MODEL, alias, ready(registry).number, None, None)

    def go() -> None:
        aliases.delete_alias(registry, request(), MODEL, "champion")
        versions.delete_version(registry, request(), MODEL, "1")

    with between_reads(registry, go):
        contest = get_model_overview(registry, MODEL).contest
    assert contest.champion is None and contest.differences is None
    assert contest.challenger is not None and contest.challenger.number == 2


def test_a_champion_that_is_its_own_challenger_differs_in_nothing(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.5})
    for alias in ("champion", "challenger"):
        aliases.set_alias(registry, request(), MODEL, alias, 1, None, None)
    differences = get_model_overview(registry, MODEL).contest.differences
    assert differences is not None
    assert [measure.differences for measure in differences.metrics] == [(0, 0)]


def test_a_freeze_and_locks_are_shown(registry: Services) -> None:
    model(registry)
    ready(registry)
    restrictions.lock_version(registry, request(), MODEL, "1", "audited")
    restrictions.freeze_model(registry, request(), MODEL, "incident")
    shown = get_model_overview(registry, MODEL).state.model
    assert shown.locked == (1,)
    assert shown.frozen is not None and shown.frozen.reason == "incident"
