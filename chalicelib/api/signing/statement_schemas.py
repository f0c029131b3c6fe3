"""Schemas of promotion statements."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Digest, Time, View


class ListedStatementView(View):
    """What the registry stated of a move of the version. ``sequence`` and ``event`` are those of the move's event.

    ``digest`` is the SHA-256 of the statement, which is the payload of the envelope. ``public_key`` verifies it,
    and ``key_id`` is the SHA-256 of that PEM.
    """

    sequence: int
    event: str
    from_stage: str | None
    to_stage: str | None
    aliases: list[str]
    digest: Digest
    key_id: Digest
    public_key: str
    signed_at: Time


class StatementSignatureView(View):
    keyid: Digest
    sig: str


class StatementEnvelopeView(View):
    """A DSSE envelope around an in-toto statement."""

    payloadType: Literal["application/vnd.in-toto+json"]  # noqa: N815 - as DSSE spells it
    payload: str = Field(description="The statement, in base64.")
    signatures: list[StatementSignatureView]


class StatementView(ListedStatementView):
    """A statement with its envelope. ``statement`` is what the payload says; verify the payload, not this copy."""

    statement: dict[str, Any]
    envelope: StatementEnvelopeView
