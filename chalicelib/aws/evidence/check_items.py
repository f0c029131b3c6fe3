"""A version's checks to an item and back."""

import json
from collections.abc import Mapping

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.evidence.check import Check


def checks_item(model: str, number: int, checks: Mapping[str, Check]) -> Item:
    body = {name: {**check.document(), "revision": check.revision} for name, check in checks.items()}
    return item(keys.checks(model, number), {"body": canonical_json(body)})


def checks_from(stored: Item) -> dict[str, Check]:
    return {name: Check(**check) for name, check in json.loads(str(stored["body"])).items()}
