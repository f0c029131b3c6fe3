"""The schedule's event is the anchor's occasion."""

from types import SimpleNamespace

import pytest

from chalicelib.aws.services import Services
from chalicelib.reactions.audit.anchorer import anchorer
from tests.registry.build import model

CONTEXT = SimpleNamespace(aws_request_id="lambda-1")


def test_one_event_of_the_schedule_makes_one_anchor_and_one_line(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    model(registry)
    tick = {"id": "e-1", "time": "2026-11-23T03:00:00Z"}
    assert anchorer(tick, CONTEXT)["anchor"] == 1
    assert anchorer(tick, CONTEXT)["anchor"] == 1
    assert anchorer({"id": "e-2"}, CONTEXT)["anchor"] == 2
    assert capsys.readouterr().out.count("\n") == 3


def test_an_anchor_can_be_asked_for_by_hand(registry: Services) -> None:
    assert anchorer({}, CONTEXT)["anchor"] == 1
    assert anchorer({}, SimpleNamespace(aws_request_id="lambda-2"))["anchor"] == 2
