"""What in production descends from a dataset, and what fed what runs."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import DatasetAsked, Node, dataset_node, version_node
from chalicelib.domain.lineage.node import Kind as NodeKind
from chalicelib.domain.lineage.stated import Stated
from chalicelib.registry.aliases import aliases
from chalicelib.registry.evidence import evaluations
from chalicelib.registry.lineage import asking, stating
from chalicelib.registry.lineage.asking import Descendant, Fed
from chalicelib.registry.promotion import stages
from tests.registry.build import model, ready, request
from tests.registry.deployments.deploying import a_target, newest, open_for
from tests.registry.lineage.build import CLICKS, based_on


def promoted(registry: Services, name: str) -> None:
    stages.transition(registry, request(), name, 1, "production", None, None)


def all_pages(page_of: Any, limit: int) -> list[Any]:
    start, found = None, []
    for _ in range(50):
        page = page_of(limit, start)
        found += page.items
        start = page.next_start
        if start is None:
            return found
    raise AssertionError("the pages do not end")


def descendants(registry: Services, limit: int = 50, hidden: str = "", **asked: str) -> dict[str, list[str]]:
    """The models found, each with the names on the way to the dataset."""
    among = asking.in_stage(registry, "production", lambda name: name != hidden)
    found: list[Descendant] = all_pages(
        lambda most, start: asking.descendants(registry, DatasetAsked(**asked), among, most, start), limit
    )
    return {one.version.model: [node.name for node in one.path] for one in found}


def serving(registry: Services, asked: Recall | None = None, hidden: str = "") -> list[Fed]:
    return all_pages(lambda most, start: asking.serving(registry, asked, lambda name: name != hidden, most, start), 50)


def test_versions_in_production_are_found_however_many_steps_from_the_dataset(registry: Services) -> None:
    based_on(registry, "base", datasets=[CLICKS])
    based_on(registry, "middle", ("base", 1))
    for name in ("one", "two", "not-promoted"):
        based_on(registry, name, ("middle", 1))
    ready(registry, model(registry, "unrelated"))
    for name in ("one", "two", "unrelated"):
        promoted(registry, name)
    ways = {name: [name, "middle", "base", "clicks"] for name in ("one", "two")}
    for limit in (1, 2, 50):
        assert descendants(registry, limit, name="clicks") == ways
    assert descendants(registry, digest="d1") == ways
    assert descendants(registry, name="clicks", digest="other") == {}
    assert descendants(registry, name="clicks", hidden="two").keys() == {"one"}
    # The way leads through a version that the caller may not read.
    assert descendants(registry, name="clicks", hidden="base") == ways


def test_the_way_leads_through_a_dataset_that_is_known_by_its_name_alone(registry: Services) -> None:
    based_on(registry, "fraud", datasets=[{"name": "clicks"}])
    promoted(registry, "fraud")
    run, state = Node(NodeKind.RUN, "daily"), dataset_node("clicks", "d1")
    # A run that adds to a dataset both uses it and makes it.
    uses = tuple((LinkType.USED, origin) for origin in (dataset_node("raw"), state))
    stating.state(registry, request(), [Stated(state, ((LinkType.MADE_BY, run),)), Stated(run, uses)])
    assert descendants(registry, name="raw") == {"fraud": ["fraud", "clicks", "daily", "raw"]}
    assert descendants(registry, digest="d1") == {"fraud": ["fraud", "clicks", "daily", "clicks"]}


def test_versions_at_an_alias_are_found_among_the_models_that_the_caller_may_read(registry: Services) -> None:
    based_on(registry, "base", datasets=[CLICKS])
    for name in ("fraud", "price", "unpointed"):
        based_on(registry, name, ("base", 1))
    for name in ("fraud", "price"):
        aliases.set_alias(registry, request(), name, "champion", 1, None, None)

    def found(models: str, limit: int) -> list[str]:
        caller = Principal("token:rea", (Grant(Role.VIEWER, models),))
        among = asking.at_alias(registry, "champion", caller)
        dataset = DatasetAsked("clicks")
        pages = all_pages(lambda most, start: asking.descendants(registry, dataset, among, most, start), limit)
        return [one.version.model for one in pages]

    for limit in (1, 50):
        assert found("*", limit) == ["fraud", "price"]
        assert found("p*", limit) == ["price"]


def test_a_version_does_not_descend_from_what_it_was_measured_on(registry: Services) -> None:
    ready(registry, model(registry))
    given = Measurement(Kind.OFFLINE, {"auc": 0.9}, dataset=CLICKS)
    evaluations.record_evaluation(registry, request(), "fraud", "1", "nightly", given)
    promoted(registry, "fraud")
    assert descendants(registry, name="clicks") == {}


def test_everything_that_runs_is_listed_with_what_fed_it(registry: Services) -> None:
    a_target(registry)
    based_on(registry, "base", datasets=[CLICKS])
    based_on(registry, "fraud", ("base", 1), runtime={"requirements": ["numpy==1.21.0"]})
    promoted(registry, "fraud")
    open_for(registry, newest(registry))
    (fed,) = serving(registry)
    assert (fed.running.model, fed.running.target, fed.truncated) == ("fraud", "eu", False)
    assert {node.name for node in fed.origins} >= {"base", "clicks"}
    (hidden,) = serving(registry, hidden="base")
    assert "clicks" not in {node.name for node in hidden.origins}
    assert serving(registry, hidden="fraud") == []


def test_a_recall_looks_at_what_a_running_version_comes_from(registry: Services) -> None:
    a_target(registry)
    based_on(registry, "base", datasets=[CLICKS], runtime={"requirements": ["numpy==1.21.0"]})
    based_on(registry, "fraud", ("base", 1))
    promoted(registry, "fraud")
    open_for(registry, newest(registry))
    (affected,) = serving(registry, Recall(requirement="numpy"))
    assert affected.found == ("requirement numpy==1.21.0 of base/1",)
    assert serving(registry, Recall(dataset="clicks"))[0].found == ("dataset clicks of base/1",)
    assert serving(registry, Recall(requirement="torch")) == []
    assert serving(registry, Recall(requirement="numpy"), hidden="base") == []


def test_a_recall_finds_the_datasets_that_were_stated(registry: Services) -> None:
    a_target(registry)
    based_on(registry, "base", runtime={"requirements": ["numpy==1.21.0"]})
    version = based_on(registry, "fraud", ("base", 1))
    promoted(registry, "fraud")
    open_for(registry, newest(registry))
    run, clicks = Node(NodeKind.RUN, "daily"), dataset_node("clicks", "d1")
    for node, origins in (
        (version, ((LinkType.MADE_BY, run), (LinkType.TRAINED_ON, clicks))),
        (version_node("base", 1), ((LinkType.TRAINED_ON, clicks),)),
        (run, ((LinkType.USED, clicks),)),
    ):
        stating.state(registry, request(), [Stated(node, origins)])
    for asked in (Recall(dataset="clicks"), Recall(digest="d1")):
        (affected,) = serving(registry, asked)
        assert set(affected.found) == {
            "dataset clicks",
            "dataset clicks of base/1",
            "dataset clicks of the run daily",
        }
    assert "dataset clicks of base/1" not in serving(registry, Recall(dataset="clicks"), hidden="base")[0].found
    assert serving(registry, Recall(dataset="taps")) == []
