"""DSSE: what is signed, and envelopes out of JSON."""

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, Envelope, EnvelopeSignature, envelope_from, json_of, pae


def test_what_is_signed_is_that_of_the_protocols_example() -> None:
    # https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md#test-vectors
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("http://example.com/HelloWorld", b"hello world") == expected


def test_lengths_count_bytes_and_not_characters() -> None:
    assert pae("ü", "ä€".encode()) == "DSSEv1 2 ü 5 ä€".encode()


def test_an_envelope_reads_back_from_its_document() -> None:
    envelope = Envelope(b"{}", (EnvelopeSignature(b"\x00\xff", "key"), EnvelopeSignature(b"b")))
    assert envelope_from(envelope.document(), "/dsseEnvelope") == envelope
    assert envelope.signed_part == pae(PAYLOAD_TYPE, b"{}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"payloadType": "text/plain"}, "/e/payloadType"),
        ({"payload": "no base64!"}, "/e/payload"),
        ({"payload": ""}, "/e/payload"),
        ({"payload": 3}, "/e/payload"),
        ({"signatures": []}, "/e/signatures"),
        ({"signatures": [{"sig": "eA=="}] * 11}, "/e/signatures"),
        ({"signatures": ["x"]}, "/e/signatures/0"),
        ({"signatures": [{"sig": "*"}]}, "/e/signatures/0/sig"),
        ({"signatures": [{"sig": "eA==", "keyid": 4}]}, "/e/signatures/0/keyid"),
    ],
)
def test_a_fault_of_an_envelope_is_named_by_its_place(change: dict[str, object], pointer: str) -> None:
    document = Envelope(b"{}", (EnvelopeSignature(b"x"),)).document()
    with pytest.raises(InvalidInputError) as refused:
        envelope_from({**document, **change}, "/e")
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_what_is_no_object_is_no_envelope() -> None:
    with pytest.raises(InvalidInputError):
        envelope_from([], "/e")


@pytest.mark.parametrize(
    "payload",
    [
        b'{"a": 1, "a": 2}',
        b'[{"b": {"a": 1, "a": 1}}]',
        b'{"a": NaN}',
        '{"a": 1}'.encode("utf-16"),
        b"[" * 100_000,
        b"",
        b"\xff",
    ],
    ids=["a name twice", "a name twice below", "no number", "UTF-16", "depth", "nothing", "no text"],
)
def test_what_readers_could_read_in_two_ways_or_not_at_all_is_not_read(payload: bytes) -> None:
    with pytest.raises(ValueError):
        json_of(payload)


def test_json_that_was_signed_is_read() -> None:
    assert json_of(b'{"a": [1, {"b": "\xc3\xa9"}]}') == {"a": [1, {"b": "\u00e9"}]}
