"""What earlier releases have saved is linked by the backfill, whoever writes meanwhile."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.lineage.node import dataset_node
from chalicelib.domain.lineage.walk import Direction
from chalicelib.registry.evidence import evaluations
from chalicelib.registry.lineage.linking import link_model
from chalicelib.registry.versions import burials, versions
from tests.registry import derived
from tests.registry.build import ready, request
from tests.registry.faults import Meanwhile
from tests.registry.lineage.build import CLICKS, based_on, shown


def unlinked(registry: Services) -> int:
    """As earlier releases left it: without links. Answers how many there were."""
    gone = [key_of(one) for one in derived.table(registry) if key_of(one).partition.startswith(keys.LINEAGE_PREFIX)]
    registry.table.transact([registry.table.drop_write(key) for key in gone])
    return len(gone)


def a_model_with_links(registry: Services) -> None:
    based_on(registry, "fraud", datasets=[CLICKS])
    ready(registry, provenance={"datasets": [CLICKS]})
    given = Measurement(Kind.OFFLINE, {"auc": 0.9}, dataset={"name": "holdout"})
    evaluations.record_evaluation(registry, request(), "fraud", "1", "nightly", given)
    versions.delete_version(registry, request(), "fraud", "2")


def test_all_links_are_written_once(registry: Services) -> None:
    a_model_with_links(registry)
    gone = unlinked(registry)
    assert link_model(registry, "fraud") == gone == 6
    derived.check(registry)
    assert link_model(registry, "fraud") == 0


def test_a_version_that_is_deleted_meanwhile_is_linked_all_the_same(registry: Services) -> None:
    a_model_with_links(registry)
    unlinked(registry)
    with Meanwhile(registry, lambda: versions.delete_version(registry, request(), "fraud", "1")) as meanwhile:
        link_model(registry, "fraud")
    assert meanwhile.acted
    assert set(shown(registry, dataset_node("clicks", "d1"), Direction.DOWN)) == {("fraud", "1"), ("fraud", "2")}
    derived.check(registry)


def test_a_version_that_is_restored_meanwhile_is_linked_all_the_same(registry: Services) -> None:
    a_model_with_links(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    unlinked(registry)
    with Meanwhile(registry, lambda: burials.restore_version(registry, request(), "fraud", "1", None)) as meanwhile:
        link_model(registry, "fraud")
    assert meanwhile.acted
    derived.check(registry)
