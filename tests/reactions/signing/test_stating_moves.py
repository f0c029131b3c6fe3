"""The function that signs versions also states their moves, from the events of the bus."""

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.reactions.signing.signer import signer
from chalicelib.registry.promotion import stages
from chalicelib.registry.signing import signatures, statements
from tests.aws.signing.keys import new_key, public_pem
from tests.registry.build import model, ready, request
from tests.registry.governed import told
from tests.registry.signing.build import signing_with

CONTEXT = SimpleNamespace(aws_request_id="invocation-1")


def fire(event: dict[str, Any]) -> None:
    signer({"detail": event}, CONTEXT)


def of_type(registry: Services, kind: str) -> dict[str, Any]:
    return next(event for event in told(registry) if event["type"] == kind)


def test_a_version_is_signed_and_its_move_stated_with_one_key(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    signing = signing_with(monkeypatch, registry, key)
    model(signing)
    ready(signing)
    stages.transition(signing, request(), "fraud", "1", "staging", None, None)
    for kind in (event_types.VERSION_READY, event_types.VERSION_TRANSITIONED):
        for _ in range(2):
            fire(of_type(signing, kind))
    (stated,) = statements.list_statements(signing, "fraud", "1", 10, None).items
    (signed,) = signatures.list_signatures(signing, "fraud", "1")
    assert stated.public_key == signed.public_key == public_pem(key)


def test_a_registry_that_does_not_sign_states_nothing(registry: Services) -> None:
    model(registry)
    ready(registry)
    stages.transition(registry, request(), "fraud", "1", "staging", None, None)
    fire(of_type(registry, event_types.VERSION_TRANSITIONED))
    assert statements.list_statements(registry, "fraud", "1", 10, None).items == ()


def test_events_of_other_types_are_refused(registry: Services) -> None:
    model(registry)
    with pytest.raises(ValueError, match="does not handle"):
        fire(of_type(registry, event_types.MODEL_CREATED))
