"""What the last scan of a version found, to an item and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings, Opinion, Scanned


def _item(model: Model, findings: Findings) -> Item:
    document: dict[str, Any] = {
        "ruleset": findings.ruleset,
        "finished_at": findings.finished_at,
        "scanned": findings.scanned.document(),
    }
    # Left out where there is none, as releases before opinions wrote it.
    if findings.opinion is not None:
        document["opinion"] = findings.opinion.document()
    return item(keys.findings(model.name, findings.version), body(document))


def findings_from(stored: Item) -> Findings:
    """The findings of an item."""
    document = document_from(stored)
    opinion = document.get("opinion")
    return Findings(
        keys.number_of(stored),
        document["ruleset"],
        document["finished_at"],
        Scanned.from_document(document["scanned"]),
        None if opinion is None else Opinion.from_document(opinion),
    )


CODECS: Final = (
    Codec(
        Findings,
        lambda model, number: (keys.findings(model, number),),
        _item,
        findings_from,
        prefix=keys.of_versions("scan"),
    ),
)
