"""Baselines from evidence files: read once by their pinned version, verified, and refused with what to do."""

import json

import pytest

from chalicelib.aws.evidence.evidence_file_items import evidence_file_key
from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    BodyTooLargeError,
    EvidenceFileNotFoundError,
    InvalidInputError,
    InvalidNameError,
    VersionNotFoundError,
)
from chalicelib.domain.evidence.evidence_file import NewFile
from chalicelib.domain.monitoring.evidence_baseline import BaselineFile
from chalicelib.domain.monitoring.monitor import Monitor
from chalicelib.registry.evidence import evidence_files
from chalicelib.registry.monitoring import monitors
from chalicelib.registry.versions import versions
from tests.domain.monitoring.build import SHIFTED, definition, numeric
from tests.registry.build import MODEL, model, put_object, ready, request, sha256
from tests.registry.monitoring.watched import NAME, watched

HOLDOUT = (numeric(SHIFTED, n=5_000),)
CONTENT = json.dumps([one.document() for one in HOLDOUT]).encode()


def attach(registry: Services, content: bytes = CONTENT, name: str = "baseline.json", **more: str) -> str:
    """Attach a file to version 1; answers its key."""
    uid = evidence_files.start_upload(registry, MODEL, "1", name, NewFile(len(content), sha256(content), **more)).id
    key = evidence_file_key(versions.get_version(registry, MODEL, "1").uid, uid, name)
    put_object(registry, key, content)
    evidence_files.finish_upload(registry, request(), MODEL, "1", name, uid)
    return key


def save(registry: Services, version: str = "1", name: str = "baseline.json") -> Monitor:
    given = definition(baseline=())
    return monitors.save_monitor(registry, request(), MODEL, NAME, given, BaselineFile(version, name)).result


def test_a_baseline_is_read_from_the_evidence_of_a_version(registry: Services) -> None:
    watched(registry)
    attach(registry, evaluation="holdout")
    made = save(registry)
    assert made.definition.baseline == HOLDOUT
    told = f"baseline.json of the evaluation holdout of version 1, SHA-256 {sha256(CONTENT)}"
    assert made.definition.baseline_from == told
    assert monitors.get_monitor(registry, MODEL, NAME).definition == made.definition
    attach(registry, name="own.json")
    assert save(registry, name="own.json").definition.baseline_from.startswith("own.json of version 1, SHA-256")


def test_a_monitor_keeps_its_baseline_when_the_file_is_withdrawn(registry: Services) -> None:
    watched(registry)
    attach(registry)
    made = save(registry)
    evidence_files.withdraw_file(registry, request(), MODEL, "1", "baseline.json")
    with pytest.raises(EvidenceFileNotFoundError):
        save(registry)
    assert monitors.get_monitor(registry, MODEL, NAME) == made


def test_the_object_version_that_was_proved_is_read_and_no_later_one(registry: Services) -> None:
    watched(registry)
    put_object(registry, attach(registry), b"[]")
    assert save(registry).definition.baseline == HOLDOUT


def test_a_file_whose_bytes_are_gone_is_not_found(registry: Services) -> None:
    watched(registry)
    registry.bucket.delete_prefix(attach(registry))
    with pytest.raises(EvidenceFileNotFoundError, match="Attach it again"):
        save(registry)


def test_other_bytes_than_those_that_were_proved_are_refused(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(registry)
    attach(registry)
    monkeypatch.setattr(registry.bucket, "content", lambda *_: CONTENT.replace(b"amount", b"salary"))
    with pytest.raises(InvalidInputError, match="by its SHA-256; attach it again"):
        save(registry)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(registry)
    attach(registry, b" " * (64 * 1024) + CONTENT)

    def never(*_: str) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(registry.bucket, "content", never)
    with pytest.raises(BodyTooLargeError, match="fewer features or bins"):
        save(registry)


def test_a_file_that_is_no_baseline_is_refused_and_changes_nothing(registry: Services) -> None:
    made = watched(registry)
    attach(registry, b"a plot", "roc.png")
    with pytest.raises(InvalidInputError, match="it is not JSON"):
        save(registry, name="roc.png")
    twice = json.dumps([one.document() for one in HOLDOUT * 2]).encode()
    attach(registry, twice, "twice.json")
    with pytest.raises(InvalidInputError, match="a second time"):
        save(registry, name="twice.json")
    assert monitors.get_monitor(registry, MODEL, NAME) == made


def test_a_file_of_a_version_that_is_not_there_or_of_another_model_is_refused(registry: Services) -> None:
    watched(registry)
    model(registry, "other")
    ready(registry, "other")
    attach(registry)
    with pytest.raises(VersionNotFoundError):
        save(registry, "7")
    with pytest.raises(InvalidNameError):
        save(registry, "other/1")
