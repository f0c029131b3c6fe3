"""The ruleset of a release that is still to come."""

from dataclasses import replace

import pytest

from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.reactions.scanning import scanner
from chalicelib.registry.scanning import engine, overdue, rescan_round, rescans, scanning


def later_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the registry scan by the next ruleset from now on."""
    for module in (overdue, rescan_round, rescans, scanning):
        monkeypatch.setattr(module, "RULESET", RULESET + 1)
    monkeypatch.setattr(scanner, "OWN", replace(engine.OWN, rules=RULESET + 1))
