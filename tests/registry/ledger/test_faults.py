"""Every write survives a failure before and after each of its AWS calls: a retry with the same key has one effect."""

from contextlib import suppress

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError, RegistryError
from chalicelib.registry.audit import audit
from tests.conftest import REGION
from tests.registry.build import request
from tests.registry.faults import When, failing
from tests.registry.writes import WRITES
from tests.simulation import items_of, replace_items

pytestmark = pytest.mark.exhaustive


def count(registry: Services, ledger: str, event_type: str) -> int:
    try:
        page = audit.list_events(registry, ledger, "newest", 100, None)
    except ModelNotFoundError:
        return 0
    assert page.next_start is None
    return sum(1 for event in page.items if event["type"] == event_type)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_fails_at_any_call_and_is_retried_has_one_effect_and_one_event(
    registry: Services, name: str, when: When
) -> None:
    write, model = WRITES[name], "fraud"
    ledger = write.ledger(model)
    nth, struck, items = 0, True, None
    while struck:
        nth += 1
        # What was arranged is put back. It must be arranged again if more than the table was changed.
        replace_items(REGION, registry.table.name, items or [])
        if items is None:
            arranged = write.arrange(registry, model)
            items = items_of(REGION, registry.table.name)
        before = count(registry, ledger, write.event)
        asked = request(key=f"key-{when}-{nth}" if write.keyed else None)
        with failing(registry, nth, when, reads=when == "before") as fault:
            try:
                write.act(registry, asked, model, arranged)
            except ReadTimeoutError:
                assert fault.struck
        struck = fault.struck
        if fault.changed != {"dynamodb"}:
            items = None
        if write.keyed:
            made = write.act(registry, asked, model, arranged)
            again = write.act(registry, asked, model, arranged)
            assert again.replayed
            assert type(again.result) is type(made.result)
        else:
            for _ in range(2):
                # Nothing may be left to do.
                with suppress(RegistryError):
                    write.act(registry, asked, model, arranged)
        assert count(registry, ledger, write.event) == before + 1
        check = audit.verify(registry, ledger, 0)
        assert check.complete and check.fault is None
    assert nth > (2 if when == "before" else 1), "every write makes at least a read and a transaction"
