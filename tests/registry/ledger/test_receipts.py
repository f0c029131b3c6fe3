"""A receipt tells a repeated request from a new one, for as long as it is valid."""

from datetime import timedelta

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import LostRaceError
from chalicelib.domain.errors import IdempotencyKeyReusedError
from chalicelib.domain.instants import Instant, later
from chalicelib.registry.ledger.receipts import Receipt

NOW = Instant("2026-11-23T09:30:00.000Z")
END = later(NOW, timedelta(hours=24))
AFTER_END = later(END, timedelta(seconds=1))
RECEIPT = Receipt(keys.once("token:ada", "key-1"), "fingerprint")


def write(registry: Services, subject: str, now: Instant) -> None:
    registry.table.transact([RECEIPT.write(registry.table, subject, now)])


def recalled(registry: Services, now: Instant, receipt: Receipt = RECEIPT) -> str | None:
    return receipt.subject(registry.table.get(receipt.key), now)


def test_a_request_without_an_earlier_one_has_no_subject(registry: Services) -> None:
    assert recalled(registry, NOW) is None


def test_a_repeated_request_finds_the_subject_for_a_day(registry: Services) -> None:
    write(registry, "version 3", NOW)
    assert recalled(registry, NOW) == recalled(registry, END) == "version 3"
    assert recalled(registry, AFTER_END) is None


def test_a_key_of_another_request_is_refused_while_its_receipt_is_valid(registry: Services) -> None:
    other = Receipt(RECEIPT.key, "another fingerprint")
    write(registry, "version 3", NOW)
    with pytest.raises(IdempotencyKeyReusedError):
        recalled(registry, END, other)
    assert recalled(registry, AFTER_END, other) is None


def test_a_second_receipt_is_not_written_before_the_first_has_expired(registry: Services) -> None:
    write(registry, "version 3", NOW)
    with pytest.raises(LostRaceError):
        write(registry, "version 4", END)
    assert recalled(registry, NOW) == "version 3"
    write(registry, "version 4", AFTER_END)
    assert recalled(registry, AFTER_END) == "version 4"


def test_callers_do_not_share_keys() -> None:
    assert keys.once("token:ada", "key-1") != keys.once("token:bob", "key-1")
