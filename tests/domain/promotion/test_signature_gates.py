"""The gate ``signature``: the version's files are signed by one of those that it names."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.promotion.gate_results import GateResult
from tests.domain.schemes.documents import facts, gate, result_of


def judged(by: dict[str, str | None], by_registry: bool = False, **of: Any) -> GateResult:
    return result_of(gate("signature", **of), replace(facts(), signers=by, signed_by_registry=by_registry))


def test_it_holds_for_a_signer_that_it_names_and_for_nobody_else() -> None:
    assert judged({"ci": None}, signers=["ci"]).holds
    assert judged({"vendor-acme": None, "eve": None}, signers=["ci", "vendor-*"]).actual == ["vendor-acme"]
    refused = judged({"eve": None}, signers=["ci", "vendor-*"])
    assert (refused.holds, refused.needed) == (False, "the version's files signed by ci or vendor-*")
    assert refused.reason == "nobody of these has signed the version"


def test_a_signature_that_counts_no_longer_says_why() -> None:
    refused = judged({"ci": "the signer ci is trusted no longer"}, signers=["ci"])
    assert (refused.holds, refused.reason) == (False, "the signer ci is trusted no longer")
    assert judged({"ci": "it was changed", "release": None}, signers=["*"]).reason == "signed by release"


def test_the_registry_counts_only_if_the_gate_says_so() -> None:
    assert judged({}, by_registry=True, registry=True).holds
    assert not judged({}, by_registry=True, signers=["*"]).holds
    assert not judged({}, by_registry=False, registry=True).holds
    both = judged({"ci": None}, by_registry=True, registry=True, signers=["ci"])
    assert both.reason == "signed by the registry, ci"


def test_approvals_are_given_for_who_signed() -> None:
    counting = judged({"ci": None}, signers=["ci"])
    assert counting.seen == judged({"ci": None, "eve": None}, signers=["ci"]).seen
    assert counting.seen != judged({"ci": "it is trusted no longer"}, signers=["ci"]).seen
    assert counting.seen != judged({}, signers=["ci"]).seen
