"""Saving promotion schemes and choosing the one for new models."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schemes import decisions
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import check_scheme
from chalicelib.domain.schemes.saved_scheme import DefaultScheme, SavedScheme, existing
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.schemes.schemes import get_default, get_scheme


def save_scheme(services: Services, request: Request, document: Mapping[str, Any]) -> Changed[SavedScheme]:
    """Save a scheme as its next version. Raises InvalidInputError with every fault, BuiltinSchemeError."""
    from chalicelib.registry.schemes.conditions import refused

    check_scheme(document, refused)
    name = document["name"]

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[SavedScheme]:
        current = snapshot.get(SavedScheme, name)
        request.check_match(0 if current is None else current.revision)
        return decisions.save(loaded_state(snapshot), current, snapshot.get(DefaultScheme), document, stamp)

    asked = [keys.saved_scheme(name), keys.default_scheme()]
    return change_registry(services, request, decide, lambda _: get_scheme(services, name), asked)


def set_default(services: Services, request: Request, name: str) -> Changed[Mapping[str, Any]]:
    """Give new models the scheme ``name``, in its later versions too. Raises SchemeNotFoundError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Mapping[str, Any]]:
        wanted = existing(name, snapshot.get(SavedScheme, name))
        present = snapshot.get(DefaultScheme) or DefaultScheme(PRESETS[services.settings.default_scheme])
        return decisions.set_default(loaded_state(snapshot), present, wanted.document, stamp)

    asked = [keys.saved_scheme(name), keys.default_scheme()]
    return change_registry(services, request, decide, lambda _: get_default(services), asked)
