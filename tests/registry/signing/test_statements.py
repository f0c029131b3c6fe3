"""Statements about moves: signed once, from what the ledger tells, and kept beside the version."""

import base64
import json
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.elliptic import is_signed
from chalicelib.aws.table import Table
from chalicelib.domain.errors import LedgerDamagedError
from chalicelib.domain.ledger.events import event_hash, model_ledger
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, pae
from chalicelib.domain.signing.promotion_statement import promotion_statement
from chalicelib.domain.signing.signed_statement import SignedStatement, StatementNotFoundError
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from chalicelib.registry.signing import statements
from chalicelib.registry.versions import versions
from tests.aws.signing.keys import FIXED_KEY
from tests.registry import proven
from tests.registry.build import model, ready, request
from tests.registry.governed import approve, asked, governed, judge, last, told
from tests.registry.signing.keys import state

UNSTATED = "nothing is stated of it"


def approved_move(registry: Services) -> dict[str, Any]:
    """The event of a move that two people approved."""
    approve(registry, asked(registry, governed(registry)), "cy", "dan")
    judge(registry, last(registry))
    return last(registry)


def sign(registry: Services, event: dict[str, Any]) -> SignedStatement:
    assert state(registry, event).endswith(" signed")
    version, sequence = str(event["version"]), str(event["sequence"])
    return statements.get_statement(registry, "fraud", version, sequence)


def test_a_move_is_stated_and_the_signature_verifies_with_the_public_key(registry: Services) -> None:
    event = approved_move(registry)
    signed = sign(registry, event)
    assert json.loads(signed.payload) == promotion_statement(event)
    predicate = signed.predicate
    assert [one["principal"] for one in predicate["approvals"]] == ["token:cy", "token:dan"]
    assert len({one["bound_to"] for one in predicate["approvals"]}) == 1
    content = pae(PAYLOAD_TYPE, signed.payload.encode())
    assert is_signed(FIXED_KEY.public_key(), base64.b64decode(signed.signature), content)
    proven.check(registry)


def test_signing_is_an_event_of_the_model_and_of_no_move(registry: Services) -> None:
    signed = sign(registry, approved_move(registry))
    event = last(registry)
    assert (event["type"], event["actor"], event["version"]) == ("statement.signed", "rule:signer", 1)
    assert event["after"] == signed.summary()
    assert state(registry, event) == UNSTATED


def test_a_repeated_event_keeps_the_first_signature(registry: Services) -> None:
    event = approved_move(registry)
    first = sign(registry, event)
    assert sign(registry, event) == first
    assert [one["type"] for one in told(registry)].count("statement.signed") == 1


def test_two_functions_that_sign_at_once_keep_one_statement(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = approved_move(registry)
    transact, others = Table.transact, iter(["other"])

    def after_another(table: Table, writes: list[Any]) -> None:
        for _ in others:
            sign(registry, event)
        transact(table, writes)

    monkeypatch.setattr(Table, "transact", after_another)
    signed = sign(registry, event)
    assert statements.get_statement(registry, "fraud", "1", str(event["sequence"])) == signed
    assert [one["type"] for one in told(registry)].count("statement.signed") == 1


def test_only_protected_aliases_are_stated(registry: Services) -> None:
    model(registry)
    for _ in range(2):
        ready(registry)
    aliases.set_alias(registry, request(), "fraud", "champion", 1, None, None)
    assert state(registry, last(registry)) == UNSTATED
    aliases.protect_alias(registry, request(), "fraud", "champion", True)
    aliases.set_alias(registry, request(), "fraud", "champion", 2, None, "better")
    predicate = sign(registry, last(registry)).predicate
    assert predicate["to"]["aliases"] == ["champion"]
    assert (predicate["displaced"], predicate["reason"]) == ({"version": 1, "to": None}, "better")
    aliases.set_alias(registry, request(), "fraud", "challenger", 1, None, None)
    challengers.promote_challenger(registry, request(), "fraud", None, None)
    assert sign(registry, last(registry)).predicate["displaced"] == {"version": 2, "to": None}


def test_an_event_that_somebody_else_put_on_the_bus_is_not_stated(registry: Services) -> None:
    event = approved_move(registry)
    forged = {**event, "details": {**event["details"], "approvals": ["token:mallory"]}}
    forged["hash"] = event_hash(forged)
    assert json.loads(sign(registry, forged).payload) == promotion_statement(event)
    for unknown in ({**event, "id": "f" * 32}, {**event, "sequence": 999}):
        with pytest.raises(LedgerDamagedError, match="Nothing is stated"):
            sign(registry, unknown)


def test_an_event_that_was_edited_in_the_table_is_not_stated(registry: Services) -> None:
    event = approved_move(registry)
    place = keys.event(model_ledger("fraud"), event["sequence"])
    item = registry.table.get(place)
    assert item is not None
    registry.table.put({**item, "body": str(item["body"]).replace("token:cy", "token:xy")})
    with pytest.raises(LedgerDamagedError):
        sign(registry, event)


def test_a_version_lists_its_statements_newest_first_in_pages(registry: Services) -> None:
    model(registry)
    ready(registry)
    sequences = []
    for stage in ("staging", "production", "archived"):
        stages.transition(registry, request(), "fraud", "1", stage, None, None)
        sequences.append(last(registry)["sequence"])
        sign(registry, last(registry))
    first = statements.list_statements(registry, "fraud", "1", 2, None)
    assert [one.sequence for one in first.items] == sequences[:0:-1]
    rest = statements.list_statements(registry, "fraud", "1", 2, first.next_start)
    assert [one.sequence for one in rest.items] == sequences[:1] and rest.next_start is None


@pytest.mark.parametrize("sequence", ["0", "x", "-1", "9" * 13, "9" * 5_000, "1", "\u0661"])
def test_a_statement_that_is_not_there_is_not_found(registry: Services, sequence: str) -> None:
    model(registry)
    ready(registry)
    with pytest.raises(StatementNotFoundError):
        statements.get_statement(registry, "fraud", "1", sequence)


def test_of_a_model_that_was_deleted_meanwhile_nothing_is_kept(registry: Services) -> None:
    model(registry)
    ready(registry)
    stages.transition(registry, request(), "fraud", "1", "staging", None, None)
    event = last(registry)
    stages.transition(registry, request(), "fraud", "1", "archived", None, None)
    versions.delete_version(registry, request(), "fraud", "1")
    models.delete_model(registry, request(), "fraud")
    assert state(registry, event) == UNSTATED
