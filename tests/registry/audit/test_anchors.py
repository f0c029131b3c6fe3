"""Anchors are numbered, linked, written once for an occasion, and name the head of every ledger."""

import base64
import hashlib
import json
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import ContentionError
from chalicelib.registry.access import tokens
from chalicelib.registry.audit import audit
from chalicelib.registry.audit.anchors import anchor_ledgers, list_anchors
from chalicelib.registry.models import models
from tests.registry.build import model, request
from tests.registry.faults import When, failing


def stored(registry: Services) -> list[dict[str, Any]]:
    numbers = [anchor.number for anchor in list_anchors(registry, 100, None).items]
    return [json.loads(registry.anchors.read(number)) for number in numbers]


def test_an_anchor_names_the_head_of_every_ledger_also_of_a_deleted_model(registry: Services) -> None:
    for name in ("fraud", "churn", "gone"):
        model(registry, name)
    models.delete_model(registry, request(), "gone")
    tokens.create_token(registry, request(), "ci", [Grant(Role.VIEWER, "*")], 1)
    assert anchor_ledgers(registry, "monday").written
    (anchor,) = stored(registry)
    ledgers = ["model:churn", "model:fraud", "model:gone", "registry"]
    assert [leaf[0] for leaf in anchor["leaves"]] == ledgers
    assert anchor["count"] == 4
    for ledger, sequence, digest in anchor["leaves"]:
        newest = audit.list_events(registry, ledger, "newest", 1, None).items[0]
        assert (newest["sequence"], newest["hash"]) == (sequence, digest)


def test_an_anchor_holds_the_hash_of_the_one_before(registry: Services) -> None:
    anchor_ledgers(registry, "monday")
    model(registry)
    anchor_ledgers(registry, "tuesday")
    first, second = stored(registry)
    assert (first["number"], first["previous"], first["count"]) == (1, None, 0)
    digest = hashlib.sha256(registry.anchors.read(1)).hexdigest()
    assert (second["number"], second["previous"]) == (2, {"number": 1, "sha256": digest})


def test_an_occasion_that_comes_again_makes_no_second_anchor(registry: Services) -> None:
    first = anchor_ledgers(registry, "monday")
    model(registry)
    again = anchor_ledgers(registry, "monday")
    assert (again.number, again.root, again.written) == (first.number, first.root, False)
    assert len(stored(registry)) == 1


def test_two_anchorers_at_once_take_two_numbers(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def between(**_: object) -> None:
        if not written:
            written.append(1)
            anchor_ledgers(registry, "the other")

    registry.client("s3").meta.events.register("before-call.s3.PutObject", between)
    assert anchor_ledgers(registry, "this").number == 2
    assert [anchor["occasion"] for anchor in stored(registry)] == ["the other", "this"]


def test_an_anchorer_that_is_always_too_late_fails(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.anchors, "write", lambda number, content: False)
    with pytest.raises(ContentionError):
        anchor_ledgers(registry, "monday")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_at_any_call_and_a_retry_leave_one_anchor(registry: Services, when: When) -> None:
    model(registry)
    nth, struck = 0, True
    while struck:
        nth += 1
        occasion = f"{when}-{nth}"
        with failing(registry, nth, when) as fault:
            try:
                anchor_ledgers(registry, occasion)
            except ReadTimeoutError:
                assert fault.struck
        struck = fault.struck
        anchor_ledgers(registry, occasion)
        anchors = stored(registry)
        assert [anchor["number"] for anchor in anchors] == list(range(1, nth + 1))
        assert [anchor["occasion"] for anchor in anchors].count(occasion) == 1
        for earlier, later in pairwise(anchors):
            digest = hashlib.sha256(canonical_json(earlier).encode()).hexdigest()
            assert later["previous"]["sha256"] == digest
    assert nth > 4


def test_a_signature_holds_under_the_public_key_in_kms(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    kms = boto3.client("kms")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    monkeypatch.setenv(names.ANCHOR_KEY_VARIABLE, key)
    reset_services()
    signing = services()
    model(signing)
    anchor_ledgers(signing, "monday")
    (anchor,) = stored(signing)
    signature = anchor.pop("signature")
    assert (signature["key_id"], signature["algorithm"]) == (key, "ECDSA_SHA_256")
    public = serialization.load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    del anchor["leaves"]
    content = canonical_json(anchor).encode()
    public.verify(base64.b64decode(signature["value"]), content, ec.ECDSA(hashes.SHA256()))
