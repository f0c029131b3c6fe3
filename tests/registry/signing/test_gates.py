"""Schemes ask who signed: on every way to a move, with what is read for it."""

from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.domain.errors import GatesNotMetError
from chalicelib.domain.ledger.events import Trigger
from chalicelib.registry.models.model_ledger import load, model_keys
from chalicelib.registry.promotion import dry_runs, requests, stages
from chalicelib.registry.signing.signers import delete_signer
from chalicelib.registry.signing.signing import sign_event
from tests.aws.signing.keys import new_key, private_pem
from tests.domain.schemes.documents import document
from tests.registry.build import ADMIN, MODEL, ready, request
from tests.registry.faults import Calls
from tests.registry.governed import governed
from tests.registry.signing.build import brought, by_key, trusted

KEY = new_key()
SIGNED: dict[str, Any] = {"name": "signed", "kind": "signature", "signers": ["ci"]}


def scheme(gate: dict[str, Any], **more: Any) -> dict[str, Any]:
    return document(
        transitions=[
            {"from": "draft", "to": "live", "gates": [gate], **more},
            {"from": ["draft", "live"], "to": "gone"},
        ],
        rollback={"gates": [gate]},
    )


def move(registry: Services, number: int = 1) -> str:
    return stages.transition(registry, request(), MODEL, number, "live", None, None).result.stage


def signed(registry: Services, number: int = 1) -> None:
    brought(registry, by_key(KEY), ref=str(number))


def test_a_version_moves_once_a_trusted_signer_has_signed_it(registry: Services) -> None:
    governed(registry, scheme=scheme(SIGNED))
    ready(registry)
    trusted(registry, "ci", KEY)
    with pytest.raises(GatesNotMetError, match="nobody of these"):
        move(registry)
    signed(registry)
    assert move(registry) == "live"


def test_a_signer_that_was_deleted_moves_nothing_any_more(registry: Services) -> None:
    governed(registry, scheme=scheme(SIGNED))
    ready(registry)
    trusted(registry, "ci", KEY)
    signed(registry)
    delete_signer(registry, request(), "ci")
    with pytest.raises(GatesNotMetError, match="trusted no longer"):
        move(registry)
    (dry,) = [
        one for one in dry_runs.explain_transitions(registry, ADMIN, MODEL, "1") if one.dry_run.to_stage == "live"
    ]
    assert "trusted no longer" in dry.dry_run.blockers[0]
    trusted(registry, "ci", KEY)
    assert move(registry) == "live"


def test_the_registrys_signature_counts_where_the_gate_says_so(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed(registry, scheme=scheme({"name": "signed", "kind": "signature", "registry": True}))
    ready(registry)
    with pytest.raises(GatesNotMetError):
        move(registry)
    monkeypatch.setattr(registry, "model_signing_key", PemKey(lambda: private_pem(KEY)))
    sign_event(registry, {"id": "e1", "model": MODEL, "version": 1})
    assert move(registry) == "live"


def test_a_roll_back_and_a_request_are_judged_by_the_signatures_of_their_version(registry: Services) -> None:
    governed(registry, scheme=scheme(SIGNED, execution="manual"))
    trusted(registry, "ci", KEY)
    for number in (1, 2):
        ready(registry)
        signed(registry, number)
        move(registry, number)
    delete_signer(registry, request(), "ci")
    with pytest.raises(GatesNotMetError):
        stages.roll_back_stage(registry, request(), MODEL, "live", "worse")
    trusted(registry, "ci", KEY)
    assert stages.roll_back_stage(registry, request(), MODEL, "live", "worse").result.number == 1
    ready(registry)
    asked = requests.open_request(registry, request(), MODEL, "3", "live", None, None, []).result.number
    with pytest.raises(GatesNotMetError):
        requests.execute(registry, request(), MODEL, asked, Trigger.REQUEST, None)
    blockers = requests.explain_request(registry, MODEL, asked).blockers
    assert any("nobody of these has signed" in blocker for blocker in blockers)
    first = load(registry, MODEL, [*model_keys(MODEL, scheme=True), keys.card(MODEL)])
    assert [one.blockers for one in requests.explain_open_requests(registry, MODEL, first)] == [blockers]


def test_signatures_are_read_only_where_a_gate_looks_at_them(registry: Services) -> None:
    governed(registry, scheme=scheme({"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0}))
    ready(registry, metrics={"auc": 0.5})
    calls = Calls(registry.client("dynamodb"))
    move(registry)
    assert calls.operations.count("BatchGetItem") == 1
