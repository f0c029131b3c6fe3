"""``moorage.json``, which says how a model was saved."""

import json
from pathlib import Path

import pytest
from moorage import IncompatibleModelError
from moorage.frameworks.descriptor import NAME, Descriptor

SAVED = Descriptor(
    "scikit-learn",
    "skops",
    "model.skops",
    "sklearn.pipeline.Pipeline",
    {"name": "scikit-learn", "version": "1.9.1"},
    ("scikit-learn==1.9.1", "skops==0.16.0"),
    {"untrusted_types": ["ours.Scorer"]},
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    SAVED.write(tmp_path)
    assert Descriptor.read(tmp_path, "fraud/3") == SAVED
    assert json.loads((tmp_path / NAME).read_text())["format_version"] == 1


def rewritten(directory: Path, **changes: object) -> Path:
    SAVED.write(directory)
    document = json.loads((directory / NAME).read_text())
    (directory / NAME).write_text(json.dumps({**document, **changes}))
    return directory


def test_a_version_that_was_not_logged_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(IncompatibleModelError, match=r"fraud/3 has no moorage\.json.*Client\.download"):
        Descriptor.read(tmp_path, "fraud/3")


@pytest.mark.parametrize("text", ["{", "[1]", "null"])
def test_what_is_no_descriptor_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(IncompatibleModelError, match=r"moorage\.json of fraud/3"):
        Descriptor.read(tmp_path, "fraud/3")


def test_a_descriptor_of_a_later_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IncompatibleModelError, match="format version 2, and this release of moorage reads 1"):
        Descriptor.read(rewritten(tmp_path, format_version=2), "fraud/3")


@pytest.mark.parametrize("entry", ["/etc/passwd", "../model.skops", "model/../../x", "..\\model"])
def test_a_file_outside_of_the_version_is_refused(tmp_path: Path, entry: str) -> None:
    with pytest.raises(IncompatibleModelError, match="a file outside of the version"):
        Descriptor.read(rewritten(tmp_path, entry=entry), "fraud/3")


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    with pytest.raises(IncompatibleModelError, match="lacks saver, entry"):
        Descriptor.read(rewritten(tmp_path, saver=None, entry=7), "fraud/3")
