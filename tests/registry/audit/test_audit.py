"""Verification names the event at which the table was tampered with."""

import json
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import event_hash
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.registry.audit import audit
from chalicelib.registry.models import models
from tests.registry.build import model, request

LEDGER = "model:fraud"


def updated_model(registry: Services, events: int = 5) -> None:
    model(registry)
    for index in range(events - 1):
        models.update_model(registry, request(), "fraud", ProfileChange(owner=f"owner {index}"))


def overwrite(registry: Services, sequence: int, **fields: Any) -> None:
    item = registry.table.get(keys.event(LEDGER, sequence))
    assert item is not None
    item["body"] = json.dumps({**json.loads(str(item["body"])), **fields})
    registry.table.put(item)


def remove(registry: Services, sequence: int) -> None:
    registry.table.transact([registry.table.delete_write(keys.event(LEDGER, sequence))])


def test_an_untouched_ledger_verifies(registry: Services) -> None:
    updated_model(registry)
    check = audit.verify(registry, LEDGER, 0)
    assert (check.checked, check.complete, check.fault) == (5, True, None)
    assert audit.verify(registry, LEDGER, 3).fault is None
    assert audit.verify(registry, LEDGER, 5).fault is None


def test_an_edited_event_is_named(registry: Services) -> None:
    updated_model(registry)
    overwrite(registry, 3, actor="token:eve")
    fault = audit.verify(registry, LEDGER, 0).fault
    assert fault is not None and fault.sequence == 3


def test_a_removed_event_is_named(registry: Services) -> None:
    updated_model(registry)
    remove(registry, 2)
    fault = audit.verify(registry, LEDGER, 0).fault
    assert fault is not None and fault.sequence == 2


def test_a_cut_tail_is_named(registry: Services) -> None:
    updated_model(registry)
    remove(registry, 5)
    fault = audit.verify(registry, LEDGER, 0).fault
    assert fault is not None and fault.sequence == 5


def test_a_check_that_starts_at_a_removed_event_says_so(registry: Services) -> None:
    updated_model(registry)
    remove(registry, 2)
    fault = audit.verify(registry, LEDGER, 2).fault
    assert fault is not None and fault.sequence == 2


def test_a_long_ledger_is_verified_range_by_range(registry: Services, monkeypatch: Any) -> None:
    updated_model(registry, events=7)
    monkeypatch.setattr(audit, "VERIFIED_AT_ONCE", 3)
    after, checked = 0, 0
    while True:
        check = audit.verify(registry, LEDGER, after)
        assert check.fault is None
        checked += check.checked
        after = check.through_sequence
        if check.complete:
            break
    assert checked == 7


def test_an_event_beyond_the_head_is_named(registry: Services) -> None:
    updated_model(registry)
    last = registry.table.get(keys.event(LEDGER, 5))
    assert last is not None
    event = json.loads(str(last["body"]))
    beyond = {**event, "sequence": 6, "previous_hash": event["hash"]}
    beyond["hash"] = event_hash(beyond)
    registry.table.put({**last, "SK": keys.event(LEDGER, 6).sort, "body": json.dumps(beyond)})
    fault = audit.verify(registry, LEDGER, 0).fault
    assert fault is not None and fault.sequence == 6 and "beyond it" in fault.reason


def test_a_ledger_put_in_the_place_of_another_is_named(registry: Services) -> None:
    updated_model(registry)
    model(registry, "churn")
    for key in (keys.head(LEDGER), *(keys.event(LEDGER, number) for number in range(1, 6))):
        item = registry.table.get(key)
        assert item is not None
        registry.table.put({**item, "PK": keys.partition("model:churn")})
    fault = audit.verify(registry, "model:churn", 0).fault
    assert fault is not None and "belongs to the ledger 'model:fraud'" in fault.reason
