"""Everything that is derived in the table, recomputed from the records and the events in it.

Nothing here uses the code that derives it at a commit. Items are read with the codecs of their records, and the places
in indexes are written as ``index_places`` writes them, which has tests of its own.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.aws import keys
from chalicelib.aws.aliases import items as alias_items
from chalicelib.aws.cards import items as card_items
from chalicelib.aws.deployments import items as deployment_items
from chalicelib.aws.ledger import event_items, heads
from chalicelib.aws.models import items as model_items
from chalicelib.aws.monitoring import items as monitor_items
from chalicelib.aws.names import (
    DUE,
    EVENT_PREFIX,
    FOLLOWED_SCHEME,
    INDEXES,
    OPEN_REQUESTS,
    POSITION,
    SEARCH_INDEXES,
    SORT_KEY,
    TERM,
)
from chalicelib.aws.promotion import request_items
from chalicelib.aws.promotion.open_requests import open_place
from chalicelib.aws.search import index_places
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, from_attributes, key_of
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.cards.card import Card
from chalicelib.domain.ledger import event_types, events
from chalicelib.domain.ledger.changes import versions_of
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.versions.version import Status, Version
from tests.registry.access.derived import check_access
from tests.registry.lineage.derived import check_lineage

SEARCHED = frozenset(attribute for index in SEARCH_INDEXES for attribute in INDEXES[index])
# Of the types of events that change the version that they name.
_OF_VERSIONS = ("version.", "scan.", "quarantine.")
_PROTECTION = (event_types.ALIAS_PROTECTED, event_types.ALIAS_UNPROTECTED)


def table(registry: Services) -> list[Item]:
    """All items of the table."""
    stored = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].tables[registry.table.name]
    return [from_attributes(one.to_json()["Attributes"]) for sorts in stored.items.values() for one in sorts.values()]


def check(registry: Services) -> None:
    """Everything that is derived follows from the records and events in the table, and none of it is missing."""
    partitions: dict[str, dict[str, Item]] = {}
    for item in table(registry):
        key = key_of(item)
        partitions.setdefault(key.partition, {})[key.sort] = item
    check_lineage(partitions)
    for partition, items in partitions.items():
        if "META" not in items:
            continue
        if partition == keys.REGISTRY:
            _check_chain(items, _events(items))
            check_access(items)
        elif partition.startswith("MODEL#"):
            _check_model(StoredModel(items))
            for sort, item in items.items():
                if sort.startswith(keys.ALIAS_PREFIX):
                    assert alias_items.is_intact(registry.table, item), f"{partition} {sort} would not be served"


@dataclass
class Moved:
    """Where a version is and since when, as its events tell it. ``entered`` counts moves: 0 for a registration."""

    stage: str
    since: str
    revised: str
    entered: int = 0


@dataclass
class Told:
    """What the events of a model tell, read from the first to the last."""

    revised: str = ""
    created: str = ""
    versions: dict[int, Moved] = field(default_factory=dict)

    def read(self, event: Mapping[str, Any]) -> None:
        number, after = event["version"], event["after"] or {}
        match event["type"]:
            case event_types.MODEL_CREATED:
                self.revised, self.created = event["time"], event["after"].get("created_at", event["time"])
            case event_types.MODEL_UPDATED if "description" in after:
                self.revised = event["time"]
            case event_types.VERSION_CREATED:
                self.versions[number] = Moved(after["stage"], event["time"], event["time"])
                self.revised = event["time"]
            case event_types.VERSION_UPDATED if "description" in after:
                self.versions[number].revised = event["time"]
            case event_types.VERSION_TRANSITIONED | event_types.VERSION_RESTORED:
                if "displaced" in after:
                    self._move(after["displaced"], after["displaced_to"], event)
                self._move(number, after["stage"], event)
            case event_types.VERSION_DELETED | event_types.VERSION_EXPIRED:
                self.revised = event["time"]

    def _move(self, number: int, stage: str, event: Mapping[str, Any]) -> None:
        moved = self.versions[number]
        if moved.stage != stage:
            moved.stage, moved.since, moved.revised = stage, event["time"], event["time"]
        # The one that enters counts after the one that it displaces.
        moved.entered = 2 * event["sequence"] + (event["version"] == number)
        self.revised = event["time"]


class StoredModel:
    """A model's partition, by sort key."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self.items = items
        self.head: Model = model_items.model_from(items["META"])
        self.name = self.head.name

    def under(self, prefix: str) -> dict[str, Item]:
        """The items whose sort keys begin with ``prefix``, by the rest of the key, in order."""
        return {sort.removeprefix(prefix): self.items[sort] for sort in sorted(self.items) if sort.startswith(prefix)}

    @cached_property
    def visible(self) -> dict[int, Version]:
        return {int(rest): version_items.version_from(item) for rest, item in self.under(keys.VERSION_PREFIX).items()}

    @cached_property
    def buried(self) -> dict[int, Version]:
        return {int(rest): version_items.version_from(item) for rest, item in self.under(keys.BURIED_PREFIX).items()}

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        return _events(self.items)

    @cached_property
    def told(self) -> Told:
        told = Told()
        for event in self.events:
            told.read(event)
        return told

    @cached_property
    def history(self) -> dict[str, list[dict[str, Any]]]:
        """The entries of each pointer's history, oldest first."""
        found: dict[str, list[dict[str, Any]]] = {}
        for rest, item in self.under("HISTORY#").items():
            pointer = rest.rsplit("#", 2)[0]
            found.setdefault(pointer, []).append(event_items.event_from(item))
        return found

    @cached_property
    def exclusive(self) -> frozenset[str]:
        """The exclusive stages of the model's scheme."""
        item = self.items.get("SCHEME")
        document = PRESETS["default"] if item is None else event_items.event_from(item)
        return frozenset(stage["name"] for stage in document["stages"] if stage.get("exclusive"))


def _check_model(stored: StoredModel) -> None:
    _check_chain(stored.items, stored.events)
    _check_head(stored)
    _check_stages(stored)
    _check_versions(stored)
    _check_aliases(stored)
    _check_history(stored)
    _check_evaluations(stored)
    _check_places(stored)
    _check_monitors(stored)
    _check_scans(stored)
    _check_schedules(stored)
    _check_belongings(stored)
    assert _places_found(stored.items) == _places_wanted(stored)


def _events(items: Mapping[str, Item]) -> list[dict[str, Any]]:
    return [event_items.event_from(items[sort]) for sort in sorted(items) if sort.startswith(EVENT_PREFIX)]


def _check_chain(items: Mapping[str, Item], found: list[dict[str, Any]]) -> None:
    head = heads.head_from(items["META"])
    assert events.verify_chain(found[0]["ledger"], found, 0, events.GENESIS) is None
    last = found[-1]
    assert (head.revision, head.hash) == (last["sequence"], last["hash"])
    assert (head.event_id, head.time) == (last["id"], last["time"])


def _check_head(stored: StoredModel) -> None:
    head, numbers = stored.head, {*stored.visible, *stored.buried}
    assert not stored.visible.keys() & stored.buried.keys()
    assert head.last_version == max(numbers, default=0) == len(numbers)
    assert head.versions == len(stored.visible)
    pending = [one for one in stored.visible.values() if one.status is Status.PENDING]
    assert (head.pending_versions, head.pending_size) == (len(pending), sum(one.total_size for one in pending))
    assert head.locked == tuple(sorted(one.number for one in stored.visible.values() if one.lock is not None))
    requests = [request_items.request_from(item) for item in stored.under(keys.REQUEST_PREFIX).values()]
    assert head.open_requests == {one.number: (one.version, one.to_stage) for one in requests if not one.state.closed}
    assert head.last_request == len(requests) == max((one.number for one in requests), default=0)
    deployments = [deployment_items.deployment_from(item) for item in stored.under(keys.DEPLOYMENT_PREFIX).values()]
    assert head.last_deployment == len(deployments) == max((one.number for one in deployments), default=0)
    assert ("PROFILE" in stored.items) == (not head.deleted)
    assert (head.created_at, head.revised_at) == (stored.told.created, stored.told.revised)
    assert head.updated_at == stored.events[-1]["time"]
    scheme = stored.items.get("SCHEME")
    if scheme is not None:
        document = event_items.event_from(scheme)
        assert head.scheme.document() == {"name": document["name"], "version": document["version"]}
        assert scheme.get(FOLLOWED_SCHEME) in (None, document["name"])


def _check_stages(stored: StoredModel) -> None:
    head, told = stored.head, stored.told.versions
    inside: dict[str, list[int]] = {}
    for number, version in stored.visible.items():
        inside.setdefault(version.stage, []).append(number)
    assert head.standing == Counter(version.stage for version in stored.visible.values())
    for stage, numbers in inside.items():
        newest = head.newest[stage]
        assert list(newest.numbers) == sorted((one for one in numbers if one > newest.rest), reverse=True)
        # Only a stage that once had more than eight versions has others than those that the head names.
        if head.last_version <= 8 or len(newest.numbers) == len(numbers):
            assert (newest.rest, len(newest.numbers)) == (0, len(numbers))
    assert head.newest.keys() == inside.keys()
    for stage in {*inside, *head.stages}:
        moved_in = [number for number in inside.get(stage, ()) if told[number].entered]
        assert head.holder(stage) == max(moved_in, key=lambda number: told[number].entered, default=None)
        if stage in stored.exclusive:
            assert len(moved_in) <= 1


def _check_versions(stored: StoredModel) -> None:
    manifests = stored.under("MANIFEST#")
    times = {event["sequence"]: event["time"] for event in stored.events}
    for number, version in {**stored.visible, **stored.buried}.items():
        told = stored.told.versions[number]
        assert (version.stage, version.stage_since, version.revised_at) == (told.stage, told.since, told.revised)
        assert version.revision == max(_changes_of(stored, number))
        assert version.updated_at == times[version.revision]
        pointing = sorted(name for name, at in stored.head.aliases.items() if at.version == number)
        assert list(version.aliases) == (pointing if number in stored.visible else [])
        files = _files(stored, number)
        if version.status is Status.READY:
            assert (version.file_count, version.total_size) == (len(files), sum(file["size"] for file in files))
    assert len(manifests) == len(stored.visible) + len(stored.buried)
    assert {int(rest.partition("#")[0]) for rest in stored.under("FILES#")} <= {*stored.visible, *stored.buried}


def _files(stored: StoredModel, number: int) -> list[Any]:
    """The files that a version's manifest lists, in one item or in parts, each of which is as outlined."""
    manifest = stored.items[keys.manifest(stored.name, number).sort]
    parts = [str(item["files"]) for item in stored.under(f"FILES#{number:09d}#").values()]
    if "files" in manifest:
        assert not parts
        return json.loads(str(manifest["files"]))
    assert [sha256 for _, sha256 in json.loads(str(manifest["parts"]))] == [sha256_hex(text) for text in parts]
    return [file for text in parts for file in json.loads(text)]


def _changes_of(stored: StoredModel, number: int) -> Iterator[int]:
    """The sequences of the events that changed a version: its own, those that displaced it, and moves of aliases.

    Signatures are records of their own.
    """
    for event in stored.events:
        displaced = (event["after"] or {}).get("displaced") == number
        if displaced or (event["version"] == number and _is_own(event["type"])):
            yield event["sequence"]
    for pointer, entries in stored.history.items():
        if pointer.startswith("alias:"):
            yield from (
                entry["sequence"] for entry in entries if number in (entry["version"], entry["previous_version"])
            )


def _is_own(event_type: str) -> bool:
    return event_type.startswith(_OF_VERSIONS) and event_type != event_types.VERSION_SIGNED


def _check_aliases(stored: StoredModel) -> None:
    items, head = stored.under(keys.ALIAS_PREFIX), stored.head
    assert items.keys() == {name for name, at in head.aliases.items() if at.version is not None}
    for name, item in items.items():
        number = int(item["number"])
        assert (item["alias"], number) == (name, head.aliases[name].version)
        version, manifest = stored.visible[number], stored.items[keys.manifest(stored.name, number).sort]
        assert (item["uid"], item["digest"]) == (version.uid, version.digest)
        assert [item.get(name) for name in ("files", "parts")] == [manifest.get(name) for name in ("files", "parts")]
        assert item["protected"] == int(name in head.protected_aliases)
        clearance = None if version.scan is None else version.scan.clearance.document()
        assert json.loads(str(item["clearance"])) == clearance
        last = stored.history[f"alias:{name}"][-1]
        assert (item["alias_since"], item["alias_by"]) == (last["time"], last["actor"])
        protected = [
            event["sequence"] for event in stored.events if event["type"] in _PROTECTION and event["alias"] == name
        ]
        assert item["alias_revision"] == max([last["sequence"], *protected])


def _check_history(stored: StoredModel) -> None:
    head, told = stored.head, {event["sequence"]: event for event in stored.events}
    present = {f"alias:{name}": at.version for name, at in head.aliases.items()}
    present |= {f"stage:{name}": at.version for name, at in head.stages.items()}
    present |= {f"target:{name}": at.serving for name, at in head.deployed.items()}
    assert {pointer for pointer, version in present.items() if version is not None} <= stored.history.keys()
    for pointer, entries in stored.history.items():
        # A scheme that makes a shared stage exclusive, or drops it, moves no version.
        assert entries[-1]["version"] == present.get(pointer), pointer
        assert [entry["previous_version"] for entry in entries] == [None, *(one["version"] for one in entries[:-1])]
        for entry in entries:
            event = told[entry["sequence"]]
            assert entry["event_id"] == event["id"]
            assert all(entry[name] == event[name] for name in ("time", "actor", "trigger", "reason", "details"))


def _check_evaluations(stored: StoredModel) -> None:
    """Every evaluation that an event tells of is kept, and those that were withdrawn say so."""
    wanted: dict[str, tuple[Any, Any]] = {}
    present: dict[tuple[int, str], str] = {}
    for event in stored.events:
        if not event["type"].startswith("evaluation."):
            continue
        name = (event["after"] or event["before"])["evaluation"]
        if event["type"] == event_types.EVALUATION_RECORDED:
            key = f"{name}#{event['version']:09d}#{event['sequence']:012d}"
            present[event["version"], name] = key
            wanted[key] = (event["after"]["metrics"], None)
        else:
            key = present.pop((event["version"], name))
            wanted[key] = (event["before"]["metrics"], event["time"])
    kept = {rest: event_items.event_from(item) for rest, item in stored.under("EVALUATED#").items()}
    assert {rest: (one["metrics"], one["withdrawn_at"]) for rest, one in kept.items()} == wanted


def _check_places(stored: StoredModel) -> None:
    """At most one deployment of a place may be carried out; the newest is the last; the head knows what each needs."""
    deployments = [deployment_items.deployment_from(item) for item in stored.under(keys.DEPLOYMENT_PREFIX).values()]
    places = [deployment_items.place_from(item) for item in stored.under(keys.PLACE_PREFIX).values()]
    assert stored.head.deployed.keys() == {place.target for place in places}
    for place in places:
        of_place = [one for one in deployments if one.target == place.target]
        unfinished = [one.number for one in of_place if not one.status.ended]
        assert unfinished == [number for number in (place.active, place.waiting) if number]
        assert place.last == max(one.number for one in of_place)
        needed = {place.wanted, place.good, place.served, *(one.version for one in of_place if not one.status.ended)}
        known = stored.head.deployed[place.target]
        assert (known.serving, set(known.needed)) == (place.served, needed - {0, None})


def _check_monitors(stored: StoredModel) -> None:
    """The head shows how each monitor stands, and the keeper looks at those that are not silent."""
    found = [monitor_items.monitor_from(item) for item in stored.under(keys.MONITOR_PREFIX).values()]
    assert stored.head.monitors == {monitor.name: monitor.standing.health for monitor in found}
    heard = {monitor.name for monitor in found if monitor.standing.verdict is not Verdict.SILENT}
    watched = {sort.removeprefix(keys.WATCH_PREFIX) for sort in stored.under(keys.WATCH_PREFIX)}
    assert watched == (set() if stored.head.deleted else heard)


def _check_scans(stored: StoredModel) -> None:
    """The keeper looks after exactly those scans that are pending, or whose last request came to no verdict."""
    pending = {
        f"{number:09d}"
        for number, version in stored.visible.items()
        if version.scan is not None and (version.scan.state is ScanState.PENDING or version.scan.unanswered)
    }
    assert {sort.removeprefix(keys.SCAN_WATCH_PREFIX) for sort in stored.under(keys.SCAN_WATCH_PREFIX)} == pending


def _check_schedules(stored: StoredModel) -> None:
    """What is due, and when: unfinished uploads, bytes of buried versions, requests, and the retention rule."""
    wanted: dict[str, str] = {}
    for number, version in stored.visible.items():
        if version.status is Status.PENDING:
            wanted[keys.version(stored.name, number).sort] = version.upload_expires_at
    for number, version in stored.buried.items():
        if version.status is not Status.PURGED and version.legal_hold is None:
            assert version.burial is not None
            wanted[keys.buried(stored.name, number).sort] = version.burial.purge_at
    for item in stored.under(keys.REQUEST_PREFIX).values():
        request = request_items.request_from(item)
        if request.due_at is not None and not request.state.closed:
            wanted[str(item[SORT_KEY])] = request.due_at
    for item in stored.under(keys.PLACE_PREFIX).values():
        place = deployment_items.place_from(item)
        assert (place.due_at is None) == (place.active == 0)
        if place.due_at is not None:
            wanted[str(item[SORT_KEY])] = place.due_at
    shard, at = INDEXES[DUE]
    found = {
        sort: str(item[at])
        for sort, item in stored.items.items()
        # When a monitor or a scan is looked at is checked by what their tests see.
        if shard in item and not sort.startswith((keys.WATCH_PREFIX, keys.SCAN_WATCH_PREFIX))
    }
    assert {item[shard] for item in stored.items.values() if shard in item} <= {keys.shard(stored.name)}
    schedule = found.pop("RETENTION", None)
    assert (schedule is None) == (stored.head.retention is None)
    if schedule is not None:
        rules = [event["time"] for event in stored.events if event["type"] == event_types.MODEL_RETENTION_SET]
        assert schedule >= rules[-1]
        assert stored.items["RETENTION"]["name"] == stored.name
    assert found == wanted


def _check_belongings(stored: StoredModel) -> None:
    """Labels name one version for good, unless it never became READY; every revision of the card is kept."""
    labelled = {
        version.description.label: number
        for number, version in {**stored.visible, **stored.buried}.items()
        if version.description.label is not None and (version.visible or version.ready_at is not None)
    }
    assert {text: item["number"] for text, item in stored.under("LABEL#").items()} == labelled
    revisions = [card_items.card_from(item) for item in stored.under(keys.CARD_PREFIX).values()]
    written = 0
    for event in stored.events:
        # A new model of a deleted one's name begins with the card emptied, if there was anything on it.
        emptied = event["type"] == event_types.MODEL_CREATED and written and not _is_empty(revisions[written - 1])
        written += event["type"] == event_types.CARD_UPDATED or bool(emptied)
    assert [one.revision for one in revisions] == list(range(1, written + 1))
    if written:
        assert card_items.card_from(stored.items["CARD"]) == revisions[-1]
    for event, item in zip(stored.events, stored.under(EVENT_PREFIX).values(), strict=True):
        about = [int(number) for number in str(item.get("about", "")).split("#") if number]
        assert sorted(about) == sorted(versions_of(event))


def _places_found(items: Mapping[str, Item]) -> dict[str, Item]:
    """The attributes by which each item lies in an index: it has both of the index's, or is not in it."""
    places: dict[str, Item] = {}
    for sort, item in items.items():
        for index in (OPEN_REQUESTS, *SEARCH_INDEXES):
            if all(attribute in item for attribute in INDEXES[index]):
                places.setdefault(sort, {}).update({attribute: item[attribute] for attribute in INDEXES[index]})
    return places


def _places_wanted(stored: StoredModel) -> dict[str, Item]:
    wanted = {"META": index_places.model_change_place(stored.head)}
    if "PROFILE" in stored.items:
        tags = model_items.profile_from(stored.items["PROFILE"]).tags
        wanted |= _entries(index_places.model_index_items(stored.name, tags))
    for sort, item in stored.under(keys.REQUEST_PREFIX).items():
        wanted[keys.REQUEST_PREFIX + sort] = open_place(request_items.request_from(item))
    for target in stored.under(keys.PLACE_PREFIX):
        wanted[keys.PLACE_PREFIX + target] = {TERM: f"D#{target}", POSITION: stored.name}
    for number, version in stored.visible.items():
        wanted[keys.version(stored.name, number).sort] = index_places.version_places(version)
        wanted |= _entries(index_places.index_items(version))
    return {sort: place for sort, place in wanted.items() if place}


def _entries(entries: Mapping[keys.Key, Item]) -> dict[str, Item]:
    return {key.sort: {name: entry[name] for name in entry if name in SEARCHED} for key, entry in entries.items()}


def _is_empty(card: Card) -> bool:
    return not (card.sections or card.fields)
