"""The index attributes of versions and models, and the small items that are index entries.

A *place* is the attributes that put an item into an index: a partition and a sort key.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import (
    CHANGE_SHARD,
    CHANGED,
    CHANGED_MODEL,
    LISTED_STAGE,
    LISTED_VERSION,
    PARTITION_KEY,
    POSITION,
    RUN_ID,
    SORT_KEY,
    TERM,
    VERSION_LISTING,
)
from chalicelib.aws.search.series import series_place
from chalicelib.aws.table import Item
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.models.model import Model
from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.entries import quarantine, run_id, searchable_metrics, searchable_tags
from chalicelib.domain.versions.version import Version


def version_places(version: Version) -> Item:
    """The places of a version that is neither deleted nor expired."""
    name, number = sort_keys.name_part(version.model), sort_keys.version_part(version.number)
    shard = keys.shard(version.model)
    found: Item = {
        CHANGE_SHARD: keys.versions_changed(shard),
        CHANGED_MODEL: version.model,
        VERSION_LISTING: keys.versions_listed(keys.listing_shard(version.model)),
        LISTED_VERSION: sort_keys.joined(name, number),
        TERM: keys.term_of_creation(shard),
        POSITION: sort_keys.joined(version.created_at, name, number),
        **change_place(version.model, version.number, version.revised_at),
        **stage_place(version.model, version.stage),
    }
    run = run_id(version)
    return found if run is None else found | {RUN_ID: keys.listed_run(run)}


def stage_place(model: str, stage: str) -> Item:
    """The place of a model's version among those of its stage."""
    return {LISTED_STAGE: keys.versions_in_stage(stage, keys.listing_shard(model))}


def change_place(model: str, number: int, revised_at: str) -> Item:
    """The place of a version among all versions by their last change."""
    return {CHANGED: sort_keys.joined(revised_at, sort_keys.name_part(model), sort_keys.version_part(number))}


def model_change_place(model: Model) -> Item:
    """The place of a model among all models by their last change; empty if it is deleted."""
    if model.deleted:
        return {}
    return {
        CHANGE_SHARD: keys.models_changed(keys.shard(model.name)),
        CHANGED: sort_keys.joined(model.revised_at, sort_keys.name_part(model.name)),
    }


def index_items(version: Version | None) -> dict[Key, Item]:
    """The index entries of a version: for each tag, each searchable metric, and if a scan keeps it in quarantine."""
    if version is None:
        return {}
    identity = (sort_keys.name_part(version.model), sort_keys.version_part(version.number))
    found = [
        _entry(
            keys.tag_entry(version.model, version.number, tag),
            {TERM: keys.term_of_tag(tag), POSITION: sort_keys.joined(sort_keys.text_part(value), *identity)},
        )
        for tag, value in searchable_tags(version).items()
    ]
    body = metric_body(version)
    found += [
        _entry(
            keys.metric_entry(version.model, version.number, metric, value),
            {
                TERM: keys.term_of_metric(metric),
                POSITION: sort_keys.joined(sort_keys.number_part(value), *identity),
                "body": canonical_json({**body, "value": value}),
                **series_place(version.model, version.number, metric, value),
            },
        )
        for metric, value in searchable_metrics(version).items()
    ]
    kept = quarantine(version)
    if kept is not None:
        position = sort_keys.joined(sort_keys.text_part(kept), *identity)
        entry = keys.quarantine_entry(version.model, version.number)
        found.append(_entry(entry, {TERM: keys.TERM_OF_QUARANTINE, POSITION: position}))
    return {Key(str(one[PARTITION_KEY]), str(one[SORT_KEY])): one for one in found}


def metric_body(version: Version) -> dict[str, Any]:
    """What the list of the best versions shows of a version. None of it ever changes."""
    return {
        "label": version.description.label,
        "created_at": version.created_at,
        "created_by": version.created_by,
        "run_id": run_id(version),
    }


def model_index_items(model: str, tags: Mapping[str, str]) -> dict[Key, Item]:
    """The index entries of a model's tags."""
    return {
        (key := keys.model_tag_entry(model, tag)): _entry(
            key,
            {
                TERM: keys.term_of_model_tag(tag),
                POSITION: sort_keys.joined(sort_keys.text_part(value), sort_keys.name_part(model)),
            },
        )
        for tag, value in tags.items()
    }


def _entry(key: Key, attributes: Item) -> Item:
    return {PARTITION_KEY: key.partition, SORT_KEY: key.sort, **attributes}
