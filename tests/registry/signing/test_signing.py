"""The registry signs versions that have become READY."""

from dataclasses import replace

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.signing.verification import verify_by_key
from chalicelib.domain.errors import UploadMismatchError
from chalicelib.domain.signing.bundle import KeyMaterial, bundle_from, hint_of
from chalicelib.domain.signing.model_statement import check_covers, statement_from
from chalicelib.domain.signing.signature import SignatureNotFoundError
from chalicelib.domain.versions.manifest import MIN_PART_SIZE
from chalicelib.registry.signing.signatures import get_signature, list_signatures
from chalicelib.registry.signing.signing import sign_event
from chalicelib.registry.versions import uploads
from chalicelib.registry.versions.versions import delete_version
from tests.aws.signing.keys import CURVES, new_key, public_pem
from tests.registry.build import MODEL, file, in_parts, model, put_part, ready, reference, registered, request
from tests.registry.governed import told
from tests.registry.proven import check as check_proven
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

EVENT = {"id": "e1", "model": MODEL, "version": 1}


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_the_bundle_verifies_with_the_registrys_key_and_is_about_the_versions_files(
    registry: Services, monkeypatch: pytest.MonkeyPatch, curve: object
) -> None:
    key = new_key(curve)  # type: ignore[arg-type]  # the parameters of a test have no types
    signing = signing_with(monkeypatch, registry, key)
    model(signing)
    ready(signing)
    assert sign_event(signing, EVENT) == "1 files signed"
    shown = get_signature(signing, MODEL, "1", "registry")
    bundle = bundle_from(shown.bundle)
    assert shown.public_key == public_pem(key)
    assert bundle.material == KeyMaterial(hint_of(public_pem(key)))
    verify_by_key(bundle.envelope, public_pem(key))
    check_covers(statement_from(bundle.envelope.payload), [file()])
    check_proven(signing)


def test_the_same_event_again_signs_nothing_more(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    model(signing)
    ready(signing)
    sign_event(signing, EVENT)
    before = told(signing)
    assert sign_event(signing, EVENT) == "it is signed already"
    assert told(signing) == before
    assert (before[-1]["type"], before[-1]["after"]["signature"]) == ("version.signed", "registry")


def test_nothing_is_signed_unless_the_operator_chose_so(registry: Services) -> None:
    model(registry)
    ready(registry)
    assert sign_event(registry, EVENT) == "the registry does not sign"
    assert list_signatures(registry, MODEL, "1") == ()
    with pytest.raises(SignatureNotFoundError):
        get_signature(registry, MODEL, "1", "registry")


def test_a_version_with_a_reference_is_not_signed(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    model(signing)
    registered(signing, reference("data.bin", "s3://elsewhere/data.bin"))
    uploads.finalise_version(signing, request(), MODEL, "1")
    assert sign_event(signing, EVENT).startswith("it cannot be signed: 'data.bin' is a reference")


def test_a_version_that_is_gone_is_not_signed(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    model(signing)
    assert sign_event(signing, EVENT) == "it is READY no longer"
    ready(signing)
    delete_version(signing, request(), MODEL, "1")
    assert sign_event(signing, EVENT) == "it is READY no longer"


PARTS = [b"a" * MIN_PART_SIZE, b"b"]


def test_a_file_uploaded_in_parts_is_read_before_it_is_signed(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    like_s3(signing)
    model(signing)
    version = registered(signing, in_parts("big.bin", PARTS))
    for number, part in enumerate(PARTS, start=1):
        put_part(signing, version, "big.bin", number, part)
    uploads.finalise_version(signing, request(), MODEL, "1")
    assert sign_event(signing, EVENT) == "1 files signed"


def test_a_false_digest_of_a_file_in_parts_is_not_signed(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    like_s3(signing)
    model(signing)
    version = registered(signing, replace(in_parts("big.bin", PARTS), sha256="0" * 64))
    for number, part in enumerate(PARTS, start=1):
        put_part(signing, version, "big.bin", number, part)
    uploads.finalise_version(signing, request(), MODEL, "1")
    with pytest.raises(UploadMismatchError, match=r"big\.bin"):
        sign_event(signing, EVENT)
    assert list_signatures(signing, MODEL, "1") == ()
