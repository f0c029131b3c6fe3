"""A version's checks to an item and back."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.evidence.reporter_fields import reporter_fields
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.models.model import Model


def _item(model: Model, checks: Checks) -> Item:
    document = {name: {**check.document(), "revision": check.revision} for name, check in checks.by_name.items()}
    return item(keys.checks(model.name, checks.version), body(document))


def _checks_from(stored: Item) -> Checks:
    found = {
        name: Check(**{**known_fields(Check, check), **reporter_fields(check)})
        for name, check in document_from(stored).items()
    }
    return Checks(keys.number_of(stored), found)


CODECS: Final = (
    Codec(
        Checks,
        lambda model, number: (keys.checks(model, number),),
        _item,
        _checks_from,
        prefix=keys.of_versions("checks"),
    ),
)
