"""The Content-Type of a file."""

import pytest

from chalicelib.domain.versions.media_types import media_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("model.joblib", "application/octet-stream"),
        ("model.safetensors", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
        ("zip/model", "application/octet-stream"),
        ("model.tar.gz", "application/gzip"),
        ("a/b/MODEL.TGZ", "application/gzip"),
        ("model.tar", "application/x-tar"),
        ("model.zip", "application/zip"),
        ("README.md", "text/markdown"),
    ],
)
def test_a_media_type_follows_from_the_ending_of_the_name(path: str, expected: str) -> None:
    assert media_type(path) == expected


@pytest.mark.parametrize("path", ["model.json", "model.txt", "model.ubj", "model.json.gz"])
def test_formats_of_models_are_bytes_of_any_kind_as_kserve_wants_them(path: str) -> None:
    assert media_type(path) == "application/octet-stream"
