"""Schemas of attestations."""

from typing import Literal

from pydantic import Field

from chalicelib.api.document import Body, Digest, Time, View
from chalicelib.domain.evidence.attestation import MAX_BYTES, MAX_SIGNATURES, MAX_TEXT, Envelope, Signature


class SignatureBody(Body):
    """A signature over the payload, in base64. ``keyid`` is what the signer calls the key."""

    keyid: str = Field("", max_length=MAX_TEXT)
    sig: str = Field(min_length=1, max_length=MAX_BYTES)


class RecordAttestation(Body):
    """A DSSE envelope that carries an in-toto statement about files of the version, or about the version itself."""

    payloadType: Literal["application/vnd.in-toto+json"]  # noqa: N815 - as DSSE spells it
    payload: str = Field(min_length=1, max_length=MAX_BYTES, description="The statement, in base64.")
    signatures: list[SignatureBody] = Field(min_length=1, max_length=MAX_SIGNATURES)

    def envelope(self) -> Envelope:
        return Envelope(self.payload, tuple(Signature(one.keyid, one.sig) for one in self.signatures))


class ListedAttestationView(View):
    """An attestation without its envelope. ``digest`` is the SHA-256 of the envelope's canonical JSON.

    The registry checks what the statement is about. It does not verify the signatures.
    """

    name: str
    predicate_type: str
    key_ids: list[str]
    digest: Digest
    recorded_at: Time
    recorded_by: str


class AttestationView(ListedAttestationView):
    """An attestation with its envelope, as it was signed."""

    envelope: RecordAttestation
