"""Items of earlier releases: reads answer as they did then, writes succeed, and the audit chain continues."""

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from moorage import Client

from chalicelib.registry.promotion.indexing import index_open_requests
from tests.api.gateway import Caller
from tests.client.lines import Line, app
from tests.conftest import ADMIN_TOKEN
from tests.golden.asking import SHOWING_LATEST, Older, older, waiting_stages, without_latest, without_raised
from tests.golden.release import Asked, Release, Written, releases
from tests.registry import proven
from tests.tools.verifier import load_verifier

RELEASES = releases()
READS = [
    pytest.param(release, asked, given, id=f"{release.name} {asked}")
    for release in RELEASES
    for asked, given in release.answers
]
WRITES = [
    pytest.param(release, written, id=f"{release.name} {written.asked}")
    for release in RELEASES
    for written in release.writes
]


@pytest.fixture(scope="module")
def table() -> Iterator[Older]:
    """Shared by all tests here: a fresh account for each would double their time."""
    with older() as made:
        yield made


@pytest.mark.parametrize(("release", "asked", "given"), READS)
def test_a_read_answers_as_it_did_then(table: Older, release: Release, asked: Asked, given: Any) -> None:
    waiting = waiting_stages(given) if asked.path.startswith(SHOWING_LATEST) else set()
    answer = without_latest(table.answer(release, asked), waiting)
    assert without_raised(answer) == without_raised(without_latest(given, waiting))


@pytest.mark.parametrize(("release", "written"), WRITES)
def test_a_write_succeeds_and_continues_the_audit_chain(table: Older, release: Release, written: Written) -> None:
    reply = table.change(release, written.asked)
    assert reply.status == written.status, reply.text
    if written.ledger is None:
        return
    left = events_left(release, written.ledger)
    last = newest(written.ledger)
    if written.event is None:
        assert last["sequence"] == left
        return
    assert (last["sequence"], last["type"]) == (left + 1, written.event)
    # The reads verify the chain up to here.
    verified = Caller(ADMIN_TOKEN).get(f"{events_of(written.ledger)}/verify", query={"after": left - 1}).document
    assert (verified["checked"], verified["complete"], verified["intact"]) == (2, True, True)


def test_the_story_of_the_next_release_can_be_told() -> None:
    """Telling it takes a minute, and is done by whoever makes the release."""
    assert importlib.import_module("tests.golden.make").make


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_the_offline_verifier_takes_nothing_of_an_earlier_release_for_tampered_with(
    table: Older, release: Release, tmp_path: Path
) -> None:
    table.hold(release)
    with Client("https://registry.example", ADMIN_TOKEN, transport=Line(app)) as client:
        client.export_audit(tmp_path / "export", state=True)
    report = load_verifier().verify(tmp_path / "export", with_state=True)
    assert report.faults == [] and report.places > 10


@cache
def events_left(release: Release, ledger: str) -> int:
    """The number of events that the release wrote to a ledger."""
    partition = "REGISTRY" if ledger == "registry" else f"MODEL#{ledger.removeprefix('model:')}"
    return sum(1 for item in release.items if item["PK"] == partition and str(item["SK"]).startswith("EVENT#"))


def newest(ledger: str) -> Any:
    """The last event of a ledger."""
    (event,) = Caller(ADMIN_TOKEN).get(events_of(ledger), query={"limit": 1}).document["items"]
    return event


def events_of(ledger: str) -> str:
    return "/v1/events" if ledger == "registry" else f"/v1/models/{ledger.removeprefix('model:')}/events"


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_no_item_of_an_earlier_release_differs_from_its_events(table: Older, release: Release) -> None:
    """What its events do not tell is unproven, and nothing is taken for tampered with."""
    table.hold(release)
    for found in proven.checks(table.registry):
        assert found.fault is None and not found.differences, [found.fault, *found.differences]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_the_open_requests_of_an_earlier_release_are_in_the_inbox_after_the_backfill(
    table: Older, release: Release
) -> None:
    table.hold(release, to_change=True)
    admin = Caller(ADMIN_TOKEN)
    models = [one["name"] for one in admin.get("/v1/models", query={"limit": 100}).document["items"]]
    wanted = []
    for model in models:
        index_open_requests(table.registry, model)
        listed = admin.get(f"/v1/models/{model}/requests", query={"state": "open"}).document["items"]
        wanted += [(model, one["number"]) for one in listed]
    shown = admin.get("/v1/inbox", query={"for": "all"}).document["items"]
    assert sorted((one["request"]["model"], one["request"]["number"]) for one in shown) == sorted(wanted) != []
