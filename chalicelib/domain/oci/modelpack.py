"""A version as an OCI artifact, in the form of the CNCF's ModelPack specification, 0.0.7.

https://github.com/modelpack/model-spec/blob/main/docs/spec.md

Each file is a layer that is neither packed nor compressed, so the layer's digest is the file's SHA-256. People pin the
digests of these documents: a change to their text makes those pins lead nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.versions.manifest import File

MANIFEST_TYPE: Final = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE: Final = "application/vnd.cncf.model.config.v1+json"
_ARTIFACT_TYPE: Final = "application/vnd.cncf.model.manifest.v1+json"
_LAYER_KINDS: Final = {
    "weight.config": (".json", ".yaml", ".yml", ".toml", ".ini", ".txt", ".model", ".jinja"),
    "doc": (".md", ".rst", ".pdf", ".html"),
    "code": (".py", ".sh", ".ipynb"),
    "dataset": (".csv", ".parquet", ".arrow", ".jsonl"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document with the digest of its bytes, in hexadecimal."""

    text: str
    sha256: str

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.text.encode())


def config(model: str, number: int, files: Sequence[File]) -> Document:
    """The configuration: what model and version it is, and the digests of its layers."""
    return _document(
        {
            "descriptor": {"name": model, "version": str(number)},
            "config": {},
            "modelfs": {"type": "layers", "diffIds": [digest(file.sha256) for file in files]},
        }
    )


def manifest(model: str, number: int, files: Sequence[File]) -> Document:
    """The manifest: the configuration, and a layer for each file with its path."""
    configuration = config(model, number, files)
    return _document(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "artifactType": _ARTIFACT_TYPE,
            "config": {
                "mediaType": CONFIG_TYPE,
                "digest": digest(configuration.sha256),
                "size": configuration.size,
            },
            "layers": [_layer(file) for file in files],
        }
    )


def digest(sha256: str) -> str:
    """A SHA-256 as OCI writes it."""
    return f"sha256:{sha256}"


def _layer(file: File) -> dict[str, Any]:
    return {
        "mediaType": f"application/vnd.cncf.model.{_kind(file.path)}.v1.raw",
        "digest": digest(file.sha256),
        "size": file.size,
        # The second one names the file for oras, which knows nothing of models.
        "annotations": {"org.cncf.model.filepath": file.path, "org.opencontainers.image.title": file.path},
    }


def _kind(path: str) -> str:
    """What a file is of a model, by its ending: what says nothing else is weights."""
    name = path.lower()
    return next((kind for kind, endings in _LAYER_KINDS.items() if name.endswith(endings)), "weight")


def _document(content: dict[str, Any]) -> Document:
    text = canonical_json(content)
    return Document(text, sha256_hex(text))
