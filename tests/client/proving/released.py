"""A version that the registry has signed, promoted and stated, and what somebody with the table can do to it."""

import json
from typing import Any

from moorage import Claim, Client, Proof

from chalicelib.aws import keys
from chalicelib.aws.item import body
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.signing.statement_items import statement_key
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import event_hash, model_ledger
from chalicelib.registry.signing import signing, statements
from tests.registry.governed import told


def sign_all(registry: Services) -> None:
    """Do what the function ``signer`` does with the events of the bus."""
    for event in told(registry):
        if event["type"] == event_types.VERSION_READY:
            signing.sign_event(registry, event)
        elif event["type"] in event_types.MOVES:
            statements.sign_event(registry, event)


def release(client: Client, registry: Services, build: Any, number: int = 1) -> None:
    """Register a version, and make it champion; the alias is protected."""
    assert client.register("fraud", build, label=f"{number}.0.0").number == number
    client.aliases.protect("fraud", "champion")
    client.aliases.set("fraud", "champion", number, reason="better")
    sign_all(registry)


def claim(proof: Proof, about: str) -> Claim:
    """The only claim about something."""
    (found,) = (one for one in proof.claims if one.about == about)
    return found


def outcomes(proof: Proof) -> dict[str, str]:
    return {one.about: one.outcome.value for one in proof.claims}


def stated(registry: Services, version: int = 1) -> tuple[Key, dict[str, Any]]:
    """The newest statement about a version: its key in the table, and what is stored."""
    newest = statements.list_statements(registry, "fraud", str(version), 1, None).items[0]
    place = statement_key("fraud", version, newest.sequence)
    item = registry.table.get(place)
    assert item is not None
    return place, json.loads(str(item["body"]))


def store(registry: Services, place: Key, document: dict[str, Any]) -> None:
    """Change the body of an item past the registry."""
    item = registry.table.get(place)
    assert item is not None
    registry.table.put({**item, **body(document)})


def edit_event(registry: Services, sequence: int, hashed: bool, **changed: Any) -> None:
    """Change an event past the registry, its hash too if ``hashed``."""
    (event,) = (one for one in told(registry) if one["sequence"] == sequence)
    edited = {**event, **changed}
    if hashed:
        edited["hash"] = event_hash(edited)
    store(registry, keys.event(model_ledger("fraud"), sequence), edited)
