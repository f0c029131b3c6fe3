"""Links follow from every change, and end with what they are of."""

from datetime import timedelta

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.instants import later
from chalicelib.domain.lineage.node import dataset_node, version_node
from chalicelib.domain.lineage.walk import Direction
from chalicelib.registry.deployments import reporting
from chalicelib.registry.evidence import evaluations
from chalicelib.registry.lifecycle import sweep
from chalicelib.registry.versions import versions
from tests.registry import derived
from tests.registry.build import model, ready, registered, request
from tests.registry.deployments.deploying import a_target, moved, open_for
from tests.registry.lineage.build import CLICKS, based_on, shown


def test_a_registered_version_is_found_from_what_it_comes_from(registry: Services) -> None:
    based_on(registry, "base", datasets=[CLICKS])
    child = based_on(registry, "fraud", ("base", 1))
    assert shown(registry, child, Direction.UP) == [("base", "1"), ("clicks", "digest:d1")]
    assert shown(registry, dataset_node("clicks", "d1"), Direction.DOWN) == [("base", "1"), ("fraud", "1")]
    derived.check(registry)


def test_a_dataset_is_found_in_all_its_states_by_its_name(registry: Services) -> None:
    model(registry)
    for state in ({"digest": "d1"}, {"version": "7"}, {}):
        registered(registry, provenance={"datasets": [{"name": "clicks", **state}]})
    assert sorted(shown(registry, dataset_node("clicks"), Direction.DOWN)) == [
        ("fraud", "1"),
        ("fraud", "2"),
        ("fraud", "3"),
    ]
    assert shown(registry, dataset_node("clicks", "d1"), Direction.DOWN) == [("fraud", "1")]
    assert shown(registry, dataset_node("clicks", version="7"), Direction.DOWN) == [("fraud", "2")]


def test_a_version_with_as_many_tags_metrics_and_origins_as_may_be_is_registered(registry: Services) -> None:
    described = {
        "label": "1.0.0",
        "tags": {f"t{number}": "" for number in range(50)},
        "metrics": {f"m{number}": 0.5 for number in range(60)},
        "provenance": {"datasets": [{"name": f"d{number}"} for number in range(100)]},
    }
    ready(registry, model(registry), **described)
    # It has no room for links from its origins, but all of its own.
    found = shown(registry, version_node("fraud", 1), Direction.UP)
    assert len(found) == 100
    derived.check(registry)
    versions.annotate_version(registry, request(), "fraud", "1", None, {})
    assert shown(registry, dataset_node("d47"), Direction.DOWN) == []
    assert shown(registry, dataset_node("d39"), Direction.DOWN) == [("fraud", "1")]
    derived.check(registry)


def test_an_evaluation_and_its_withdrawal_change_what_a_version_is_linked_to(registry: Services) -> None:
    model(registry)
    ready(registry)
    given = Measurement(Kind.OFFLINE, {"auc": 0.9}, dataset={"name": "holdout"})
    evaluations.record_evaluation(registry, request(), "fraud", "1", "nightly", given)
    assert shown(registry, version_node("fraud", 1), Direction.UP) == [("holdout", "")]
    derived.check(registry)
    evaluations.withdraw_evaluation(registry, request(), "fraud", "1", "nightly")
    assert shown(registry, version_node("fraud", 1), Direction.UP) == []
    derived.check(registry)


def test_a_version_is_linked_to_the_targets_that_serve_it_now(registry: Services) -> None:
    a_target(registry)
    model(registry)
    for number in (1, 2):
        open_for(registry, moved(registry))
        assert shown(registry, version_node("fraud", number), Direction.DOWN) == []
        reporting.report(registry, request(), "fraud", number, Report(Status.SUCCEEDED))
        assert shown(registry, version_node("fraud", number), Direction.DOWN) == [("fraud", "eu")]
    assert shown(registry, version_node("fraud", 1), Direction.DOWN) == []
    derived.check(registry)


def test_what_came_of_a_purged_version_still_descends_from_its_data(registry: Services) -> None:
    based_on(registry, "base", datasets=[CLICKS])
    child = based_on(registry, "fraud", ("base", 1))
    versions.delete_version(registry, request(), "base", "1")
    purge_due(registry)
    assert shown(registry, child, Direction.UP) == [("base", "1"), ("clicks", "digest:d1")]
    derived.check(registry)


def test_a_version_that_never_became_ready_leaves_no_links(registry: Services) -> None:
    model(registry)
    registered(registry, provenance={"datasets": [CLICKS]})
    assert shown(registry, dataset_node("clicks", "d1"), Direction.DOWN) == [("fraud", "1")]
    purge_due(registry)
    assert shown(registry, dataset_node("clicks", "d1"), Direction.DOWN) == []
    derived.check(registry)


def purge_due(registry: Services) -> None:
    """The keeper's turn a year later."""
    now = registry.clock()
    registry.clock = lambda: later(now, timedelta(days=365))
    sweep.sweep_due(registry, "keeper-1")
