"""A later ruleset has every version in use scanned again, once; a new scheme has what was found judged again."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.registry.aliases import aliases
from chalicelib.registry.promotion.scheme_assignment import assign_scheme
from chalicelib.registry.scanning import rejudging, rescans
from chalicelib.registry.scanning.rescan_round import rescan_due
from chalicelib.registry.schemes.saving import save_scheme
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import TEXT, hostile, judge, last_event, result_of, scan, uploaded, version
from tests.registry.scanning.later import later_rules


def scanned(registry: Services, contents: dict[str, bytes]) -> int:
    event = uploaded(registry, contents)
    scan(event)
    judge(result_of(registry, event["version"]))
    return int(event["version"])


def rounds(registry: Services) -> int:
    """Let the keeper go through all models; answers how many scans it asked for."""
    asked = 0
    while (stored := rescan_due(registry)) is not None:
        asked += rescans.take_turn(registry, stored, "keeper-1")
    return asked


def test_after_a_change_of_the_rules_what_is_pointed_at_is_scanned_again_once(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    for content in (b"[1]", b"[2]", b"[3]"):
        scanned(scanning, {"config.json": content})
    aliases.set_alias(scanning, request(), MODEL, "champion", 2, None, None)
    assert rounds(scanning) == 0, "all have a verdict by the present rules"
    later_rules(monkeypatch)
    assert rounds(scanning) == 1
    requested = last_event(scanning)
    assert (requested["type"], requested["version"], requested["actor"]) == ("scan.requested", 2, "keeper")
    assert version(scanning, 2).scan.allowed, "the old verdict holds until the new one is there"
    assert rounds(scanning) == 0
    scan(requested)
    judge(result_of(scanning, 2))
    assert (version(scanning, 2).scan.ruleset, version(scanning, 2).scan.state) == (RULESET + 1, ScanState.DONE)


def test_a_model_that_was_missed_is_gone_through_again(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The round comes once for each ruleset, so nobody else would ask for its scans."""
    model(scanning)
    scanned(scanning, {"config.json": b"[1]"})
    aliases.set_alias(scanning, request(), MODEL, "champion", 1, None, None)
    rounds(scanning)
    later_rules(monkeypatch)
    stored = rescan_due(scanning)
    assert stored is not None
    # As a keeper does that has no time left, or in which the model fails.
    assert rescans.take_turn(scanning, stored, "keeper-1", lambda name, duty: 0) == 0
    assert rounds(scanning) == 1
    assert version(scanning, 1).scan.state is ScanState.PENDING


def test_a_model_that_is_always_missed_ends_the_round_after_some_passes(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    later_rules(monkeypatch)
    passes = set()
    while (stored := rescan_due(scanning)) is not None:
        passes.add(int(stored.get("passes", 1)))
        rescans.take_turn(scanning, stored, "keeper-1", lambda name, duty: 0)
    assert passes == {1, 2, 3, 4, 5}


def test_versions_that_were_never_scanned_are(registry: Services, scanning: Services) -> None:
    model(registry)
    uploaded(registry, {"config.json": TEXT})
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    assert version(scanning).scan is None
    assert rounds(scanning) == 1
    assert version(scanning).scan.state is ScanState.PENDING


def test_a_registry_that_does_not_scan_asks_for_nothing(registry: Services) -> None:
    assert rescan_due(registry) is None


def assigned(registry: Services, policy: dict[str, Any]) -> dict[str, Any]:
    """Give the model a scheme with this policy; answers the event of that."""
    save_scheme(registry, request(), {**PRESETS["simple"], "name": "own", "scanning": policy})
    assign_scheme(registry, request(), MODEL, "own", None)
    return last_event(registry)


def test_a_new_scheme_judges_what_was_found_without_a_scan(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    scanned(scanning, {"config.json": TEXT})
    scanned(scanning, {"model.pkl": hostile()})
    assert [version(scanning, number).scan.allowed for number in (1, 2)] == [True, False]
    event = assigned(scanning, {"allow": ["clean", "unscanned", "review"]})
    verdict = version(scanning, 2).scan.verdict
    changes = rejudging.judge_again(scanning, event)
    assert changes == (1 if verdict is Verdict.REVIEW else 0)
    assert version(scanning, 2).scan.allowed == (verdict is Verdict.REVIEW)
    assert rejudging.judge_again(scanning, event) == 0, "twice changes nothing more"
    event = assigned(scanning, {"allow": ["unscanned"]})
    rejudging.judge_again(scanning, event)
    assert [version(scanning, number).scan.allowed for number in (1, 2)] == [False, False]
