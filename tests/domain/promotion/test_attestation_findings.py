"""Gates that look at attestations: who signed, what it is about, and where the version was built."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.evidence.attested import Attested
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.condition_variables import condition_variables
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.gate_results import GateResult, judge
from chalicelib.domain.schemes.gates import Gate, Tier, gate_from_document
from chalicelib.domain.signing.provenance import SLSA_V1, Provenance
from tests.domain.build import NOW, ready

BUILDER = "https://github.com/acme/workflows/.github/workflows/build.yml@refs/tags/v1"
REPOSITORY = "https://github.com/acme/fraud"
BUILT = Attested(SLSA_V1, "e" * 64, True, "ci", None, Provenance(BUILDER, REPOSITORY, "c" * 40, "workflow"))
VETTED = Attested("https://acme.example/vetted/v1", "f" * 64, False, "risk")


def found(given: dict[str, Any], **attestations: Attested) -> GateResult:
    _, version = ready(Model("fraud"))
    gate: Gate = gate_from_document({"name": "origin", "kind": "attestation", **given})
    (result,) = judge([gate], Facts(version, Tier.LOW, NOW, attestations=attestations))
    return result


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"signers": ["c*"]},
        {"builders": ["https://github.com/acme/workflows/*"], "repositories": [REPOSITORY]},
        {"predicate_type": SLSA_V1},
    ],
)
def test_provenance_that_a_trusted_signer_signed_holds(given: dict[str, Any]) -> None:
    result = found(given, slsa=BUILT, vetted=VETTED)
    assert result.holds and result.actual == ["slsa"]
    assert result.seen == [["slsa", BUILT.digest, "ci"]]


@pytest.mark.parametrize(
    ("given", "attested", "reason"),
    [
        ({}, replace(BUILT, doubt="the signer ci is trusted no longer"), "slsa: the signer ci is trusted no longer"),
        ({"signers": ["other"]}, BUILT, "slsa: the signer ci is not asked for"),
        ({}, replace(BUILT, whole=False), "slsa: it is about some of the files only"),
        ({"builders": ["https://gitlab.com/*"]}, BUILT, f"slsa: the builder is {BUILDER}"),
        ({"repositories": ["https://github.com/other/*"]}, BUILT, f"slsa: the repository is {REPOSITORY}"),
        ({"builders": ["*"]}, replace(BUILT, provenance=Provenance()), "slsa: the builder is not named"),
        ({"predicate_type": "https://other"}, BUILT, "the version has no such attestation"),
        ({}, VETTED, "the version has no such attestation"),
    ],
)
def test_an_attestation_that_does_not_do_says_why(given: dict[str, Any], attested: Attested, reason: str) -> None:
    result = found(given, slsa=attested)
    assert (result.holds, result.reason, result.seen) == (False, reason, [])


def test_one_of_some_files_does_where_the_gate_says_so() -> None:
    given = {"predicate_type": VETTED.predicate_type, "whole": False}
    assert found(given, vetted=VETTED).holds
    assert not found({"predicate_type": VETTED.predicate_type}, vetted=VETTED).holds


def test_an_approval_is_void_once_the_attestation_is_signed_by_somebody_else() -> None:
    assert found({}, slsa=BUILT).seen != found({}, slsa=replace(BUILT, signer="other")).seen
    assert found({}, slsa=BUILT).seen != found({}, slsa=replace(BUILT, digest="d" * 64)).seen


def test_conditions_read_only_what_a_trusted_signer_signed() -> None:
    _, version = ready(Model("fraud"))
    doubted = replace(VETTED, doubt="nobody signed it")
    facts = Facts(version, Tier.LOW, NOW, attestations={"slsa": BUILT, "vetted": doubted})
    assert condition_variables(facts)["attestations"] == {
        "slsa": {
            "predicate_type": SLSA_V1,
            "signer": "ci",
            "whole": True,
            "builder": BUILDER,
            "repository": REPOSITORY,
            "commit": "c" * 40,
            "build_type": "workflow",
        }
    }
