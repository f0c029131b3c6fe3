"""Changes of a decision as the writes of one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.cards import comment_items
from chalicelib.aws.cards import items as card_items
from chalicelib.aws.evidence import check_items, evaluation_items
from chalicelib.aws.item import item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger import event_items
from chalicelib.aws.models import items as model_items
from chalicelib.aws.names import PARTITION_KEY
from chalicelib.aws.promotion import request_items
from chalicelib.aws.schemes import items as scheme_items
from chalicelib.aws.search import index_places
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import epoch_seconds, later
from chalicelib.domain.ledger.decision import (
    BuryVersion,
    Change,
    ClaimLabel,
    Decision,
    DropAlias,
    DropRecord,
    DropRetention,
    IndexModel,
    IndexVersion,
    MarkProtection,
    RecordMove,
    RegistryState,
    ReleaseLabel,
    RepointVersion,
    SaveAlias,
    SaveBuried,
    SaveCard,
    SaveChecks,
    SaveComment,
    SaveEvaluations,
    SaveIntake,
    SaveManifest,
    SaveProfile,
    SaveRecord,
    SaveRequest,
    SaveScheme,
    SaveVersion,
    ScheduleRetention,
    UnburyVersion,
)
from chalicelib.domain.ledger.events import Head
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version

# After a version's intake must have ended, when what it was to copy is not kept any longer.
_FORGOTTEN: Final = timedelta(days=7)
ABSENT = f"attribute_not_exists({PARTITION_KEY})"


def commit_writes(table: Table, decision: Decision[Any], ledger: str, event: Mapping[str, Any]) -> list[Write]:
    """The ledger's head first, conditional on the revision that was decided on; then the event; then the changes."""
    state = decision.ledger
    head = Head(event["sequence"], event["hash"], event["id"], event["time"])
    head_item = model_items.head_item(ledger, head, model_items.ledger_body(state))
    if isinstance(state, Model):
        head_item |= index_places.model_change_place(state)
    if state.head.revision == 0:
        writes = [table.put_write(head_item, ABSENT)]
    else:
        writes = [table.put_write(head_item, "revision = :revision", {":revision": state.head.revision})]
    writes.append(table.put_write(event_items.event_item(ledger, event), ABSENT))
    for change in decision.changes:
        if isinstance(state, RegistryState):
            writes += _registry_writes(table, change)
        else:
            writes += _model_writes(table, state, decision.changes, change, event)
    return writes


def _registry_writes(table: Table, change: Change) -> Iterable[Write]:
    match change:
        case SaveRecord(kind, record_id, document):
            yield table.put_write(item(keys.record(kind, record_id), {"body": canonical_json(document)}))
        case DropRecord(kind, record_id):
            yield table.delete_write(keys.record(kind, record_id))
        case _:
            raise TypeError(f"{type(change).__name__} does not change the registry's ledger")


def _model_writes(  # noqa: C901 - one case for each kind of change, none of them long
    table: Table, model: Model, changes: tuple[Change, ...], change: Change, event: Mapping[str, Any]
) -> Iterable[Write]:
    name = model.name
    match change:
        case SaveProfile(None):
            yield table.delete_write(keys.profile(name))
        case SaveProfile(profile) if profile is not None:
            yield table.put_write(model_items.profile_item(model, profile))
        case SaveVersion(version):
            standing = replace(version, aliases=model.aliases_of(version.number))
            yield table.put_write(model_items.version_item(standing))
            yield from _copies(table, model, changes, version.number, model_items.version_attributes(standing))
        case RepointVersion(number, stage):
            moved: Item = {
                "aliases": canonical_json(model.aliases_of(number)),
                "revision": event["sequence"],
                "updated_at": event["time"],
            }
            places: Item = {}
            if stage is not None:
                moved |= {"stage": stage, "stage_since": event["time"], "revised_at": event["time"]}
                places = index_places.stage_place(stage) | index_places.change_place(name, number, event["time"])
            yield table.set_write(keys.version(name, number), moved | places)
            yield from _copies(table, model, changes, number, moved)
        case IndexVersion(before, after):
            yield from _entries(table, index_places.index_items(before), index_places.index_items(after))
        case IndexModel(tags_before, tags_after):
            old, new = (index_places.model_index_items(name, tags) for tags in (tags_before, tags_after))
            yield from _entries(table, old, new)
        case SaveManifest(number, files):
            yield table.put_write(item(keys.manifest(name, number), {"files": model_items.manifest_body(files)}))
        case SaveIntake(number, sources, until):
            yield table.put_write(
                model_items.intake_item(name, number, sources, epoch_seconds(later(until, _FORGOTTEN)))
            )
        case BuryVersion(version):
            yield table.delete_write(keys.version(name, version.number))
            yield table.put_write(model_items.buried_item(version))
        case SaveBuried(version):
            yield table.put_write(model_items.buried_item(version))
        case UnburyVersion(version):
            yield table.delete_write(keys.buried(name, version.number))
            yield table.put_write(model_items.version_item(version))
        case ScheduleRetention(at):
            yield table.put_write(model_items.retention_item(name, at))
        case DropRetention():
            yield table.delete_write(keys.retention(name))
        case SaveAlias(alias, version, files):
            yield table.put_write(
                item(
                    keys.alias(name, alias),
                    _alias_attributes(model, alias, version, event) | {"files": model_items.manifest_body(files)},
                )
            )
        case DropAlias(alias):
            yield table.delete_write(keys.alias(name, alias))
        case ClaimLabel(label, number):
            yield table.put_write(item(keys.label(name, label), {"number": number}), ABSENT)
        case ReleaseLabel(label):
            yield table.delete_write(keys.label(name, label))
        case SaveChecks(number, checks):
            yield table.put_write(check_items.checks_item(name, number, checks))
        case SaveEvaluations(number, evaluations):
            yield table.put_write(evaluation_items.evaluations_item(name, number, evaluations))
        case MarkProtection(alias, protected):
            shown: Item = {"protected": int(protected), "alias_revision": event["sequence"]}
            yield table.set_write(keys.alias(name, alias), shown)
        case RecordMove(pointer, version_number, previous):
            yield table.put_write(
                item(
                    keys.history(name, pointer, event["time"], event["sequence"]),
                    {"body": canonical_json(_history_entry(event, version_number, previous))},
                )
            )
        case SaveCard(card):
            yield table.put_write(card_items.card_item(keys.card(name), card))
            yield table.put_write(card_items.card_item(keys.card_revision(name, card.revision), card), ABSENT)
        case SaveComment(comment):
            yield table.put_write(comment_items.comment_item(name, comment))
        case SaveRequest(request):
            yield table.put_write(request_items.request_item(request))
        case SaveScheme(document, follows):
            yield table.put_write(scheme_items.scheme_item(name, document, follows))
        case _:
            raise TypeError(f"{type(change).__name__} does not change a model's ledger")


def _entries(table: Table, before: Mapping[Key, Item], after: Mapping[Key, Item]) -> Iterable[Write]:
    """Index entries that differ. One that is to go may be gone: what an index says is checked against the truth."""
    for key in before.keys() - after.keys():
        yield table.drop_write(key)
    for key, entry in after.items():
        if before.get(key) != entry:
            yield table.put_write(entry)


def _copies(table: Table, model: Model, changes: tuple[Change, ...], number: int, attributes: Item) -> Iterable[Write]:
    """Updates of the version's copies in its aliases, but for aliases that the same decision writes itself."""
    written = {change.alias for change in changes if isinstance(change, SaveAlias)}
    for alias in model.aliases_of(number):
        if alias not in written:
            yield table.set_write(keys.alias(model.name, alias), attributes)


def _alias_attributes(model: Model, alias: str, version: Version, event: Mapping[str, Any]) -> Item:
    standing = replace(version, aliases=model.aliases_of(version.number))
    return {
        **model_items.version_attributes(standing),
        "alias": alias,
        "number": version.number,
        "alias_since": event["time"],
        "alias_by": event["actor"],
        "alias_revision": event["sequence"],
        "protected": int(alias in model.protected_aliases),
    }


def _history_entry(event: Mapping[str, Any], version: int | None, previous: int | None) -> dict[str, Any]:
    return {
        "sequence": event["sequence"],
        "event_id": event["id"],
        "time": event["time"],
        "actor": event["actor"],
        "version": version,
        "previous_version": previous,
        "trigger": event["trigger"],
        "reason": event["reason"],
        "details": event["details"],
    }
