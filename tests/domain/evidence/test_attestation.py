"""Attestations: what a statement must be about, and what an envelope must hold."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    VersionLockedError,
    VersionNotReadyError,
)
from chalicelib.domain.evidence import attestation_decisions as decisions
from chalicelib.domain.evidence.attestation import (
    MAX_ATTESTATIONS,
    AttestationNotFoundError,
    Attestations,
    Envelope,
    Signature,
    Verification,
    attestation_name,
    checked,
)
from chalicelib.domain.ledger.decision import Decision, NoChange
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.trusted_signer import TrustedSigner, TrustedSigners
from chalicelib.domain.versions.manifest import File, Proof
from tests.domain.build import changed, file, ready, register, settled, stamp
from tests.domain.evidence.envelopes import SIGNED, SLSA, envelope

SHA = "a" * 64


BY_CI = Verification("ci", "t" * 64)
BY_NOBODY = Verification(reason="nobody signed it")


def record(
    given: Envelope,
    present: Attestations | None = None,
    name: str = "slsa",
    verification: Verification = BY_CI,
    files: tuple[File, ...] = (file(),),
) -> Any:
    model, version = ready(Model("fraud"))
    return decisions.record(model, version, files, present or Attestations(1), name, given, verification, stamp())


def test_a_statement_about_a_file_or_the_version_itself_is_recorded_with_its_type() -> None:
    _, version = ready(Model("fraud"))
    for digest in (SHA, version.digest):
        decision = changed(record(envelope(digest)))
        assert decision.result.predicate_type == SLSA
        assert decision.event.type == "attestation.recorded"
        assert "payload" not in str(decision.event.after)


def test_a_statement_may_hold_whatever_else_json_can_say() -> None:
    deep = "[" * 300 + "]" * 300
    said = json.dumps({"emoji": "\U0001f600", "huge": None, "deep": None})
    predicate = said.replace('"huge": null', '"huge": 1e999').replace('"deep": null', f'"deep": {deep}')
    statement = base64.b64decode(envelope(SHA).payload).decode().replace('"predicate": {}', f'"predicate": {predicate}')
    given = Envelope(base64.b64encode(statement.encode()).decode(), SIGNED)
    assert changed(record(given)).result.envelope == given


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (envelope("b" * 64), "subject 0"),
        (envelope(SHA, "b" * 64), "subject 1"),
        (envelope(), "names no subject"),
        (envelope(SHA, subject=["model.pkl"]), "subject 0"),
        (envelope(SHA, _type="https://in-toto.io/Statement/v0.1"), "not a statement of type"),
        (envelope(SHA, predicateType=7), "predicateType"),
        (envelope(SHA, predicateType="x" * 1025), "predicateType"),
        (envelope(SHA, signatures=()), "signatures"),
        (envelope(SHA, signatures=(Signature("k", "not base64!"),)), "is not base64"),
        (Envelope("bm90IGpzb24=", SIGNED), "is not a statement"),
        (Envelope("WzFd", SIGNED), "not a statement of type"),
        (Envelope("!", SIGNED), "is not a statement"),
        (Envelope(base64.b64encode(b"[" * 50_000).decode(), SIGNED), "is not a statement"),
        (envelope(SHA, predicate={"builds": [{"\ud800": 1}]}), "no Unicode"),
        (Envelope(base64.b64encode(b'{"subject": [], "subject": []}').decode(), SIGNED), "every name once"),
    ],
)
def test_an_envelope_that_is_about_something_else_or_broken_is_refused(given: Envelope, what: str) -> None:
    with pytest.raises(InvalidInputError, match=what):
        record(given)


@given(st.binary(max_size=60))
def test_whatever_the_payload_is_nothing_but_an_input_error_comes_of_it(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        checked(Envelope(base64.b64encode(content).decode(), SIGNED), "d" * 64, [SHA])


def test_the_url_safe_alphabet_is_read_too() -> None:
    wanted = envelope(SHA, predicate={"text": "\u00ff\u00fe>>>???"})
    turned = Envelope(wanted.payload.replace("+", "-").replace("/", "_"), SIGNED)
    assert checked(turned, "d" * 64, [SHA]) == (SLSA, True)
    assert turned.signed() == wanted.signed()


def test_the_same_envelope_again_changes_nothing_and_another_replaces_it() -> None:
    first = settled(changed(record(envelope(SHA)))).present(Attestations, 1)
    assert isinstance(record(envelope(SHA), first), NoChange)
    assert first.by_name["slsa"].revision > 0
    replaced = changed(record(envelope(SHA, more=True), first))
    assert replaced.event.before["digest"] == first.by_name["slsa"].digest != replaced.event.after["digest"]


def test_a_version_has_so_many_attestations_of_so_many_bytes() -> None:
    one = changed(record(envelope(SHA))).result
    full = Attestations(1, {f"a{index}": one for index in range(MAX_ATTESTATIONS)})
    with pytest.raises(LimitExceededError, match="at most 10"):
        record(envelope(SHA), full, "more")
    assert isinstance(record(envelope(SHA, more=True), full, "a0"), Decision)
    with pytest.raises(LimitExceededError, match="bytes"):
        record(envelope(SHA, predicate={"text": "x" * 128 * 1024}))


def test_only_a_ready_version_that_is_not_locked_takes_one() -> None:
    model, version = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        decisions.record(model, version, [file()], Attestations(1), "slsa", envelope(SHA), BY_CI, stamp())
    model, version = ready(Model("fraud"))
    locked = Model("fraud", locked=(1,))
    with pytest.raises(VersionLockedError):
        decisions.record(locked, version, [file()], Attestations(1), "slsa", envelope(SHA), BY_CI, stamp())


def test_a_withdrawn_attestation_is_gone_with_an_event() -> None:
    model, version = ready(Model("fraud"))
    present = settled(changed(record(envelope(SHA)))).present(Attestations, 1)
    gone = decisions.ATTESTATIONS.withdraw(model, version, present, "slsa", stamp())
    assert gone.event.type == "attestation.withdrawn"
    assert settled(gone, present).present(Attestations, 1).by_name == {}
    with pytest.raises(AttestationNotFoundError):
        decisions.ATTESTATIONS.withdraw(model, version, Attestations(1), "slsa", stamp())


@pytest.mark.parametrize("name", ["", ".", "..", "A", "a b", "a/b", "x" * 65])
def test_a_name_that_a_path_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        attestation_name(name)


def test_an_attestation_of_some_files_is_not_of_the_whole_version() -> None:
    _, version = ready(Model("fraud"))
    two = (file(), file("notes.md", sha256="b" * 64))
    for digests, whole in (((SHA,), False), ((SHA, "b" * 64), True), ((version.digest,), True)):
        assert changed(record(envelope(*digests), files=two)).result.whole is whole


def test_the_same_envelope_is_recorded_again_when_somebody_trusted_has_signed_it_now() -> None:
    first = settled(changed(record(envelope(SHA), verification=BY_NOBODY))).present(Attestations, 1)
    assert isinstance(record(envelope(SHA), first, verification=BY_NOBODY), NoChange)
    verified = changed(record(envelope(SHA), first))
    assert (verified.event.before["verified_by"], verified.event.after["verified_by"]) == (None, "ci")


def test_a_verification_counts_while_its_signer_is_trusted_as_it_was() -> None:
    signer = TrustedSigner(public_key="one")
    found = Verification("ci", signer.trust)
    assert found.doubt(TrustedSigners({"ci": signer}), read=False) is None
    assert "trusted no longer" in str(found.doubt(TrustedSigners(), read=False))
    changed_key = TrustedSigners({"ci": TrustedSigner(public_key="other")})
    assert "was changed" in str(found.doubt(changed_key, read=False))
    assert BY_NOBODY.doubt(TrustedSigners({"ci": signer}), read=False) == "nobody signed it"
    assert "before the registry verified" in str(Verification().doubt(TrustedSigners({"": signer}), read=False))


def test_what_provenance_says_is_read_from_the_statement() -> None:
    given = envelope(SHA, predicate={"runDetails": {"builder": {"id": "https://ci.example"}}})
    found = changed(record(given)).result.provenance
    assert found is not None and found.builder == "https://ci.example"
    assert changed(record(envelope(SHA, predicateType="https://cyclonedx.org/bom"))).result.provenance is None


def test_an_attestation_of_bytes_that_nobody_proved_counts_once_the_registry_has_read_them() -> None:
    signers = TrustedSigners({"ci": TrustedSigner(public_key="one")})
    verification = Verification("ci", signers.by_name["ci"].trust)
    proven = replace(file("notes.md", sha256="b" * 64), verified=Proof.SHA256)
    in_parts = replace(file(), verified=Proof.COMPOSITE)
    _, version = ready(Model("fraud"))

    def doubt(digest: str, read: bool) -> str | None:
        found = changed(record(envelope(digest), verification=verification, files=(proven, in_parts))).result
        return found.verification.doubt(signers, read)

    assert doubt("b" * 64, read=False) is None
    assert "nobody has proven that 'model.pkl' has the SHA-256" in str(doubt(SHA, read=False))
    assert "nobody has proven" in str(doubt(version.digest, read=False))
    assert doubt(version.digest, read=True) is None
