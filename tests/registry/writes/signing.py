"""Writes of signatures, statements and signers."""

from typing import Any, Final
from unittest import mock

from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.domain.ledger import event_types
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.signing import signatures, signers, signing, statements
from tests.aws.signing.keys import FIXED_KEY, private_pem, public_pem
from tests.registry.arranged import a_move, a_signer, nothing, registry_ledger, two_ready
from tests.registry.signing.build import by_key
from tests.registry.signing.keys import KEY
from tests.registry.writes.write import Write


def sign(registry: Services, request: Request, name: str, _: Any) -> str:
    """The registry's signature of a version, by a key that the test chose."""
    key = PemKey(lambda: private_pem(FIXED_KEY))
    with mock.patch.object(registry, "model_signing_key", key):
        return signing.sign_event(registry, {"id": request.request_id, "model": name, "version": 1})


def state(registry: Services, _: Request, moved: Any) -> str:
    """The registry's statement about a move, by a key that the test chose."""
    with mock.patch.object(registry, "model_signing_key", KEY):
        return statements.sign_event(registry, moved)


WRITES: Final = {
    "sign what a move was": Write(
        event_types.STATEMENT_SIGNED,
        a_move,
        lambda s, r, m, moved: state(s, r, moved),
        keyed=False,
    ),
    "bring a signature": Write(
        event_types.VERSION_SIGNED,
        a_signer,
        lambda s, r, m, _: signatures.bring_signature(s, r, m, "1", "build", by_key(FIXED_KEY)),
    ),
    "sign a version": Write(event_types.VERSION_SIGNED, two_ready, sign, keyed=False),
    "save a signer": Write(
        event_types.SIGNER_SAVED,
        nothing,
        lambda s, r, m, _: signers.save_signer(s, r, f"new-{m}".lower(), Trusting(public_key=public_pem(FIXED_KEY))),
        registry_ledger,
    ),
    "delete a signer": Write(
        event_types.SIGNER_DELETED,
        a_signer,
        lambda s, r, m, name: signers.delete_signer(s, r, name),
        registry_ledger,
    ),
}
