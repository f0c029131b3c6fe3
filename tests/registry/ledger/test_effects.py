"""Everything that is derived follows from the records, whatever was written before: index entries, copies, counts."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Final, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chalicelib.registry
from chalicelib.aws.services import Services
from chalicelib.domain.errors import RegistryError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.search.parser import parse_filter
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.domain.versions.version import Status
from chalicelib.registry.ledger import commit
from chalicelib.registry.search import best, search
from chalicelib.registry.versions import versions
from tests.conftest import REGION
from tests.registry import derived, proven
from tests.registry.arranged import a_model, governed, two_ready
from tests.registry.build import request
from tests.registry.writes import WRITES, Arrange
from tests.simulation import replace_items

USE_CASES: Final = chalicelib.registry.__name__
# Public functions that reach a commit, and are no writes of their own.
NO_WRITES = {
    "ledger.commit.change": "the commit itself",
    "models.model_ledger.change_model": "how use cases change a model",
    "models.model_ledger.change_model_on": "how use cases change a model",
    "access.registry_ledger.change_registry": "how use cases change the registry",
    "versions.intake.register_with_copies": "how a version is registered from a source, which is in the table",
    "lifecycle.duties.perform": "what the sweep does about one item; the sweep is in the table",
    "lifecycle.patrol.take_turn": "records what was written past the registry, which nothing else here leaves",
    "promotion.promotion.judge_newest": "a job of schedules, whose run is in the table",
    "promotion.request_judging.judge_requests": "what the promoter does with open requests, which is in the table",
    "promotion.requests.remind": "a job of schedules, whose run is in the table",
    "promotion.requests.expire_stale": "a job of schedules, whose run is in the table",
    "vulnerabilities.assessing.assess_version": "how a version is matched; what asks for it is in the table",
    "vulnerabilities.rematching.take_turn": "matches what is in use, as the calls in the table do",
    "scanning.overdue.look": "asks anew for a scan an hour later, as the call in the table does",
    "schedules.jobs.do_job": "what a run does with one model; the run is in the table",
    "monitoring.reconsidering.reconsider_monitor": "judges what was put or missed; both are in the table",
    "deployments.stepping.step": "reports what a driver found, and the reports are in the table",
    "webhooks.deliveries.queue_test": "writes a delivery into its log, and no ledger",
    "webhooks.deliveries.redeliver": "writes a delivery into its log, and no ledger",
    "webhooks.redelivery.redeliver_range": "writes deliveries into their log, and no ledger",
}


@pytest.fixture
def ticking(registry: Services) -> Services:
    """The registry with a clock by which no two changes are made at the same time."""
    start_clock(registry)
    return registry


def start_clock(registry: Services) -> None:
    ticks = [Instant("2026-01-01T00:00:00.000Z")]

    def clock() -> Instant:
        ticks[0] = later(ticks[0], timedelta(milliseconds=7))
        return ticks[0]

    registry.clock = clock


@pytest.mark.parametrize("name", WRITES)
def test_what_a_write_leaves_is_derived_from_the_records(ticking: Services, name: str) -> None:
    write = WRITES[name]
    value = write.arrange(ticking, "fraud")
    derived.check(ticking)
    proven.check(ticking)
    write.act(ticking, request(), "fraud", value)
    derived.check(ticking)
    proven.check(ticking)


@pytest.mark.parametrize("name", ["copy a version", "take in the copies of a version"])
def test_a_version_made_ready_by_copying_is_found_by_its_metrics(ticking: Services, name: str) -> None:
    value = WRITES[name].arrange(ticking, "fraud")
    WRITES[name].act(ticking, request(), "fraud", value)
    newest = versions.list_versions(ticking, "fraud", 1, None).items[0]
    assert newest.status is Status.READY and newest.intake is not None
    assert newest.number in [one.number for one in best.best_versions(ticking, "fraud", "auc", True, 10)]
    asked = SearchQuery(parse_filter("metrics.auc > 0.8", Subject.VERSIONS), ())
    found = search.search_versions(ticking, asked, 10, None, lambda _: True)
    assert newest in found.items


NAMES = st.sampled_from(["fraud", "churn"])
STEPS = st.lists(st.tuples(st.sampled_from(sorted(WRITES)), NAMES, st.booleans()), min_size=4, max_size=9)


@pytest.mark.exhaustive
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, starts=st.tuples(*[st.sampled_from([two_ready, governed, a_model])] * 2))
def test_whatever_was_written_all_that_is_derived_follows_from_the_records(
    registry: Services, steps: list[tuple[str, str, bool]], starts: tuple[Arrange, Arrange]
) -> None:
    """Each write is made after what it needs, or on what an earlier one has left; a refused one changes nothing."""
    replace_items(REGION, registry.table.name, [])
    start_clock(registry)
    for start, name in zip(starts, ("fraud", "churn"), strict=True):
        start(registry, name)
    values: dict[tuple[Arrange, str], object] = {}
    for write, name, arranged in ((WRITES[step], name, arranged) for step, name, arranged in steps):
        with suppress(RegistryError):
            key = (write.arrange, name)
            if arranged or key not in values:
                values[key] = write.arrange(registry, name)
            write.act(registry, request(), name, values[key])
        derived.check(registry)
        proven.check(registry)


def test_every_write_use_case_is_in_the_table() -> None:
    functions = dict(public_functions())
    used = set().union(*(reached([write.act], within="tests.") for write in WRITES.values()))
    missing = {name for name, function in functions.items() if is_write(function) and function not in used}
    assert missing == NO_WRITES.keys()


def public_functions() -> Iterator[tuple[str, FunctionType]]:
    """The public functions of all use cases, by their modules and names."""
    for found in pkgutil.walk_packages(chalicelib.registry.__path__, f"{USE_CASES}."):
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if isinstance(function, FunctionType) and function.__module__ == found.name and not name.startswith("_"):
                yield f"{found.name.removeprefix(f'{USE_CASES}.')}.{name}", function


def is_write(function: FunctionType) -> bool:
    """Whether a function is given a request and answers with a change, or reaches a commit."""
    annotations = inspect.get_annotations(function, eval_str=True)
    answered = annotations.pop("return", None)
    changes = commit.Changed in (answered, get_origin(answered)) and commit.Request in annotations.values()
    return changes or commit.change in reached([function], within=USE_CASES)


def reached(functions: Iterable[FunctionType], within: str) -> set[FunctionType]:
    """The functions, all that they call, and all that those call which are in modules ``within`` a package."""
    known: set[FunctionType] = set()
    waiting = list(functions)
    while waiting:
        function = waiting.pop()
        if function not in known:
            known.add(function)
            if function.__module__.startswith(within):
                waiting += called_by(function)
    return known


@cache
def called_by(function: FunctionType) -> frozenset[FunctionType]:
    """The functions that a function names, by themselves or as attributes of modules."""
    names, codes = set(), [function.__code__]
    while codes:
        code = codes.pop()
        names |= {*code.co_names}
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    known = {name: function.__globals__[name] for name in names if name in function.__globals__}
    modules = [value for value in known.values() if isinstance(value, ModuleType)]
    named = [*known.values(), *(getattr(module, name, None) for module in modules for name in names)]
    return frozenset(value for value in named if isinstance(value, FunctionType))
