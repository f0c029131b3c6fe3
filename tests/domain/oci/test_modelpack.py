"""A version as a ModelPack artifact."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.oci import modelpack
from chalicelib.domain.versions.manifest import File

PINNED = "7587a794068d142af945e37d4000c80a12f9c66a497731ac1bd988d6695be146"
FILES = (File("config.json", 2, "a" * 64), File("weights/model.safetensors", 7, "b" * 64))


def test_the_documents_are_those_that_the_specification_describes() -> None:
    config = modelpack.config("fraud", 3, FILES)
    assert json.loads(config.text) == {
        "descriptor": {"name": "fraud", "version": "3"},
        "config": {},
        "modelfs": {"type": "layers", "diffIds": [f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"]},
    }
    assert json.loads(modelpack.manifest("fraud", 3, FILES).text) == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": "application/vnd.cncf.model.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.cncf.model.config.v1+json",
            "digest": f"sha256:{config.sha256}",
            "size": len(config.text),
        },
        "layers": [
            {
                "mediaType": f"application/vnd.cncf.model.{kind}.v1.raw",
                "digest": f"sha256:{file.sha256}",
                "size": file.size,
                "annotations": {
                    "org.cncf.model.filepath": file.path,
                    "org.opencontainers.image.title": file.path,
                },
            }
            for kind, file in zip(("weight.config", "weight"), FILES, strict=True)
        ],
    }


def test_the_digest_that_somebody_has_pinned_stays() -> None:
    # Changing what is written here breaks every pin of a digest.
    assert modelpack.manifest("fraud", 3, FILES).sha256 == PINNED


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README.md", "doc"),
        ("train.py", "code"),
        ("eval.csv", "dataset"),
        ("model.onnx", "weight"),
        ("MLmodel", "weight"),
    ],
)
def test_a_layer_says_what_its_file_is_of_a_model(path: str, kind: str) -> None:
    (layer,) = json.loads(modelpack.manifest("fraud", 1, [File(path, 1, "a" * 64)]).text)["layers"]
    assert layer["mediaType"] == f"application/vnd.cncf.model.{kind}.v1.raw"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_document_is_described_by_its_bytes(name: str) -> None:
    document = modelpack.config(name, 1, FILES)
    assert (document.size, document.sha256) == (len(document.text.encode()), sha256_hex(document.text))
