"""Attestations that are verified when they are recorded, and gates that rely on them."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import GatesNotMetError
from chalicelib.domain.evidence.attestation import Envelope, Signature
from chalicelib.domain.signing.provenance import SLSA_V1
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.registry.evidence import attestations
from chalicelib.registry.promotion import promotion, stages
from chalicelib.registry.signing.signers import delete_signer, save_signer
from tests.aws.signing.keys import new_key, public_pem, signed
from tests.domain.evidence.envelopes import envelope
from tests.domain.schemes.documents import document
from tests.registry.build import file, ready, request
from tests.registry.governed import governed, last
from tests.registry.proven import check as check_proven
from tests.registry.signing.build import trusted

BUILDER = "https://ci.acme.example/builders/1"
KEY = new_key()


def scheme(gate: dict[str, Any], **transition: Any) -> dict[str, Any]:
    return document(
        name="built",
        stages=[{"name": "draft"}, {"name": "live"}, {"name": "gone"}],
        transitions=[
            {"from": "draft", "to": "live", "gates": [{"name": "origin", **gate}], **transition},
            {"from": ["draft", "live"], "to": "gone"},
        ],
    )


GATE = {"kind": "attestation", "signers": ["ci"], "builders": [BUILDER]}
CONDITION = {"kind": "condition", "expression": f"attestations.slsa.builder == '{BUILDER}'"}


def provenance(key: Any = KEY, sha256: str = file().sha256, builder: str = BUILDER) -> Envelope:
    """SLSA provenance about a file, signed with ``key``."""
    unsigned = envelope(sha256, predicateType=SLSA_V1, predicate={"runDetails": {"builder": {"id": builder}}})
    made = signed(key, unsigned.signed().payload).document()
    return Envelope(made["payload"], tuple(Signature("", one["sig"]) for one in made["signatures"]))


def record(registry: Services, given: Envelope) -> attestations.ShownAttestation:
    return attestations.record_attestation(registry, request(), "fraud", "1", "slsa", given).result


def arranged(registry: Services, gate: dict[str, Any] = GATE, **transition: Any) -> None:
    """A version that waits for its provenance, and a trusted signer."""
    governed(registry, scheme=scheme(gate, **transition))
    ready(registry)
    trusted(registry, "ci", KEY)


def move(registry: Services) -> None:
    stages.transition(registry, request(), "fraud", "1", "live", None, None)


def test_the_trusted_signer_of_an_attestation_is_kept_and_shown(registry: Services) -> None:
    arranged(registry)
    trusted(registry, "another", new_key())
    shown = record(registry, provenance())
    assert (shown.document()["verified_by"], shown.doubt, shown.attestation.whole) == ("ci", None, True)
    assert attestations.get_attestation(registry, "fraud", "1", "slsa") == shown
    assert last(registry)["after"]["verified_by"] == "ci"
    check_proven(registry)


def test_one_that_nobody_trusted_has_signed_is_kept_and_says_so(registry: Services) -> None:
    arranged(registry)
    shown = record(registry, provenance(new_key())).document()
    assert shown["verified_by"] is None and "no trusted signer" in shown["doubt"]
    assert shown["provenance"]["builder"] == BUILDER


def test_a_signer_that_is_deleted_or_changed_later_does_not_count(registry: Services) -> None:
    arranged(registry)
    record(registry, provenance())
    save_signer(registry, request(), "ci", Trusting(public_key=public_pem(new_key())))
    (listed,) = attestations.list_attestations(registry, "fraud", "1")
    assert listed.document()["verified_by"] is None and "was changed" in str(listed.doubt)
    delete_signer(registry, request(), "ci")
    assert "trusted no longer" in str(attestations.get_attestation(registry, "fraud", "1", "slsa").doubt)


def test_recorded_again_it_counts_once_its_signer_is_trusted(registry: Services) -> None:
    governed(registry, scheme=scheme(GATE))
    ready(registry)
    assert record(registry, provenance()).doubt is not None
    trusted(registry, "ci", KEY)
    assert record(registry, provenance()).doubt is None
    move(registry)


@pytest.mark.parametrize("gate", [GATE, CONDITION], ids=["gate", "condition"])
def test_a_gate_holds_while_the_provenance_is_signed_by_whom_it_names(registry: Services, gate: dict[str, Any]) -> None:
    arranged(registry, gate)
    for given in (None, provenance(new_key()), provenance(builder="https://elsewhere.example")):
        if given is not None:
            record(registry, given)
        with pytest.raises(GatesNotMetError):
            move(registry)
    record(registry, provenance())
    delete_signer(registry, request(), "ci")
    with pytest.raises(GatesNotMetError):
        move(registry)
    trusted(registry, "ci", KEY)
    move(registry)
    assert last(registry)["details"]["gates"][0]["holds"]


def test_an_automatic_move_is_made_when_the_provenance_comes(registry: Services) -> None:
    arranged(registry, automatic=True)
    record(registry, provenance())
    (judged,) = promotion.judge_event(registry, last(registry))
    assert judged.promoted
