"""Attestations over HTTP: recorded, shown, refused, withdrawn."""

import base64
import json
from typing import Any

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

WHERE = "/v1/models/fraud/versions/1/attestations"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


def envelope(digest: str, **more: Any) -> dict[str, Any]:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model.bin", "digest": {"sha256": digest}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {},
        **more,
    }
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64.b64encode(json.dumps(statement).encode()).decode(),
        "signatures": [{"keyid": "ci", "sig": base64.b64encode(b"signed").decode()}],
    }


def of_version(admin: Caller, **more: Any) -> dict[str, Any]:
    return envelope(admin.get("/v1/models/fraud/versions/1").document["digest"], **more)


def test_an_attestation_comes_back_as_it_was_signed(admin: Caller) -> None:
    ci = granted(admin, "contributor", "fraud", "ci")
    given = of_version(admin)
    recorded = ci.put(f"{WHERE}/slsa", given)
    assert recorded.status == 200, recorded.text
    shown = admin.get(f"{WHERE}/slsa")
    assert shown.document == recorded.document
    assert shown.document["envelope"] == given
    assert (shown.document["recorded_by"], shown.document["key_ids"]) == ("token:ci", ["ci"])
    (listed,) = admin.get(WHERE).document["items"]
    assert listed == {name: value for name, value in shown.document.items() if name != "envelope"}


def test_an_attestation_of_other_bytes_is_refused_and_nothing_is_kept(admin: Caller) -> None:
    refused = admin.put(f"{WHERE}/slsa", envelope("b" * 64))
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert refused.document["errors"][0]["pointer"] == "/payload"
    assert admin.get(WHERE).document["items"] == []


@pytest.mark.parametrize(
    "said",
    [
        {"predicateType": "\ud800"},
        {"predicate": {"runDetails": {"builder": {"id": "\ud800"}}}},
    ],
)
def test_text_that_no_answer_could_show_is_refused(admin: Caller, said: dict[str, Any]) -> None:
    """JSON can name half of a character, which UTF-8 does not have."""
    refused = admin.put(f"{WHERE}/slsa", of_version(admin, **said))
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/payload")
    assert admin.get(WHERE).document["items"] == []


def test_replacing_one_asks_for_its_etag_if_the_caller_names_one(admin: Caller) -> None:
    tag = admin.put(f"{WHERE}/slsa", of_version(admin)).headers["ETag"]
    other = {**of_version(admin), "signatures": [{"keyid": "other", "sig": "c2ln"}]}
    assert admin.put(f"{WHERE}/slsa", other, headers={"If-Match": '"1"'}).status == 412
    assert admin.put(f"{WHERE}/slsa", other, headers={"If-Match": tag}).status == 200


def test_a_withdrawn_attestation_is_gone(admin: Caller) -> None:
    admin.put(f"{WHERE}/slsa", of_version(admin))
    assert admin.delete(f"{WHERE}/slsa").status == 204
    assert admin.get(f"{WHERE}/slsa").code == "attestation_not_found"
    assert admin.delete(f"{WHERE}/slsa").code == "attestation_not_found"
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["type"], event["before"]["attestation"]) == ("attestation.withdrawn", "slsa")


def test_a_viewer_reads_and_does_not_record(admin: Caller) -> None:
    given = of_version(admin)
    viewer = granted(admin, "viewer", "fraud", "viewer")
    assert viewer.get(WHERE).status == 200
    assert viewer.put(f"{WHERE}/slsa", given).status == 403
