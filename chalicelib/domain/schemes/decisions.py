"""Saving schemes, choosing the registry's default, assigning one to a model, and a model's risk tier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.errors import BuiltinSchemeError, SchemeIncompatibleError, SchemeNotFoundError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, RegistryState, SaveRecord, SaveScheme
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document

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


@dataclass(frozen=True, slots=True)
class Assigned:
    """The document that judges a model. ``follows``: the model is given later versions of it too."""

    document: Mapping[str, Any]
    follows: bool


def version_id(name: str, version: int) -> str:
    """The id of the record that keeps one version of a scheme for good."""
    return f"{name}#{version:06d}"


def save(
    ledger: RegistryState,
    current: SavedScheme | None,
    default: Mapping[str, Any] | None,
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
    saved = SavedScheme(numbered, stamp.time, stamp.actor, ledger.next_revision)
    changes = [
        SaveRecord(KIND, name, _record(saved)),
        SaveRecord(VERSION_KIND, version_id(name, saved.version), _record(saved)),
    ]
    if default is not None and default["name"] == name:
        changes.append(SaveRecord(DEFAULT_KIND, DEFAULT_ID, numbered))
    before = None if current is None else {"version": current.version}
    happening = EventDraft(event_types.SCHEME_SAVED, before, numbered, subject=name)
    return Decision(saved, ledger, happening, tuple(changes), subject=name)


def set_default(
    ledger: RegistryState, present: Mapping[str, Any] | None, document: Mapping[str, Any], stamp: Stamp
) -> Outcome[Mapping[str, Any]]:
    """Let models that are created from now on have this scheme."""
    former = PRESETS["default"] if present is None else present
    if former == document:
        return NoChange(document)
    happening = EventDraft(
        event_types.SCHEME_DEFAULT_SET,
        {"name": former["name"], "version": former["version"]},
        {"name": document["name"], "version": document["version"], "set_at": stamp.time},
        subject=document["name"],
    )
    return Decision(document, ledger, happening, (SaveRecord(DEFAULT_KIND, DEFAULT_ID, dict(document)),))


def assign(
    model: Model,
    present: Assigned,
    wanted: Assigned,
    trigger: Trigger,
    stamp: Stamp,
) -> Outcome[Model]:
    """Let ``wanted`` judge the model's moves from now on. ``present`` is the scheme that did so far.

    Raises SchemeIncompatibleError if versions stand, or the promotion rule leads, where the scheme has no stage.
    """
    if present == wanted:
        return NoChange(model)
    former, scheme = scheme_from_document(present.document), scheme_from_document(wanted.document)
    _check_compatible(model, scheme)
    changed = replace(model, scheme=scheme.ref, stages=_kept(model, former, scheme), updated_at=stamp.time)
    happening = EventDraft(
        event_types.MODEL_SCHEME_ASSIGNED,
        {"scheme": model.scheme.document(), "follows": present.follows},
        {"scheme": scheme.ref.document(), "follows": wanted.follows},
        trigger=trigger,
    )
    return Decision(changed, changed, happening, (SaveScheme(wanted.document, wanted.follows),))


def follow(model: Model, present: Assigned, document: Mapping[str, Any], stamp: Stamp) -> Outcome[Model]:
    """Give a model the newer version of the scheme that it follows.

    One that was pinned, or has moved on, is left as it is.
    """
    if not present.follows or model.scheme.name != document["name"] or model.scheme.version >= document["version"]:
        return NoChange(model)
    return assign(model, present, Assigned(document, follows=True), Trigger.RULE, stamp)


def set_tier(model: Model, tier: Tier, reason: str | None, stamp: Stamp) -> Outcome[Model]:
    """Set the model's risk tier, which selects the gates and approvals of its moves."""
    if model.tier is tier:
        return NoChange(model)
    changed = replace(model, tier=tier, updated_at=stamp.time)
    happening = EventDraft(event_types.MODEL_TIER_SET, {"tier": model.tier.value}, {"tier": tier.value}, reason=reason)
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


def _check_compatible(model: Model, wanted: Scheme) -> None:
    _check_room(model, wanted)
    rule = model.rule
    if rule is not None and not _fits(rule, wanted):
        raise SchemeIncompatibleError(
            f"The promotion rule of {model.name!r} does not fit the scheme {wanted.name!r}; clear it first."
        )


def _check_room(model: Model, wanted: Scheme) -> None:
    missing = sorted(model.standing.keys() - wanted.stages.keys())
    if missing:
        raise SchemeIncompatibleError(
            f"Versions of {model.name!r} stand in {', '.join(missing)}, which the scheme {wanted.name!r} does not "
            "have; move them first, or add the stages."
        )
    # One alone whom the head does not know as the holder would be a second one beside the next to enter.
    crowded = sorted(
        name
        for name, count in model.standing.items()
        if wanted.stage(name).exclusive and (count > 1 or model.holder(name) is None)
    )
    if crowded:
        raise SchemeIncompatibleError(
            f"Versions of {model.name!r} stand in {', '.join(crowded)}, which the scheme {wanted.name!r} makes "
            "exclusive: at most one may, and it must have entered by a move. Move them first."
        )


def _fits(rule: PromotionRule, scheme: Scheme) -> bool:
    led = {rule.to_stage} if rule.beats is None else {rule.to_stage, rule.beats.stage}
    return (
        led <= scheme.stages.keys()
        and (scheme.initial, rule.to_stage) in scheme.transitions
        and not scheme.leads_by_itself(rule.to_stage, scheme.initial)
    )


def _kept(model: Model, present: Scheme, wanted: Scheme) -> dict[str, Pointer]:
    """Where the model's stages point under another scheme.

    The trail of an exclusive stage holds past holders; of a shared stage it would say that they stand in it.
    """
    kept = {}
    for name, pointer in model.stages.items():
        if name in wanted.stages:
            shared = not wanted.stage(name).exclusive
            was_exclusive = name in present.stages and present.stage(name).exclusive
            kept[name] = Pointer(pointer.version) if shared and was_exclusive else pointer
    return {name: pointer for name, pointer in kept.items() if pointer != Pointer()}
