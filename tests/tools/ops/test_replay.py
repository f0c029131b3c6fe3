"""Events of a time are replayed from the archive to one function, and a person sees how far that has come."""

import pytest

from chalicelib.aws.services import Services
from tests.tools.ops.stack import Stack

SPAN = ("--since", "2026-11-23T10:30:00+01:00", "--until", "2026-11-23T12:00:00Z")
NAME = "moorage-notifier-20261123T093000-20261123T120000"


@pytest.fixture
def stack(registry: Services) -> Stack:
    return Stack(registry)


def test_a_replay_goes_to_the_rule_of_the_function_alone(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.archive()
    assert stack.run("replay", "notifier", *SPAN) == 0
    found = stack.events.describe_replay(ReplayName=NAME)
    rule = stack.events.describe_rule(Name="TriggersAllToNotifier", EventBusName="moorage")["Arn"]
    bus = stack.events.describe_event_bus(Name="moorage")["Arn"]
    assert found["Destination"] == {"Arn": bus, "FilterArns": [rule]}
    assert (found["EventStartTime"].isoformat(), found["EventEndTime"].isoformat()) == (
        "2026-11-23T09:30:00+00:00",
        "2026-11-23T12:00:00+00:00",
    )
    assert f"{NAME}: COMPLETED" in capsys.readouterr().out


def test_the_same_replay_is_started_once_and_waited_for_again(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.archive()
    stack.run("replay", "notifier", *SPAN)
    capsys.readouterr()
    assert stack.run("replay", "notifier", *SPAN) == 0
    assert f"The replay {NAME} was started before." in capsys.readouterr().out
    assert len(stack.events.list_replays()["Replays"]) == 1


def test_a_stack_without_an_archive_says_so(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert stack.run("replay", "notifier", *SPAN) == 1
    assert "archive_days=0" in capsys.readouterr().err


@pytest.mark.parametrize(
    "span",
    [
        ("--since", "2026-11-23T10:30:00", "--until", "2026-11-23T12:00:00Z"),
        ("--since", "yesterday", "--until", "2026-11-23T12:00:00Z"),
    ],
)
def test_a_time_needs_its_zone(stack: Stack, span: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        stack.run("replay", "notifier", *span)
    assert "is not a time with a zone" in capsys.readouterr().err


def test_a_time_that_ends_before_it_begins_is_refused(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.archive()
    assert stack.run("replay", "notifier", "--since", SPAN[3], "--until", SPAN[1]) == 1
    assert "is not before --until" in capsys.readouterr().err
    assert stack.events.list_replays()["Replays"] == []
