"""The one door: races, lost answers, keys and preconditions.

True concurrency is shown end to end: the simulation used here does not isolate transactions from each other.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    ContentionError,
    IdempotencyKeyReusedError,
    LabelTakenError,
    LedgerDamagedError,
    PreconditionFailedError,
)
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.versions.version import Description
from chalicelib.registry.audit import audit
from chalicelib.registry.ledger import contention
from chalicelib.registry.ledger.commit import Idempotency
from chalicelib.registry.models import models
from chalicelib.registry.versions import uploads, versions
from tests.registry.build import file, model, ready, request


def register(registry: Services, name: str, **described: Any) -> int:
    registered = versions.register_version(registry, request(), name, Description(**described), [file()])
    return registered.result.version.number


def test_a_writer_who_loses_a_race_decides_again_on_what_the_winner_left(registry: Services) -> None:
    name = model(registry)
    client, raced = registry.client("dynamodb"), []

    def race(**_: Any) -> None:
        if not raced:
            raced.append(True)
            register(registry, name)

    client.meta.events.register("before-call.dynamodb.TransactWriteItems", race)
    assert register(registry, name) == 2
    check = audit.verify(registry, f"model:{name}", 0)
    assert (check.checked, check.fault) == (3, None)


def test_a_writer_who_loses_every_race_is_told_so_and_has_changed_nothing(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = model(registry)
    monkeypatch.setattr(contention, "RETRY_SECONDS", 0.0)

    def conflict(**_: Any) -> tuple[Any, dict[str, Any]]:
        refused = {
            "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
            "CancellationReasons": [{"Code": "TransactionConflict"}],
        }
        return SimpleNamespace(status_code=400), refused

    client = registry.client("dynamodb")
    client.meta.events.register("before-call.dynamodb.TransactWriteItems", conflict)
    with pytest.raises(ContentionError):
        register(registry, name)
    client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", conflict)
    assert models.get_model(registry, name).model.last_version == 0


def test_a_committed_change_whose_answer_was_lost_on_the_way_is_not_made_twice(registry: Services) -> None:
    """The SDK sends the transaction again; the head it then meets is its own event."""
    name = model(registry)
    client, lost = registry.client("dynamodb"), []

    def lose(response: Any = None, **_: Any) -> int | None:
        if response is not None and not lost:
            lost.append(True)
            return 0  # seconds to wait before sending again, as botocore's retry handlers answer
        return None

    client.meta.events.register_first("needs-retry.dynamodb.TransactWriteItems", lose)
    assert register(registry, name) == 1
    assert lost
    assert models.get_model(registry, name).model.last_version == 1


def test_a_key_used_for_another_request_is_refused(registry: Services) -> None:
    first = request(key="k")
    models.create_model(registry, first, "one", ProfileChange())
    other = replace(first, idempotency=Idempotency("k", "another fingerprint"))
    with pytest.raises(IdempotencyKeyReusedError):
        models.create_model(registry, other, "two", ProfileChange())


def test_the_same_key_of_two_callers_stands_for_two_requests(registry: Services) -> None:
    first = request(key="k")
    models.create_model(registry, first, "one", ProfileChange())
    someone_else = replace(first, principal=replace(first.principal, name="token:bob"))
    assert not models.create_model(registry, someone_else, "two", ProfileChange()).replayed


def test_a_retry_of_a_keyed_request_that_changed_nothing_does_not_act_on_later_state(registry: Services) -> None:
    name = model(registry)
    models.update_model(registry, request(), name, ProfileChange(owner="ada"))
    assert not models.update_model(registry, request(key="k"), name, ProfileChange(owner="ada")).replayed
    models.update_model(registry, request(), name, ProfileChange(owner="eve"))
    assert models.update_model(registry, request(key="k"), name, ProfileChange(owner="ada")).replayed
    assert models.get_model(registry, name).profile.owner == "eve"


def test_a_retry_of_finalising_a_ready_version_finds_the_version_again(registry: Services) -> None:
    name = model(registry)
    number = ready(registry).number
    first, again = (uploads.finalise_version(registry, request(key="k"), name, str(number)) for _ in range(2))
    assert (first.replayed, again.replayed) == (False, True)
    assert first.result.number == again.result.number == number


def test_a_request_that_changes_nothing_writes_only_if_it_has_a_key(registry: Services) -> None:
    name, calls = model(registry), []
    registry.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    models.update_model(registry, request(), name, ProfileChange(owner=""))
    assert calls == ["BatchGetItem"]
    models.update_model(registry, request(key="k"), name, ProfileChange(owner=""))
    assert calls[1:] == ["BatchGetItem", "PutItem"]


def test_of_two_requests_with_one_key_the_later_one_finds_the_earlier_although_it_would_change_nothing(
    registry: Services,
) -> None:
    name, raced = model(registry), []

    def race(**_: Any) -> None:
        if not raced:
            raced.append(True)
            models.update_model(registry, request(key="k"), name, ProfileChange(owner=""))

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.PutItem", race)
    assert models.update_model(registry, request(key="k"), name, ProfileChange(owner="")).replayed


def test_a_receipt_past_its_time_no_longer_counts_although_dynamodb_has_not_removed_it(
    registry: Services,
) -> None:
    asked = request(key="k")
    models.create_model(registry, asked, "one", ProfileChange())
    receipt = keys.once(asked.principal.name, "k")
    registry.table.update(receipt, "SET expires_at = :t", {":t": 1})
    other = replace(asked, idempotency=Idempotency("k", "another fingerprint"))
    assert not models.create_model(registry, other, "two", ProfileChange()).replayed


def test_a_stale_etag_changes_nothing(registry: Services) -> None:
    name = model(registry)
    with pytest.raises(PreconditionFailedError):
        models.update_model(registry, request(if_match='"7"'), name, ProfileChange(owner="eve"))
    assert models.get_model(registry, name).profile.owner == ""
    models.update_model(registry, request(if_match='"1"'), name, ProfileChange(owner="ada"))
    assert models.get_model(registry, name).profile.owner == "ada"


def test_a_label_names_one_version(registry: Services) -> None:
    name = model(registry)
    register(registry, name, label="1.0.0")
    with pytest.raises(LabelTakenError):
        register(registry, name, label="1.0.0")


def test_a_model_created_again_goes_on_with_its_numbers_and_its_chain(registry: Services) -> None:
    name = model(registry)
    register(registry, name)
    versions.delete_version(registry, request(), name, "1")
    models.delete_model(registry, request(), name)
    model(registry, name)
    assert register(registry, name) == 2
    assert audit.verify(registry, f"model:{name}", 0).fault is None


def test_a_head_that_lags_behind_its_events_is_reported_and_not_taken_for_contention(registry: Services) -> None:
    name = model(registry)
    before = registry.table.get(keys.head(f"model:{name}"))
    assert before is not None
    register(registry, name)
    registry.table.put(before)
    with pytest.raises(LedgerDamagedError, match="event 2 already, but its head names event 1"):
        register(registry, name)
    fault = audit.verify(registry, f"model:{name}", 0).fault
    assert fault is not None and "there is an event 2" in fault.reason
