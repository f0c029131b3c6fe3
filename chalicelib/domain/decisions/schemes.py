"""Saving schemes, choosing the registry's default, assigning one to a model, and a model's risk tier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain import event_types
from chalicelib.domain.decision import Decision, NoChange, Outcome, RegistryLedger, SaveRecord, SaveScheme
from chalicelib.domain.errors import BuiltinSchemeError, SchemeIncompatibleError, SchemeNotFoundError
from chalicelib.domain.events import Happening, Origin, Trigger
from chalicelib.domain.gates import Tier
from chalicelib.domain.model import Model
from chalicelib.domain.presets import PRESETS
from chalicelib.domain.scheme import scheme_from_document

KIND: Final = "SCHEME"
VERSION_KIND: Final = "SCHEMEVERSION"
DEFAULT_KIND: Final = "SCHEMEDEFAULT"
DEFAULT_ID: Final = "current"


@dataclass(frozen=True, slots=True)
class SavedScheme:
    """A scheme's document with its version, and who saved that version when. Built-in ones were saved by nobody."""

    document: Mapping[str, Any]
    saved_at: str | None
    saved_by: str | None
    revision: int

    @property
    def version(self) -> int:
        return int(self.document["version"])

    @property
    def builtin(self) -> bool:
        return self.document["name"] in PRESETS


def version_id(name: str, version: int) -> str:
    """The id of the record that keeps one version of a scheme for good."""
    return f"{name}#{version:06d}"


def save(
    ledger: RegistryLedger,
    current: SavedScheme | None,
    default: Mapping[str, Any] | None,
    document: Mapping[str, Any],
    origin: Origin,
) -> Outcome[SavedScheme]:
    """Save a checked document as the scheme's next version. ``default`` is the registry's default scheme."""
    name = document["name"]
    if name in PRESETS:
        raise BuiltinSchemeError(f"The scheme {name!r} is built in; save your own under another name.")
    if current is not None and {**document, "version": current.version} == dict(current.document):
        return NoChange(current)
    numbered = {**document, "version": 1 if current is None else current.version + 1}
    saved = SavedScheme(numbered, origin.time, origin.actor, ledger.next_revision)
    changes = [
        SaveRecord(KIND, name, _record(saved)),
        SaveRecord(VERSION_KIND, version_id(name, saved.version), _record(saved)),
    ]
    if default is not None and default["name"] == name:
        changes.append(SaveRecord(DEFAULT_KIND, DEFAULT_ID, numbered))
    before = None if current is None else {"version": current.version}
    happening = Happening(event_types.SCHEME_SAVED, before, numbered, subject=name)
    return Decision(saved, ledger, happening, tuple(changes), subject=name)


def set_default(
    ledger: RegistryLedger, present: Mapping[str, Any] | None, document: Mapping[str, Any], origin: Origin
) -> Outcome[Mapping[str, Any]]:
    """Let models that are created from now on have this scheme."""
    former = PRESETS["default"] if present is None else present
    if former == document:
        return NoChange(document)
    happening = Happening(
        event_types.SCHEME_DEFAULT_SET,
        {"name": former["name"], "version": former["version"]},
        {"name": document["name"], "version": document["version"], "set_at": origin.time},
        subject=document["name"],
    )
    return Decision(document, ledger, happening, (SaveRecord(DEFAULT_KIND, DEFAULT_ID, dict(document)),))


def assign(
    model: Model,
    present: Mapping[str, Any],
    document: Mapping[str, Any],
    follows: bool,
    trigger: Trigger,
    origin: Origin,
) -> Outcome[Model]:
    """Let ``document`` judge the model's moves from now on. ``present`` is the scheme that did so far.

    Raises SchemeIncompatibleError if versions stand, or the promotion rule leads, where the scheme has no stage.
    """
    wanted = scheme_from_document(document)
    _check_compatible(model, present, document)
    if model.scheme == wanted.ref and present == document:
        return NoChange(model)
    changed = replace(model, scheme=wanted.ref, updated_at=origin.time)
    happening = Happening(
        event_types.MODEL_SCHEME_ASSIGNED,
        {"scheme": model.scheme.document()},
        {"scheme": wanted.ref.document(), "follows": follows},
        trigger=trigger,
    )
    return Decision(changed, changed, happening, (SaveScheme(document, follows),))


def follow(model: Model, present: Mapping[str, Any], document: Mapping[str, Any], origin: Origin) -> Outcome[Model]:
    """Give a model the newer version of the scheme that it follows; one that has moved on is left as it is."""
    if model.scheme.name != document["name"] or model.scheme.version >= document["version"]:
        return NoChange(model)
    return assign(model, present, document, True, Trigger.RULE, origin)


def set_tier(model: Model, tier: Tier, reason: str | None, origin: Origin) -> Outcome[Model]:
    """Set the model's risk tier, which selects the gates and approvals of its moves."""
    if model.tier is tier:
        return NoChange(model)
    changed = replace(model, tier=tier, updated_at=origin.time)
    happening = Happening(event_types.MODEL_TIER_SET, {"tier": model.tier.value}, {"tier": tier.value}, reason=reason)
    return Decision(changed, changed, happening)


def existing(name: str, stored: Mapping[str, Any] | None) -> SavedScheme:
    """The scheme ``name``, built in or as stored. Raises SchemeNotFoundError."""
    if name in PRESETS:
        return SavedScheme(PRESETS[name], None, None, 1)
    if stored is None:
        raise SchemeNotFoundError(f"There is no scheme {name!r}; the built-in ones are {', '.join(PRESETS)}.")
    return from_record(stored)


def no_version(name: str, version: int) -> SchemeNotFoundError:
    return SchemeNotFoundError(f"The scheme {name!r} has no version {version}.")


def from_record(stored: Mapping[str, Any]) -> SavedScheme:
    return SavedScheme(stored["document"], stored["saved_at"], stored["saved_by"], stored["revision"])


def _record(saved: SavedScheme) -> dict[str, Any]:
    return {
        "document": dict(saved.document),
        "saved_at": saved.saved_at,
        "saved_by": saved.saved_by,
        "revision": saved.revision,
    }


def _check_compatible(model: Model, present: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    known = {stage["name"] for stage in document["stages"]}
    occupied = {name for name, pointer in model.stages.items() if pointer.version is not None}
    if model.versions:
        # Which versions stand in the initial stage is not kept in the model's head.
        occupied |= {present["initial"]}
    missing = sorted(occupied - known)
    if missing:
        raise SchemeIncompatibleError(
            f"Versions of {model.name!r} stand in {', '.join(missing)}, which the scheme {document['name']!r} does not "
            "have; move them first, or add the stages."
        )
    rule = model.rule
    if rule is not None:
        led = {rule.to_stage} if rule.beats is None else {rule.to_stage, rule.beats.stage}
        if led - known or document["initial"] not in _origins(document, rule.to_stage):
            raise SchemeIncompatibleError(
                f"The promotion rule of {model.name!r} does not fit the scheme {document['name']!r}; clear it first."
            )


def _origins(document: Mapping[str, Any], to_stage: str) -> set[str]:
    scheme = scheme_from_document(document)
    return {from_stage for from_stage, to in scheme.transitions if to == to_stage}
