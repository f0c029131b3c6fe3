"""The keeper asks for scans by later rules, and the promoter judges what was found by another scheme."""

from types import SimpleNamespace

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.reactions.lifecycle.keeper import keeper
from chalicelib.reactions.promotion.promoter import promoter
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.scanning import rescan_round, rescans
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import TEXT, judge, result_of, scan, uploaded, version
from tests.registry.scanning.test_rescans import assigned

CONTEXT = SimpleNamespace(aws_request_id="lambda-3", get_remaining_time_in_millis=lambda: 240_000)


@pytest.fixture
def clean(scanning: Services) -> Services:
    """A model with a clean version, which the alias ``champion`` points at."""
    model(scanning)
    scan(uploaded(scanning, {"config.json": TEXT}))
    judge(result_of(scanning))
    aliases.set_alias(scanning, request(), MODEL, "champion", 1, None, None)
    return scanning


def test_the_keeper_asks_for_scans_by_later_rules_once(clean: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rescan_round, rescans):
        monkeypatch.setattr(module, "RULESET", RULESET + 1)
    for _ in range(10):
        keeper({}, CONTEXT)
    events = audit.list_events(clean, f"model:{MODEL}", "oldest", 50, None).items
    assert [event["actor"] for event in events if event["type"] == "scan.requested"] == ["keeper"]


def test_the_promoter_judges_by_the_scheme_that_was_assigned(clean: Services) -> None:
    promoter({"detail": assigned(clean, {"allow": ["unscanned"]})}, CONTEXT)
    assert not version(clean).scan.allowed
    promoter({"detail": assigned(clean, {"allow": ["clean"]})}, CONTEXT)
    assert version(clean).scan.allowed
