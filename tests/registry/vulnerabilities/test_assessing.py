"""Matching versions: when they arrive, on request, and when another index is made current."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import ContentionError, VersionNotFoundError, VersionNotReadyError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.vulnerabilities.rematch import MAX_ROUNDS
from chalicelib.domain.vulnerabilities.statement import StatementGiven, VexStatus
from chalicelib.reactions.promotion.promoter import promoter
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.promotion import requests, stages
from chalicelib.registry.versions import versions
from chalicelib.registry.vulnerabilities import affected, assessing, indexes, rematching, stating
from chalicelib.registry.vulnerabilities.affected import Sought
from tests.registry.build import ADMIN, MODEL, model, pending, request
from tests.registry.vulnerabilities.build import NOTHING, NUMPY, TORCH, current_index, requiring


def events(registry: Services, name: str = MODEL) -> list[dict[str, Any]]:
    found = audit.list_events(registry, f"model:{name}", "oldest", 100, None).items
    return [event for event in found if event["type"].startswith("vulnerability.")]


def types(registry: Services, name: str = MODEL) -> list[str]:
    return [event["type"] for event in events(registry, name)]


class Context:
    aws_request_id = "run-1"


def arrive(registry: Services) -> None:
    """What the promoter does about the newest version's arrival."""
    ready = [
        event
        for event in audit.list_events(registry, f"model:{MODEL}", "newest", 20, None).items
        if event["type"] == "version.ready"
    ]
    promoter({"detail": ready[0]}, Context())


def in_use(registry: Services, *lines: str, name: str = MODEL) -> None:
    model(registry, name)
    requiring(registry, *lines, name=name)
    aliases.set_alias(registry, request(), name, "champion", 1, None, None)


def test_a_version_that_arrives_is_matched_before_its_moves_are_judged(registry: Services) -> None:
    current_index(registry)
    model(registry)
    requiring(registry, "torch==2.5.0", "numpy")
    arrive(registry)
    assessment = assessing.get_assessment(registry, MODEL, "1")
    assert [one.advisory for one in assessment.findings] == ["GHSA-1"]
    assert assessment.matched is not None
    assert assessment.matched.unpinned == ("numpy",)
    (event,) = events(registry)
    assert (event["type"], event["actor"], event["trigger"]) == ("vulnerability.found", "rule:vulnerabilities", "rule")
    arrive(registry)
    assert len(events(registry)) == 1


def test_without_an_index_an_arrival_changes_nothing(registry: Services) -> None:
    model(registry)
    requiring(registry, "torch==2.5.0")
    arrive(registry)
    assert events(registry) == []
    assert assessing.get_assessment(registry, MODEL, "1").matched is None


def test_a_version_is_matched_on_request(registry: Services) -> None:
    model(registry)
    requiring(registry, "torch==2.5.0")
    current_index(registry)
    first = assessing.assess_again(registry, request("key"), MODEL, "1")
    assert [one.advisory for one in first.result.findings] == ["GHSA-1"]
    again = assessing.assess_again(registry, request("key"), MODEL, "1")
    assert (again.replayed, again.result) == (True, first.result)
    assert assessing.assess_again(registry, request(), MODEL, "1").result == first.result
    assert types(registry) == ["vulnerability.found"]


def react(registry: Services, event_type: str) -> None:
    """What the promoter does about the last event of this type."""
    found = audit.list_events(registry, f"model:{MODEL}", "newest", 20, None).items
    promoter({"detail": next(event for event in found if event["type"] == event_type)}, Context())


@pytest.mark.parametrize(
    ("come_into_use", "event_type"),
    [
        (lambda r: aliases.set_alias(r, request(), MODEL, "champion", 1, None, None), "alias.set"),
        (lambda r: stages.transition(r, request(), MODEL, 1, "staging", None, None), "version.transitioned"),
        (lambda r: requests.open_request(r, request(), MODEL, "1", "staging", None, None, []), "request.opened"),
    ],
)
def test_what_comes_back_into_use_is_matched_against_the_current_advisories(
    registry: Services, come_into_use: Callable[[Services], Any], event_type: str
) -> None:
    model(registry)
    current_index(registry, NOTHING)
    requiring(registry, "torch==2.5.0")
    arrive(registry)
    current_index(registry, TORCH)
    sweep_due(registry, "run-1")
    assert types(registry) == ["vulnerability.matched"], "nobody used it when the advisories came"
    come_into_use(registry)
    react(registry, event_type)
    assert types(registry) == ["vulnerability.matched", "vulnerability.found"]
    react(registry, event_type)
    assert len(types(registry)) == 2


def test_what_leaves_use_is_not_matched(registry: Services) -> None:
    in_use(registry, "torch==2.5.0")
    aliases.set_alias(registry, request(), MODEL, "champion", requiring(registry).number, None, None)
    stages.transition(registry, request(), MODEL, 1, "archived", None, None)
    current_index(registry)
    react(registry, "version.transitioned")
    assert types(registry) == []


def test_only_versions_with_proven_files_are_matched(registry: Services) -> None:
    model(registry)
    pending(registry)
    current_index(registry)
    with pytest.raises(VersionNotReadyError):
        assessing.assess_again(registry, request(), MODEL, "1")
    with pytest.raises(VersionNotFoundError):
        assessing.assess_again(registry, request(), MODEL, "2")


def test_another_index_has_what_is_in_use_matched_again_and_nothing_else(registry: Services) -> None:
    in_use(registry, "torch==2.5.0", "numpy==1.0")
    requiring(registry, "torch==2.5.0")
    current_index(registry)
    assert sweep_due(registry, "run-1") == 1
    assert [event["version"] for event in events(registry)] == [1]
    state = indexes.index_state(registry)
    assert (state.rematching, state.rematch and state.rematch.done) == (False, 1)

    current_index(registry, NUMPY)
    sweep_due(registry, "run-2")
    assert types(registry) == ["vulnerability.found", "vulnerability.found", "vulnerability.resolved"]
    found, gone = events(registry)[1:]
    assert (found["after"]["ids"], gone["before"]["ids"]) == (["GHSA-2"], ["GHSA-1"])
    assert (found["trigger"], found["correlation_id"]) == ("keeper", gone["correlation_id"])

    assert sweep_due(registry, "run-3") == 0


def test_a_rematch_that_finds_the_same_says_only_that_newer_data_was_looked_at(registry: Services) -> None:
    in_use(registry, "torch==2.5.0")
    made = current_index(registry)
    sweep_due(registry, "run-1")
    current_index(registry, TORCH, later(made.published_at, timedelta(milliseconds=1)))
    sweep_due(registry, "run-2")
    assert types(registry) == ["vulnerability.found", "vulnerability.matched"]


def test_a_rematch_goes_on_where_it_was_recorded(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rematching, "_PAGE", 1)
    monkeypatch.setattr(rematching, "_TURN_SECONDS", 0.0)
    for name in ("a", "b", "c"):
        in_use(registry, "torch==2.5.0", name=name)
    current_index(registry)
    for name in ("a", "b", "c"):
        assert types(registry, name) == []
        assert rematching.take_turn(registry, "PyPI") == 1
        assert types(registry, name) == ["vulnerability.found"]
    assert not indexes.index_state(registry).rematching


def test_a_pointer_that_moves_during_a_rematch_begins_another_that_ends_with_the_newest(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rematching, "_PAGE", 1)
    for name in ("a", "b"):
        in_use(registry, "torch==2.5.0", "numpy==1.0", name=name)
    current_index(registry, TORCH)
    moved = []
    assess = rematching.assess_version

    def assess_and_move(*asked: Any) -> Any:
        done = assess(*asked)
        if len(moved) < 2:
            # First one pointer moves, then, in the rematch that this begins, another.
            moved.append(current_index(registry, [NUMPY, NOTHING][len(moved)]))
        return done

    monkeypatch.setattr(rematching, "assess_version", assess_and_move)
    for _ in range(5):
        rematching.take_turn(registry, "PyPI")
    assert len(moved) == 2
    for name in ("a", "b"):
        assessment = assessing.get_assessment(registry, name, "1")
        assert assessment.matched is not None
        assert (assessment.matched.sha256, assessment.findings) == (moved[1].sha256, ())
    assert not indexes.index_state(registry).rematching


def test_a_turn_that_is_late_does_not_put_older_findings_back(registry: Services) -> None:
    in_use(registry, "torch==2.5.0")
    old = current_index(registry, TORCH)
    new = current_index(registry, NOTHING)
    assessing.assess_version(registry, request(), MODEL, 1, new, Trigger.KEEPER)
    assessing.assess_version(registry, request(), MODEL, 1, old, Trigger.KEEPER)
    assert assessing.get_assessment(registry, MODEL, "1").findings == ()


def test_a_version_that_cannot_be_matched_keeps_no_other_and_is_tried_again(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        in_use(registry, "torch==2.5.0", name=name)
    current_index(registry)
    assess, tries = rematching.assess_version, []

    def contended(*asked: Any) -> Any:
        if asked[2] == "a":
            tries.append(asked)
            raise ContentionError("others were faster")
        return assess(*asked)

    monkeypatch.setattr(rematching, "assess_version", contended)
    assert rematching.take_turn(registry, "PyPI") == 1
    assert types(registry, "b") == ["vulnerability.found"]
    assert sweep_due(registry, "run-1") == 0  # not at once
    assert indexes.index_state(registry).rematching
    for _ in range(MAX_ROUNDS + 2):
        if indexes.index_state(registry).rematching:
            rematching.take_turn(registry, "PyPI")
    assert len(tries) == MAX_ROUNDS
    assert not indexes.index_state(registry).rematching


def test_a_version_that_is_deleted_meanwhile_is_left_out(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    in_use(registry, "torch==2.5.0")
    current_index(registry)
    heads = rematching.model_heads

    def heads_before_the_deletion(*asked: Any) -> Any:
        found = heads(*asked)
        aliases.delete_alias(registry, request(), MODEL, "champion")
        versions.delete_version(registry, request(), MODEL, 1)
        return found

    monkeypatch.setattr(rematching, "model_heads", heads_before_the_deletion)
    assert rematching.take_turn(registry, "PyPI") == 0
    assert types(registry) == []
    assert not indexes.index_state(registry).rematching


def test_what_is_in_use_is_found_by_any_name_of_a_vulnerability_and_by_a_package(registry: Services) -> None:
    in_use(registry, "Torch[x]==2.5.0", "numpy>=1")
    requiring(registry, "torch==2.5.0")
    current_index(registry)
    sweep_due(registry, "run-1")

    def found(**sought: str) -> list[tuple[int, tuple[str, ...], list[str]]]:
        page = affected.list_affected(registry, ADMIN, Sought(**sought), 25, None)
        return [(one.version.number, one.requirements, [f.advisory for f in one.findings]) for one in page.items]

    assert found(advisory="CVE-1") == [(1, ("Torch[x]==2.5.0",), ["GHSA-1"])]
    assert found(advisory="GHSA-1") == found(package="TORCH")
    assert found(package="numpy") == [(1, ("numpy>=1",), [])]
    assert found(advisory="CVE-9") == found(package="pandas") == []


def test_what_is_stated_outlives_matching_and_is_read_back(registry: Services) -> None:
    in_use(registry, "torch==2.5.0")
    current_index(registry)
    given = StatementGiven(
        VexStatus.NOT_AFFECTED, "code_not_reachable", "never loads", later(registry.clock(), timedelta(days=1))
    )
    stated = stating.state(registry, request(), MODEL, "@champion", "CVE-1", given).result
    sweep_due(registry, "run-1")
    assessment = assessing.get_assessment(registry, MODEL, "1")
    assert assessment.statements == stated.statements
    assert assessment.lifts(assessment.findings[0], registry.clock())
    stating.unstate(registry, request(), MODEL, "1", "CVE-1")
    assert assessing.get_assessment(registry, MODEL, "1").statements == {}
    assert types(registry) == ["vulnerability.stated", "vulnerability.found", "vulnerability.unstated"]
    assert keys.vulnerabilities(MODEL, 1).sort == "VULNERABILITIES#000000001"
