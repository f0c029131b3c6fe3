"""Saving schemes and choosing the one for new models."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import BuiltinSchemeError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided, put
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.saved_scheme import DefaultScheme, SavedScheme, SchemeVersion


def save(
    registry: RegistryState,
    current: SavedScheme | None,
    default: DefaultScheme | None,
    document: Mapping[str, Any],
    stamp: Stamp,
) -> Outcome[SavedScheme]:
    """Save a checked document as the scheme's next version. ``default`` is the registry's default scheme."""
    name = document["name"]
    if name in PRESETS:
        raise BuiltinSchemeError(f"The scheme {name!r} is built in; save your own under another name.")
    if current is not None and {**document, "version": current.version} == dict(current.document):
        return NoChange(current)
    numbered = {**document, "version": 1 if current is None else current.version + 1}
    saved = SavedScheme(numbered, stamp.time, stamp.actor)
    given = [DefaultScheme(numbered)] if default is not None and default.document["name"] == name else []
    before = None if current is None else {"version": current.version}
    event = EventDraft(event_types.SCHEME_SAVED, before, numbered, subject=name)
    return decided(saved, registry, event, *put(saved, SchemeVersion(saved), *given), subject=name)


def set_default(
    registry: RegistryState, present: DefaultScheme, document: Mapping[str, Any], stamp: Stamp
) -> Outcome[Mapping[str, Any]]:
    """Let models that are created from now on have this scheme."""
    former = present.document
    if former == document:
        return NoChange(document)
    event = EventDraft(
        event_types.SCHEME_DEFAULT_SET,
        {"name": former["name"], "version": former["version"]},
        {"name": document["name"], "version": document["version"], "set_at": stamp.time},
        subject=document["name"],
    )
    return decided(document, registry, event, Put(DefaultScheme(dict(document))))
