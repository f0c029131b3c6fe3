"""The largest list of files that a version may have fits into the transactions that write it."""

from chalicelib.aws.services import Services
from chalicelib.domain.documents import MAX_TAGS
from chalicelib.domain.search.entries import MAX_METRICS
from chalicelib.domain.versions.manifest import MAX_FILES, MAX_MANIFEST_BYTES
from chalicelib.registry.versions import uploads
from chalicelib.registry.versions.downloads import download_manifest
from tests.registry import derived
from tests.registry.build import MODEL, model, reference, registered, request

# What a version may have besides, each an index entry of its own.
MOST = {
    "label": "1.0.0",
    "tags": {f"tag-{number}": "x" for number in range(MAX_TAGS)},
    "metrics": {f"metric-{number}": 0.5 for number in range(MAX_METRICS)},
}


def test_a_thousand_files_are_registered_and_made_ready(registry: Services) -> None:
    model(registry)
    files = [reference(f"checkpoints/step-{number:06d}.safetensors", "s3://elsewhere/x") for number in range(MAX_FILES)]
    registered(registry, *files, **MOST)
    ready = uploads.finalise_version(registry, request(), MODEL, "1").result
    assert ready.file_count == MAX_FILES
    derived.check(registry)


def test_files_with_the_longest_entries_are_registered_and_made_ready(registry: Services) -> None:
    model(registry)
    uri = "s3://elsewhere/" + "y" * 1_900
    path = "/".join(["p" * 190] * 5)
    count = MAX_MANIFEST_BYTES // 3_300
    registered(registry, *(reference(f"{path}/{number}", uri) for number in range(count)), **MOST)
    uploads.finalise_version(
        registry,
        request(),
        MODEL,
        "1",
    )
    assert download_manifest(registry, MODEL, "1", 10, None).items
    derived.check(registry)
