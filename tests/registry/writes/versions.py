"""Writes of versions and their files."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.versions.version import Description
from chalicelib.registry.versions import burials, intake, uploads, versions
from chalicelib.registry.versions import tags as version_tags
from tests.registry.arranged import (
    a_deleted,
    a_model,
    a_pending,
    a_version_that_waits_for_copies,
    a_version_whose_source_is_gone,
    copy,
    two_ready,
)
from tests.registry.build import file, request
from tests.registry.writes.write import Write

WRITES: Final = {
    "register a version": Write(
        event_types.VERSION_CREATED,
        a_model,
        lambda s, r, m, _: versions.register_version(s, r, m, Description(label="1.0.0"), [file()]),
    ),
    "finalise a version": Write(
        event_types.VERSION_READY,
        a_pending,
        uploads.finalise_version,
    ),
    "annotate a version": Write(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: versions.annotate_version(s, r, m, "2", "better", {"a": "b"}),
    ),
    "delete a version": Write(
        event_types.VERSION_DELETED,
        a_pending,
        lambda s, r, m, _: versions.delete_version(s, r, m, "1"),
    ),
    "restore a version": Write(
        event_types.VERSION_RESTORED, a_deleted, lambda s, r, m, _: burials.restore_version(s, r, m, "1", None)
    ),
    "set a version's tag": Write(
        event_types.VERSION_UPDATED,
        two_ready,
        lambda s, r, m, _: version_tags.set_version_tag(s, r, m, 2, "team", "risk"),
    ),
    "delete a version's tag": Write(
        event_types.VERSION_UPDATED,
        lambda s, m: (two_ready(s, m), version_tags.set_version_tag(s, request(), m, 2, "team", "risk")),
        lambda s, r, m, _: version_tags.delete_version_tag(s, r, m, 2, "team"),
    ),
    "copy a version": Write(
        event_types.VERSION_READY,
        two_ready,
        lambda s, r, m, _: copy(s, r, m, f"models:/{m}/1"),
    ),
    "register a version whose files are elsewhere": Write(
        event_types.VERSION_READY,
        a_model,
        lambda s, r, m, _: copy(s, r, m, "s3://elsewhere/model"),
    ),
    "take in the copies of a version": Write(
        event_types.VERSION_READY,
        a_version_that_waits_for_copies,
        lambda s, r, m, event: intake.take_in_event(s, event),
        keyed=False,
    ),
    "give up copying": Write(
        event_types.VERSION_EXPIRED,
        a_version_whose_source_is_gone,
        lambda s, r, m, event: intake.take_in_event(s, event),
        keyed=False,
    ),
}
