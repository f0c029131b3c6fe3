"""A recall finds what runs anywhere that a package, a dataset or a digest is in."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.deployments.recall import Recall
from chalicelib.registry.deployments import recalling
from chalicelib.registry.promotion import stages
from tests.registry.build import model, ready, request
from tests.registry.deployments.deploying import a_target, newest, open_for

OLD = {"runtime": {"requirements": ["numpy==1.21.0"]}, "datasets": [{"name": "transactions", "digest": "d1"}]}
NEW = {"runtime": {"requirements": ["NumPy >= 2.0"]}, "datasets": [{"name": "clicks"}]}


def running(registry: Services, name: str, provenance: dict[str, Any]) -> None:
    """A version of a model that is on its way to all targets."""
    version = ready(registry, name, provenance=provenance)
    stages.transition(registry, request(), name, version.number, "production", None, None)
    open_for(registry, newest(registry, name))


def found(registry: Services, limit: int = 100, hidden: str = "", **asked: str) -> list[tuple[str, str]]:
    """The targets and models that are recalled, in all pages."""
    start: dict[str, str | int] | None = None
    affected = []
    for _ in range(50):
        page = recalling.recall(registry, Recall(**asked), lambda name: name != hidden, limit, start)
        affected += [(one.target, one.model) for one in page.items]
        start = page.next_start
        if start is None:
            return affected
    raise AssertionError("the pages do not end")


def test_every_target_that_runs_an_affected_version_is_found_in_pages_of_any_size(registry: Services) -> None:
    for name in ("ap", "eu", "none", "us"):
        a_target(registry, name, alias="nothing") if name == "none" else a_target(registry, name)
    for name, provenance in (("churn", OLD), ("fraud", NEW), ("price", OLD)):
        running(registry, model(registry, name), provenance)
    everywhere = [(target, name) for target in ("ap", "eu", "us") for name in ("churn", "price")]
    for limit in (1, 2, 3, 100):
        assert found(registry, limit, dataset="transactions") == everywhere
    assert found(registry, requirement="numpy==1.21.0") == everywhere
    assert found(registry, digest="d1", hidden="price") == [(target, "churn") for target in ("ap", "eu", "us")]
    assert len(found(registry, requirement="numpy")) == 9
    assert found(registry, dataset="nobody's") == []


def test_a_version_that_no_longer_runs_is_not_recalled(registry: Services) -> None:
    a_target(registry)
    model(registry)
    running(registry, "fraud", OLD)
    running(registry, "fraud", NEW)
    assert found(registry, dataset="transactions") == []
    (affected,) = recalling.recall(registry, Recall(dataset="clicks"), lambda _: True, 10, None).items
    assert (affected.version, affected.serving, affected.found) == (2, False, ("dataset clicks",))
