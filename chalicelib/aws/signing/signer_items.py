"""The trusted signers to their item and back."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.signing.trusted_signer import TrustedSigner, TrustedSigners


def signers_from(stored: Item | None) -> TrustedSigners:
    """All trusted signers; none if nobody was ever trusted."""
    if stored is None:
        return TrustedSigners()
    return TrustedSigners({name: _signer(found) for name, found in document_from(stored).items()})


def _signer(found: dict[str, Any]) -> TrustedSigner:
    return TrustedSigner(**{**known_fields(TrustedSigner, found), "subjects": tuple(found["subjects"])})


def _signers_item(_: Any, signers: TrustedSigners) -> Item:
    return item(keys.trusted_signers(), body({name: asdict(one) for name, one in signers.by_name.items()}))


CODECS: Final = (
    Codec(TrustedSigners, lambda _: (keys.trusted_signers(),), _signers_item, signers_from, prefix=keys.SIGNERS_SORT),
)
