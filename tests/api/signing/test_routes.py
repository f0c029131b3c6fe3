"""Signatures and signers over HTTP: brought, shown, refused, trusted by administrators alone."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.versions.manifest import File
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.aws.signing.keys import FIXED_KEY, new_key, public_pem
from tests.registry.signing.build import by_key

WHERE = "/v1/models/fraud/versions/1/signatures"
FILES = [File(**journey.FILE)]
PEM = public_pem(FIXED_KEY)


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


@pytest.fixture
def ci(admin: Caller) -> Caller:
    assert admin.put("/v1/signers/ci", {"public_key": PEM}).status == 200
    return granted(admin, "contributor", "fraud", "ci")


def test_a_signature_comes_back_as_it_was_brought(admin: Caller, ci: Caller) -> None:
    given = by_key(FIXED_KEY, FILES)
    brought = ci.put(f"{WHERE}/build", given)
    assert brought.status == 200, brought.text
    shown = admin.get(f"{WHERE}/build")
    assert shown.document == brought.document
    assert shown.document["bundle"] == given
    assert (shown.document["signer"], shown.document["counts"]) == ("ci", True)
    (listed,) = admin.get(WHERE).document["items"]
    assert listed == {name: value for name, value in shown.document.items() if name != "bundle"}


def test_a_signature_changes_only_as_it_was_read(ci: Caller) -> None:
    first = ci.put(f"{WHERE}/build", by_key(FIXED_KEY, FILES))
    other = by_key(FIXED_KEY, FILES, hint="")
    assert ci.put(f"{WHERE}/build", other, headers={"If-Match": first.headers["ETag"]}).status == 200
    assert ci.put(f"{WHERE}/build", other, headers={"If-Match": first.headers["ETag"]}).status == 412
    assert ci.put(f"{WHERE}/new", other, headers={"If-Match": first.headers["ETag"]}).status == 412


def edited(**change: Any) -> dict[str, Any]:
    return {**by_key(FIXED_KEY, FILES), **change}


@pytest.mark.parametrize(
    ("bundle", "status", "code"),
    [
        (by_key(new_key(), FILES), 409, "signer_not_trusted"),
        (by_key(FIXED_KEY, [File("other", 7, "a" * 64)]), 400, "invalid_input"),
        (edited(mediaType="application/json"), 400, "invalid_input"),
        (edited(verificationMaterial={}), 400, "invalid_input"),
        (edited(verificationMaterial={"publicKey": {}, "x": [1e400]}), 400, "invalid_input"),
        (edited(verificationMaterial={"publicKey": {"hint": "\ud800"}}), 400, "malformed_body"),
        (edited(dsseEnvelope={}), 400, "invalid_input"),
        (edited(extra=1), 400, "invalid_input"),
        ({"mediaType": "x"}, 400, "invalid_input"),
    ],
)
def test_what_is_no_signature_of_a_trusted_signer_is_refused(
    ci: Caller, bundle: dict[str, Any], status: int, code: str
) -> None:
    refused = ci.put(f"{WHERE}/build", bundle)
    assert (refused.status, refused.document["code"]) == (status, code), refused.text


def test_names_and_versions_that_do_not_exist_are_told(admin: Caller, ci: Caller) -> None:
    assert admin.get(f"{WHERE}/absent").document["code"] == "signature_not_found"
    assert admin.get("/v1/signers/absent").document["code"] == "signer_not_found"
    assert admin.delete("/v1/signers/absent").document["code"] == "signer_not_found"
    assert ci.put(f"{WHERE}/registry", by_key(FIXED_KEY, FILES)).document["code"] == "invalid_name"
    assert ci.put(WHERE.replace("/1/", "/9/") + "/a", by_key(FIXED_KEY, FILES)).document["code"] == "version_not_found"


def test_everybody_sees_who_is_trusted_and_administrators_alone_say_it(admin: Caller, ci: Caller) -> None:
    assert [one["name"] for one in ci.get("/v1/signers").document["items"]] == ["ci"]
    assert ci.get("/v1/signers/ci").document["public_key"] == PEM
    for refused in (ci.put("/v1/signers/eve", {"public_key": PEM}), ci.delete("/v1/signers/ci")):
        assert refused.status == 403
    assert admin.delete("/v1/signers/ci").status == 204


def test_a_reader_brings_no_signature(admin: Caller, ci: Caller) -> None:
    reader = granted(admin, "viewer", "fraud", "reader")
    assert reader.put(f"{WHERE}/build", by_key(FIXED_KEY, FILES)).status == 403
    assert reader.get(WHERE).status == 200


def test_a_manifest_says_whether_the_registry_signs(admin: Caller) -> None:
    assert admin.get("/v1/models/fraud/versions/1/artifacts").document["registry_signs"] is False
