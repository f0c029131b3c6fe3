"""Simulated schemes whose gates look at the content of versions: by what was known then, and by what is stored now."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.promotion.simulation import PastMove
from chalicelib.domain.scanning.findings import Opinion, scanned
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.cards import cards
from chalicelib.registry.evidence import attestations
from chalicelib.registry.promotion import scheme_assignment, simulation, stages, stored_content
from chalicelib.registry.schemes import saving
from chalicelib.registry.signing.signers import delete_signer
from chalicelib.registry.vulnerabilities import assessing, stating
from tests.aws.signing.keys import new_key
from tests.domain.scanning.findings import FOUND
from tests.domain.schemes.documents import document
from tests.domain.vulnerabilities.build import document as advisories
from tests.domain.vulnerabilities.build import entry, until
from tests.registry.build import MODEL, model, ready, ready_with, request
from tests.registry.evidence.test_attestations import BUILDER, provenance, record
from tests.registry.faults import Calls
from tests.registry.lineage.build import based_on
from tests.registry.scanning.states import ask, finish, quarantined
from tests.registry.signing.build import brought, by_key, trusted
from tests.registry.vulnerabilities.build import LIFTED, NOTHING, current_index, requiring

KEY = new_key()
NAMES = [f"GHSA-{number}" for number in range(1, 6)]
MANY = advisories({"torch": [entry(name, until("2.6.0")) for name in NAMES]})
KNOWN = {"name": "known", "kind": "vulnerabilities", "max_severity": "medium"}
SIGNED = {"name": "signed", "kind": "signature", "signers": ["ci"]}
BUILT = {"name": "built", "kind": "attestation", "builders": [BUILDER]}
LICENSES = {"name": "licences", "kind": "licenses", "deny": ["AGPL-*"]}
FORMATS = {"name": "formats", "kind": "formats", "deny": ["pickle"]}


def governed(registry: Services, name: str = MODEL) -> str:
    """A model whose versions move freely between draft and live, whatever is found in them."""
    saving.save_scheme(registry, request(), free())
    scheme_assignment.assign_scheme(registry, request(), model(registry, name), "free", None)
    return name


def free(*gates: dict[str, Any], **more: Any) -> dict[str, Any]:
    live = {"name": "live", "quarantined": True}
    return document(
        name="free",
        stages=[{"name": "draft"}, live, {"name": "gone"}],
        transitions=[
            {"from": "draft", "to": "live", "gates": list(gates)},
            {"from": "live", "to": "draft"},
            {"from": "live", "to": "gone"},
        ],
        **more,
    )


def go(registry: Services, number: int = 1) -> None:
    """Into live, and back to draft."""
    for stage in ("live", "draft"):
        stages.transition(registry, request(), MODEL, str(number), stage, None, None)


def entered(registry: Services, proposed: dict[str, Any]) -> list[PastMove]:
    """The past moves into live under a scheme."""
    return [one for one in simulation.simulate(registry, MODEL, proposed).moves if one.to_stage == "live"]


def told(registry: Services, *gates: dict[str, Any], **more: Any) -> list[str]:
    """Of each move into live, why the scheme would have refused it, or what of it could not be judged."""
    return [
        "; ".join([*one.blockers, *(f"? {gap.gate}: {gap.reason}" for gap in one.unjudged)])
        for one in entered(registry, free(*gates, **more))
    ]


def test_a_scan_counts_with_the_verdict_of_that_time(registry: Services) -> None:
    governed(registry)
    ready(registry)
    for verdict in (Verdict.CLEAN, Verdict.REVIEW):
        quarantined(registry, 1, verdict=verdict)
        go(registry)
    clean, review = told(registry, {"name": "scan", "kind": "scan", "verdicts": ["clean"]})
    assert clean == "" and "the scan found the version review" in review


def test_the_proposed_scheme_says_which_verdicts_leave_quarantine(registry: Services) -> None:
    governed(registry)
    ready(registry)
    quarantined(registry, 1, verdict=Verdict.REVIEW)
    go(registry)
    scan = {"name": "scan", "kind": "scan"}
    assert told(registry, scan, scanning={"allow": ["clean", "review"]}) == [""]
    assert "gate scan" in told(registry, scan)[0]
    strict = [{"name": "draft"}, {"name": "live"}, {"name": "gone"}]
    (move,) = entered(registry, {**free(), "stages": strict})
    assert move.blockers[0].startswith("version 1 is in quarantine because its scan found it review")
    assert entered(registry, {**free(scanning={"allow": ["review"]}), "stages": strict})[0].blockers == ()


def test_the_proposed_scheme_judges_the_second_opinion_too(registry: Services) -> None:
    governed(registry)
    ready(registry)
    for opinion in (Opinion("other 1", scanned({"model.bin": FOUND[Verdict.REVIEW]})), Opinion("other 1", None), None):
        ask(registry)
        assert finish(registry, Verdict.CLEAN, opinion=opinion)
        go(registry)
    scan = {"name": "scan", "kind": "scan"}
    seen, missing, without = told(registry, scan, scanning={"allow": ["clean"]})
    assert "gate scan" in seen and "gate scan" in missing and without == ""
    assert told(registry, scan, scanning={"allow": ["clean", "review"]}) == ["", "", ""]


def test_what_was_found_and_lifted_by_then_counts(registry: Services) -> None:
    governed(registry)
    current_index(registry, MANY)
    requiring(registry, "torch==2.5.0")
    go(registry)
    assessing.assess_again(registry, request(), MODEL, "1")
    go(registry)
    for name in NAMES:
        stating.state(registry, request(), MODEL, "1", name, LIFTED)
    go(registry)
    never, found, lifted = told(registry, KNOWN)
    assert "matched against no advisories" in never
    assert "GHSA-1 (high) by torch 2.5.0" in found
    assert lifted == ""


def test_a_list_of_vulnerabilities_that_is_no_longer_stored_leaves_its_gate_unjudged(registry: Services) -> None:
    governed(registry)
    current_index(registry, MANY)
    requiring(registry, "torch==2.5.0")
    assessing.assess_again(registry, request(), MODEL, "1")
    go(registry)
    current_index(registry, NOTHING)
    assessing.assess_again(registry, request(), MODEL, "1")
    go(registry)
    before, after = told(registry, KNOWN)
    assert before.startswith("? known: what was found then is not stored")
    assert after == ""
    assert entered(registry, free(KNOWN))[0].blockers == ()


def test_a_short_list_of_vulnerabilities_is_known_from_its_event(registry: Services) -> None:
    governed(registry)
    current_index(registry)
    requiring(registry, "torch==2.5.0")
    assessing.assess_again(registry, request(), MODEL, "1")
    go(registry)
    current_index(registry, NOTHING)
    assessing.assess_again(registry, request(), MODEL, "1")
    (found,) = told(registry, KNOWN)
    assert "GHSA-1 (high)" in found


def test_who_had_signed_by_then_counts_if_they_are_trusted_now(registry: Services) -> None:
    governed(registry)
    ready(registry)
    trusted(registry, "ci", KEY)
    go(registry)
    brought(registry, by_key(KEY))
    go(registry)
    unsigned, signed = told(registry, SIGNED)
    assert "nobody of these has signed" in unsigned and signed == ""
    delete_signer(registry, request(), "ci")
    assert "trusted no longer" in told(registry, SIGNED)[1]


@pytest.mark.parametrize(
    "gate", [BUILT, {"name": "built", "kind": "condition", "expression": f"attestations.slsa.builder == '{BUILDER}'"}]
)
def test_an_attestation_counts_from_when_it_was_recorded_while_it_is_stored(
    registry: Services, gate: dict[str, Any]
) -> None:
    governed(registry)
    ready(registry)
    trusted(registry, "ci", KEY)
    go(registry)
    record(registry, provenance(KEY))
    go(registry)
    without, recorded = told(registry, gate)
    assert "gate built" in without and recorded == ""
    attestations.withdraw_attestation(registry, request(), MODEL, "1", "slsa")
    assert told(registry, gate)[1] == "? built: the attestation slsa was recorded again or withdrawn since"
    go(registry)
    assert "gate built" in told(registry, gate)[2]


def test_the_licence_of_that_time_counts_with_those_of_the_ancestors(registry: Services) -> None:
    governed(registry)
    based_on(registry, "base")
    ready(registry, provenance={"base_models": [{"model": "base", "version": 1}]})
    cards.update_card(registry, request(), "base", CardChange({}, {"license": "mit"}))
    for own in ("agpl-3.0", "mit"):
        cards.update_card(registry, request(), MODEL, CardChange({}, {"license": own}))
        go(registry)
    denied, allowed = told(registry, LICENSES)
    assert "AGPL-3.0 of the model is not allowed" in denied and allowed == ""
    cards.update_card(registry, request(), "base", CardChange({}, {"license": "agpl-3.0"}))
    assert "of the base model base/1 is not allowed" in told(registry, LICENSES)[1]


def test_the_formats_are_those_of_the_stored_files(registry: Services) -> None:
    governed(registry)
    ready_with(registry, ("model.pkl", b"weights"))
    ready_with(registry, ("model.safetensors", b"weights"))
    for number in (1, 2):
        go(registry, number)
    pickled, safe = told(registry, FORMATS)
    assert "model.pkl is pickle by its name" in pickled and safe == ""


def test_gates_of_a_version_that_is_no_longer_stored_are_not_judged(registry: Services) -> None:
    governed(registry)
    ready(registry)
    go(registry)
    key = keys.version(MODEL, 1)
    registry.client("dynamodb").delete_item(
        TableName=registry.table.name, Key={"PK": {"S": key.partition}, "SK": {"S": key.sort}}
    )
    gone = "version 1 is no longer stored"
    assert told(registry, FORMATS, LICENSES) == [f"? formats: {gone}; ? licences: {gone}"]


def test_only_the_versions_that_moved_last_are_looked_up(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_content, "MAX_VERSIONS", 1)
    governed(registry)
    for number in (1, 2):
        ready(registry)
        go(registry, number)
    first, second = told(registry, FORMATS)
    assert "too many versions moved" in first and second == ""


def test_the_lineage_of_many_versions_is_followed_up_to_a_number_of_queries(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_content, "MAX_QUERIES", 1)
    governed(registry)
    cards.update_card(registry, request(), MODEL, CardChange({}, {"license": "mit"}))
    for number in (1, 2):
        ready(registry)
        go(registry, number)
    first, second = told(registry, LICENSES)
    assert first.startswith("? licences: the lineage of version 1 was not followed") and second == ""


def test_nothing_is_looked_up_for_gates_that_events_alone_answer(registry: Services) -> None:
    governed(registry)
    ready(registry, metrics={"auc": 0.9})
    go(registry)
    reads = list(_reads(registry, free({"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.5})))
    assert len(list(_reads(registry, free(FORMATS)))) == len(reads) + 1


def _reads(registry: Services, proposed: dict[str, Any]) -> Iterator[str]:
    calls = Calls(registry.client("dynamodb"))
    simulation.simulate(registry, MODEL, proposed)
    return (one for one in calls.operations if one == "BatchGetItem")
