"""Bundles that somebody brings are checked against the trusted signers and the version's files."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    UploadMismatchError,
    VersionNotReadyError,
)
from chalicelib.domain.signing.signature import SignerNotTrustedError
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.versions.manifest import MIN_PART_SIZE
from chalicelib.registry.signing.signatures import get_signature, list_signatures
from chalicelib.registry.signing.signers import delete_signer, save_signer
from chalicelib.registry.signing.signing import sign_event
from chalicelib.registry.versions import uploads
from tests.aws.signing.keys import issued, new_key, private_pem, public_pem
from tests.domain.signing.bundles import bundle, statement
from tests.registry.build import MODEL, file, in_parts, model, pending, put_part, ready, registered, request
from tests.registry.governed import told
from tests.registry.proven import check as check_proven
from tests.registry.signing.build import brought, by_certificate, by_key, trusted
from tests.simulation import like_s3

KEY = new_key()
ROOT = issued("root", authority=True, days=900)
ADA = issued("ada", ROOT, email="ada@example.org")


@pytest.fixture
def version(registry: Services) -> Services:
    model(registry)
    ready(registry)
    return registry


def trusting_root(registry: Services, *subjects: str, name: str = "acme") -> None:
    save_signer(registry, request(), name, Trusting(authority=ROOT.pem, subjects=subjects))


def doubts(registry: Services) -> dict[str, str | None]:
    return {one.name: one.doubt for one in list_signatures(registry, MODEL, "1")}


def test_a_bundle_of_a_trusted_key_counts_and_comes_back_as_it_was_brought(version: Services) -> None:
    trusted(version, "ci", KEY)
    given = by_key(KEY)
    shown = brought(version, given, "build")
    assert (shown.about["signer"], shown.doubt) == ("ci", None)
    assert get_signature(version, MODEL, "1", "build").bundle == given
    assert told(version)[-1]["after"]["signer"] == "ci"
    check_proven(version)


def test_a_bundle_without_a_hint_finds_its_key(version: Services) -> None:
    trusted(version, "another", new_key())
    trusted(version, "ci", KEY)
    assert brought(version, by_key(KEY, hint="")).about["signer"] == "ci"


def test_a_bundle_of_a_key_that_nobody_trusts_is_refused(version: Services) -> None:
    trusted(version, "ci", new_key())
    for hint in (None, ""):
        with pytest.raises(SignerNotTrustedError):
            brought(version, by_key(KEY, hint=hint))
    assert list_signatures(version, MODEL, "1") == ()


def test_a_bundle_that_names_a_trusted_key_and_is_signed_with_another_is_refused(version: Services) -> None:
    trusted(version, "ci", KEY)
    other = by_key(new_key(), hint=by_key(KEY)["verificationMaterial"]["publicKey"]["hint"])
    with pytest.raises(InvalidInputError, match="signer ci and is not signed by this key"):
        brought(version, other)


@pytest.mark.parametrize("pattern", ["ada@example.org", "*@example.org", "CN=ada"])
def test_a_certificate_of_a_trusted_authority_counts_for_whom_it_names(version: Services, pattern: str) -> None:
    trusting_root(version, pattern)
    shown = brought(version, by_certificate([ADA]))
    assert (shown.about["signer"], shown.about["identity"]) == ("acme", "CN=ada, ada@example.org")


def test_a_certificate_for_somebody_else_is_refused(version: Services) -> None:
    trusting_root(version, "*@acme.org")
    with pytest.raises(SignerNotTrustedError, match=r"for CN=ada, ada@example\.org, whom it does not name"):
        brought(version, by_certificate([ADA]))


def test_a_bundle_without_a_key_of_its_own_is_recorded_and_does_not_count(version: Services) -> None:
    given = bundle(
        statement([file()]),
        certificate=by_certificate([ADA])["verificationMaterial"]["x509CertificateChain"]["certificates"][0],
        tlogEntries=[{"logIndex": "7"}],
    )
    trusting_root(version, "*")
    shown = brought(version, given)
    assert (shown.about["signed_with"], shown.about["identity"]) == ("keyless", "CN=ada, ada@example.org")
    assert shown.doubt is not None
    assert "does not verify" in shown.doubt
    assert get_signature(version, MODEL, "1", "ci").bundle == given


def test_a_signer_that_is_deleted_or_changed_makes_its_signatures_count_no_more(version: Services) -> None:
    trusted(version, "ci", KEY)
    brought(version, by_key(KEY), "a")
    assert doubts(version) == {"a": None}
    trusted(version, "ci", new_key())
    assert "was changed since" in str(doubts(version)["a"])
    delete_signer(version, request(), "ci")
    assert "trusted no longer" in str(doubts(version)["a"])
    trusted(version, "ci", KEY)
    assert doubts(version) == {"a": None}


def test_other_words_about_a_signer_change_nothing_that_it_signed(version: Services) -> None:
    trusted(version, "ci", KEY)
    brought(version, by_key(KEY), "a")
    save_signer(version, request(), "ci", Trusting(public_key=public_pem(KEY), description="of the pipeline"))
    assert doubts(version) == {"a": None}


def test_the_same_bundle_again_changes_nothing_until_its_signer_has_changed(version: Services) -> None:
    trusted(version, "ci", KEY)
    given = by_key(KEY)
    brought(version, given)
    before = told(version)
    brought(version, given)
    assert told(version) == before
    save_signer(version, request(), "ci", Trusting(authority=ROOT.pem, subjects=["*"]))
    trusted(version, "moved", KEY)
    assert brought(version, given).about["signer"] == "moved"


@pytest.mark.parametrize("files", [[file("other.bin")], [file(content=b"other")], [file(), file("more.bin")]])
def test_a_bundle_about_other_files_is_refused(version: Services, files: list[Any]) -> None:
    trusted(version, "ci", KEY)
    with pytest.raises(InvalidInputError, match="payload"):
        brought(version, by_key(KEY, files))


def test_only_a_ready_version_is_signed(registry: Services) -> None:
    model(registry)
    pending(registry)
    trusted(registry, "ci", KEY)
    with pytest.raises(VersionNotReadyError):
        brought(registry, by_key(KEY))


@pytest.mark.parametrize("name", ["registry", "A", "", "a/b", "-a", "a" * 65])
def test_a_signature_has_a_name_of_its_own(version: Services, name: str) -> None:
    with pytest.raises(InvalidNameError):
        brought(version, by_key(KEY), name)


def test_a_version_has_at_most_ten_signatures(version: Services) -> None:
    trusted(version, "ci", KEY)
    for number in range(10):
        brought(version, by_key(KEY), f"s{number}")
    with pytest.raises(LimitExceededError, match="at most 10"):
        brought(version, by_key(KEY), "s10")
    brought(version, by_key(KEY), "s9")


def test_a_signature_of_bytes_that_nobody_proved_counts_once_the_registry_has_read_them(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    like_s3(registry)
    model(registry)
    honest, parts = b"a" * MIN_PART_SIZE + b"good", [b"a" * MIN_PART_SIZE, b"evil"]
    # S3 proves the parts. That the whole has the digest of other bytes, which somebody signed, nobody has noticed.
    declared = replace(in_parts("big.bin", parts), sha256=hashlib.sha256(honest).hexdigest())
    version = registered(registry, declared)
    for number, part in enumerate(parts, start=1):
        put_part(registry, version, "big.bin", number, part)
    uploads.finalise_version(registry, request(), MODEL, "1")
    trusted(registry, "ci", KEY)
    shown = brought(registry, by_key(KEY, [declared]))
    assert "nobody has proven that 'big.bin' has the SHA-256 that was signed" in str(shown.doubt)
    assert doubts(registry) == {"ci": shown.doubt}
    monkeypatch.setattr(registry, "model_signing_key", PemKey(lambda: private_pem(new_key())))
    with pytest.raises(UploadMismatchError):
        sign_event(registry, {"id": "e1", "model": MODEL, "version": 1})
    assert doubts(registry) == {"ci": shown.doubt}


def test_a_signature_of_a_file_in_parts_counts_after_the_registry_has_signed_it(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    like_s3(registry)
    model(registry)
    parts = [b"a" * MIN_PART_SIZE, b"b"]
    version = registered(registry, in_parts("big.bin", parts))
    for number, part in enumerate(parts, start=1):
        put_part(registry, version, "big.bin", number, part)
    uploads.finalise_version(registry, request(), MODEL, "1")
    trusted(registry, "ci", KEY)
    brought(registry, by_key(KEY, [in_parts("big.bin", parts)]))
    assert doubts(registry)["ci"] is not None
    monkeypatch.setattr(registry, "model_signing_key", PemKey(lambda: private_pem(new_key())))
    sign_event(registry, {"id": "e1", "model": MODEL, "version": 1})
    assert doubts(registry)["ci"] is None
    assert get_signature(registry, MODEL, "1", "ci").doubt is None
    check_proven(registry)
