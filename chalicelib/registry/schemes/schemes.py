"""Promotion schemes: save, read and list them, and choose the one for new models."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import document_from
from chalicelib.aws.schemes.items import saved_scheme_from
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schemes import decisions
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import check_scheme
from chalicelib.domain.schemes.saved_scheme import DefaultScheme, SavedScheme
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page


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


def get_scheme(services: Services, name: str, version: int | None = None) -> SavedScheme:
    """The scheme ``name`` as it is, or as a version of it was. Raises SchemeNotFoundError."""
    if name in PRESETS and version in (None, 1):
        return decisions.existing(name, None)
    key = keys.saved_scheme(name) if version is None else keys.scheme_version(name, version)
    stored = services.table.get(key)
    if stored is None and version is not None:
        raise decisions.no_version(name, version)
    return decisions.existing(name, None if stored is None else saved_scheme_from(stored))


def list_schemes(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[SavedScheme]:
    """The built-in schemes on the first page, then one's own by name."""
    after = None if start is None else keys.saved_scheme(str(start["name"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.SCHEME_PREFIX, limit, after)
    own = tuple(saved_scheme_from(item) for item in stored)
    builtin = tuple(decisions.existing(name, None) for name in PRESETS) if start is None else ()
    return Page(builtin + own, {"name": own[-1].name} if last is not None and own else None)


def get_default(services: Services) -> Mapping[str, Any]:
    """The document of the scheme that new models are given."""
    stored = services.table.get(keys.default_scheme())
    document: Mapping[str, Any] = PRESETS["default"] if stored is None else document_from(stored)
    return document


def set_default(services: Services, request: Request, name: str) -> Changed[Mapping[str, Any]]:
    """Give new models the scheme ``name``, in its later versions too. Raises SchemeNotFoundError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Mapping[str, Any]]:
        wanted = decisions.existing(name, snapshot.get(SavedScheme, name))
        return decisions.set_default(loaded_state(snapshot), snapshot.get(DefaultScheme), wanted.document, stamp)

    asked = [keys.saved_scheme(name), keys.default_scheme()]
    return change_registry(services, request, decide, lambda _: get_default(services), asked)
