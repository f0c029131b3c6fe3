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


class BuildProvenanceView(View):
    """What SLSA provenance says of a build; a field is empty if it does not say, or not clearly."""

    builder: str
    repository: str
    commit: str
    build_type: str


class ListedAttestationView(View):
    """An attestation without its envelope. ``digest`` is the SHA-256 of the envelope's canonical JSON.

    ``verified_by`` is the trusted signer whose signature was verified. If there is none, or it is trusted no longer,
    ``doubt`` says so, and ``provenance`` is what anybody may have written. ``whole``: the statement is about the
    version itself or about all of its files.
    """

    name: str
    predicate_type: str
    key_ids: list[str]
    digest: Digest
    whole: bool
    verified_by: str | None
    doubt: str | None
    provenance: BuildProvenanceView | None
    recorded_at: Time
    recorded_by: str


class AttestationView(ListedAttestationView):
    """An attestation with its envelope, as it was signed."""

    envelope: RecordAttestation
