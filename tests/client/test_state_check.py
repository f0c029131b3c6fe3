"""``moorage audit verify``: the ledger against its head, an anchor, and what is stored."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moorage import ChainBrokenError, Client
from moorage.cli.main import main
from moorage.state_check import compare

from chalicelib.aws import keys
from chalicelib.aws.names import EVENT_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import GENESIS, event_hash
from chalicelib.registry.audit import state
from chalicelib.registry.audit.anchors import anchor_ledgers
from tests.client.conftest import Connect

LEDGER = "model:fraud"
Run = Callable[..., Result]


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(arguments), obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


def forge(registry: Services, key: keys.Key, **fields: object) -> None:
    item = registry.table.get(key)
    assert item is not None
    registry.table.put({**item, "body": json.dumps({**json.loads(str(item["body"])), **fields})})


def test_what_differs_is_named_with_its_place_and_ends_with_status_8(
    run: Run, registry: Services, client: Client
) -> None:
    client.models.create("fraud", owner="ada")
    assert "2 places compared, 0 differences" in run("audit", "verify", "fraud", "--state").stdout
    forge(registry, keys.profile("fraud"), owner="mallory")
    said = run("audit", "verify", "fraud", "--state", code=8)
    assert 'profile, owner: it differs from what the events tell: expected "ada" (event 1)' in said.stdout
    assert 'found "mallory"' in said.stdout and "1 difference" in said.stderr
    (difference,) = json.loads(run("audit", "verify", "fraud", "--state", "--json", code=8).stdout)["differences"]
    assert (difference["place"], difference["field"]) == ("profile", "owner")
    assert difference["expected"] == "ada" and difference["found"] == "mallory"


def test_the_whole_registry_is_verified_at_once(run: Run, registry: Services, client: Client) -> None:
    client.models.create("fraud")
    client.models.create("churn", owner="ada")
    forge(registry, keys.profile("churn"), owner="mallory")
    found = json.loads(run("audit", "verify", "--all", "--state", "--json", code=8).stdout)
    assert {one["ledger"]: one["intact"] for one in found} == {"model:churn": False, LEDGER: True}


def test_an_object_that_is_gone_is_named_when_bytes_are_asked_for(
    run: Run, registry: Services, client: Client, build: Path
) -> None:
    client.register("fraud", build)
    s3, bucket = registry.client("s3"), registry.bucket.name
    assert json.loads(run("audit", "verify", "fraud", "--bytes", "--json").stdout)["intact"]
    for stored in s3.list_object_versions(Bucket=bucket)["Versions"]:
        if stored["Key"].endswith("model.bin"):
            s3.delete_object(Bucket=bucket, Key=stored["Key"], VersionId=stored["VersionId"])
    (difference,) = json.loads(run("audit", "verify", "fraud", "--bytes", "--json", code=8).stdout)["differences"]
    assert difference["place"] == "version/1/bytes/model.bin"
    assert difference["reason"] == "the object that it is pinned to is gone"


def test_a_ledger_rewritten_with_its_head_is_caught_by_the_newest_anchor(
    run: Run, registry: Services, client: Client
) -> None:
    client.models.create("fraud", owner="ada")
    anchor_ledgers(registry, "monday")
    item, head = registry.table.get(keys.event(LEDGER, 1)), registry.table.get(keys.head(LEDGER))
    assert item is not None and head is not None
    event = {**json.loads(str(item["body"])), "actor": "token:mallory"}
    event["hash"] = event_hash(event)
    registry.table.put({**item, "body": json.dumps(event)})
    registry.table.put({**head, "head_hash": event["hash"]})
    assert "an anchor has another hash for this event" in run("audit", "verify", "fraud", code=8).stderr


def test_a_cut_end_is_caught_by_the_newest_anchor(registry: Services, client: Client) -> None:
    client.models.create("fraud")
    before = registry.table.get(keys.head(LEDGER))
    assert before is not None
    client.models.update("fraud", owner="ada")
    anchor_ledgers(registry, "monday")
    registry.table.put(before)
    registry.table.transact([registry.table.delete_write(keys.event(LEDGER, 2))])
    assert client.events.verify("fraud").sequence == 1
    with pytest.raises(ChainBrokenError, match="the ledger ends at event 1"):
        client.events.verify("fraud", anchored=client.anchors.newest_heads()[LEDGER])


def test_a_head_that_is_not_the_last_event_is_named(registry: Services, client: Client) -> None:
    client.models.create("fraud")
    head = registry.table.get(keys.head(LEDGER))
    assert head is not None
    registry.table.put({**head, "head_hash": "0" * 64})
    with pytest.raises(ChainBrokenError, match="its head names event 1"):
        client.events.verify("fraud")


def test_stretches_of_an_earlier_releases_events_tell_that_a_model_was_made_again(
    registry: Services, client: Client, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the events before a stretch told of the deleted model is not expected of the new one."""
    client.models.create("fraud")
    client.cards.update("fraud", {"intended_use": "Card payments."}, {"license": "mit"})
    client.register("fraud", build)
    client.versions.transition("fraud", 1, "staging")
    client.aliases.set("fraud", "champion", 1)
    client.aliases.delete("fraud", "champion")
    client.versions.transition("fraud", 1, "archived")
    client.versions.delete("fraud", 1)
    client.models.delete("fraud")
    client.models.create("fraud")
    as_earlier_release(registry)
    for stretch in (200, 6, 1):
        monkeypatch.setattr(state, "TOLD_AT_ONCE", stretch)
        assert client.state.check("fraud").differences == ()
    forge(registry, keys.card("fraud"), sections={"intended_use": "Anything."})
    (difference,) = client.state.check("fraud").differences
    assert (difference.place, difference.field) == ("card", "sections/intended_use")


def as_earlier_release(registry: Services) -> None:
    """Write the events again without what they saved, chained anew."""
    previous = GENESIS
    events, _ = registry.table.query(keys.partition(LEDGER), EVENT_PREFIX, 100)
    for item in events:
        event = json.loads(str(item["body"]))
        del event["records"]
        event["previous_hash"] = previous
        event["hash"] = previous = event_hash(event)
        registry.table.put({**item, "body": json.dumps(event)})
    head = registry.table.get(keys.head(LEDGER))
    assert head is not None
    registry.table.put({**head, "head_hash": previous})


def test_what_no_event_that_is_left_tells_of_is_unproven() -> None:
    stored = [{"place": "version/1", "copy_of": None, "fields": {"stage": "live", "uid": "u"}}]
    told = {"version/1": {"sequence": 1, "whole": False, "gone": False, "fields": {"stage": "live"}}}
    found = compare(LEDGER, told, False, stored)
    assert (found.differences, found.unproven) == ((), 1)
    found = compare(LEDGER, {}, False, stored)
    assert (found.differences, found.unproven) == ((), 1)
    (difference,) = compare(LEDGER, {}, True, stored).differences
    assert difference.place == "version/1" and difference.found == {"stage": "live", "uid": "u"}
