"""Signed promotion statements to items and back."""

from dataclasses import asdict
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.signed_statement import SignedStatement

_KIND: Final = "statement"


def statement_prefix(version: int) -> str:
    """What the sort keys of a version's statements begin with."""
    return keys.all_of_version(_KIND, version)


def statement_key(model: str, version: int, sequence: int) -> Key:
    return keys.one_of_version(model, _KIND, version, sequence)


def statement_from(stored: Item) -> SignedStatement:
    return SignedStatement(**known_fields(SignedStatement, document_from(stored)))


def _item(model: Model, statement: SignedStatement) -> Item:
    return item(statement_key(model.name, statement.version, statement.sequence), body(asdict(statement)))


CODECS: Final = (
    Codec(
        SignedStatement,
        lambda model, version, sequence: (statement_key(model, version, sequence),),
        _item,
        statement_from,
        once=True,
        prefix=keys.of_versions(_KIND),
    ),
)
