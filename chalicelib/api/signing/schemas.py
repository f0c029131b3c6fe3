"""Schemas of signatures and trusted signers."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, Digest, Time, View
from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.signing.trusted_signer import MAX_DESCRIPTION, MAX_PEM, MAX_SUBJECTS

Subject = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATTERN)]


class BringSignature(Body):
    """A sigstore bundle as OpenSSF Model Signing writes it to ``model.sig``, about exactly the version's files."""

    mediaType: str = Field(max_length=100)  # noqa: N815 - as sigstore spells it
    verificationMaterial: dict[str, Any]  # noqa: N815 - as bundles spell it
    dsseEnvelope: dict[str, Any]  # noqa: N815 - as bundles spell it

    def bundle(self) -> dict[str, Any]:
        return self.model_dump()


class ListedSignatureView(View):
    """A signature without its bundle.

    It ``counts`` if a signer that is trusted now verified it, or if it is the registry's own. ``doubt`` says why it
    does not. ``digest`` is the SHA-256 of the bundle's canonical JSON; null for the registry's own.
    """

    name: str
    signed_with: Literal["key", "certificate", "keyless"]
    signer: str | None
    identity: str | None = Field(description="Whom the certificate names.")
    counts: bool
    doubt: str | None
    public_key: str | None = Field(description="The key of the registry's own signature, in PEM.")
    digest: Digest | None
    recorded_at: Time
    recorded_by: str


class SignatureView(ListedSignatureView):
    """A signature with its bundle, which verifies with ``model_signing verify``."""

    bundle: BringSignature


class SaveSigner(Body):
    """Whose signatures count: those of a public key, or of whom an authority has certified."""

    public_key: str | None = Field(None, min_length=1, max_length=MAX_PEM, description="PEM: P-256, P-384 or P-521.")
    authority: str | None = Field(None, min_length=1, max_length=MAX_PEM, description="Its certificates, in PEM.")
    subjects: list[Subject] = Field(
        default_factory=list,
        max_length=MAX_SUBJECTS,
        description="Whom the authority's certificates must name, by subject or alternative name; * matches any "
        "characters.",
        examples=[["ada@example.org"]],
    )
    description: str = Field("", max_length=MAX_DESCRIPTION)

    def trusting(self) -> Trusting:
        return Trusting(self.public_key or "", self.authority or "", self.subjects, self.description)


class SignerView(View):
    """A trusted signer. One of ``public_key`` and ``authority`` is null."""

    name: str
    public_key: str | None
    authority: str | None
    subjects: list[str]
    description: str
    created_at: Time
    created_by: str
    updated_at: Time
