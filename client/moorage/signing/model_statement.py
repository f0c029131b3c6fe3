"""The statement that OpenSSF Model Signing signs: the digest of every file of a model, and one digest over them.

https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from moorage.signing.bundle import json_of
from moorage.signing.errors import SignatureError

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://model_signing/signature/v1.0"
EARLY_PREDICATE_TYPE: Final = "https://model_signing/Digests/v0.1"
# The field of the predicate in which a registry says which version the files are. Other verifiers ignore it.
VERSION_FIELD: Final = "moorage"
# What model_signing calls the hashes that the standard library has.
HASHES: Final = {"sha256": "sha256", "blake2b": "blake2b"}
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{2}){32,64}")
_SHARD: Final = re.compile(r"(.+):(\d{1,20}):(\d{1,20})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file, or its bytes from ``start`` to before ``end``, and their digest in hexadecimal."""

    path: str
    digest: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class ModelStatement:
    """What a statement says. ``ignored`` are paths that it says nothing of; ``version`` is what a registry said."""

    name: str
    algorithm: str
    resources: tuple[Resource, ...]
    ignored: tuple[str, ...] = ()
    allows_links: bool = False
    version: Mapping[str, Any] | None = None


def payload_about(name: str, digests: Mapping[str, str], ignored: Iterable[str] = ()) -> bytes:
    """The statement about files, given their SHA-256 by path, as the bytes to sign."""
    ordered = sorted(digests.items(), key=lambda file: file[0].split("/"))
    serialization: dict[str, Any] = {"method": "files", "hash_type": "sha256", "allow_symlinks": False}
    if left_out := sorted(ignored):
        serialization["ignore_paths"] = left_out
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": root_digest(digest for _, digest in ordered)}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "serialization": serialization,
            "resources": [{"name": path, "algorithm": "sha256", "digest": digest} for path, digest in ordered],
        },
    }
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_digest(digests: Iterable[str]) -> str:
    """SHA-256 over the binary digests in their order, in hexadecimal."""
    return hashlib.sha256(b"".join(bytes.fromhex(digest) for digest in digests)).hexdigest()


def statement_from(payload: bytes) -> ModelStatement:
    """What a payload states. Raises SignatureError if it is not a consistent statement of Model Signing 1.0."""
    given = json_of(payload)
    if not isinstance(given, Mapping) or given.get("_type") != STATEMENT_TYPE:
        raise SignatureError(f"what was signed is not a statement of the type {STATEMENT_TYPE}")
    kind = given.get("predicateType")
    if kind == EARLY_PREDICATE_TYPE:
        raise SignatureError("the signature was made before model_signing 1.0; sign again with 1.0 or newer")
    if kind != PREDICATE_TYPE:
        raise SignatureError(f"what was signed is not about the files of a model, but of the type {kind}")
    return _statement(given)


def _statement(given: Mapping[str, Any]) -> ModelStatement:
    subjects, predicate = given.get("subject"), given.get("predicate")
    try:
        (subject,) = subjects  # type: ignore[misc]  # what is no list of one fails here
        name, root = str(subject["name"]), subject["digest"]["sha256"]
        serialization, listed = predicate["serialization"], predicate["resources"]  # type: ignore[index]  # likewise
        in_shards = {"files": False, "shards": True}[serialization["method"]]
        resources = tuple(_resource(one, in_shards) for one in listed)
        # The hash of a shard is called by the hash and the size of shards: sha256-sharded-1000000000.
        (algorithm,) = {str(one["algorithm"]).partition("-sharded-")[0] for one in listed}
        ignored = tuple(str(path) for path in serialization.get("ignore_paths", ()))
        allows_links = serialization.get("allow_symlinks") in (True, "true")
        version = predicate.get(VERSION_FIELD)  # type: ignore[union-attr]  # likewise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SignatureError("what was signed lacks a part of a statement about a model's files") from error
    if root_digest(one.digest for one in resources) != root:
        raise SignatureError("what was signed contradicts itself: the digest over all files is another")
    if len({(one.path, one.start) for one in resources}) != len(resources):
        raise SignatureError("what was signed names a file twice")
    said = version if isinstance(version, Mapping) else None
    return ModelStatement(name, algorithm, resources, ignored, allows_links, said)


def _resource(given: Mapping[str, Any], in_shards: bool) -> Resource:
    name, digest = str(given["name"]), str(given["digest"])
    if not _DIGEST.fullmatch(digest):
        raise SignatureError(f"what was signed has no digest of {name!r}")
    shard = _SHARD.fullmatch(name) if in_shards else None
    if in_shards and shard is None:
        raise SignatureError(f"what was signed has the shard {name!r}, which names no part of a file")
    path, start, end = (name, 0, None) if shard is None else (shard[1], int(shard[2]), int(shard[3]))
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise SignatureError(f"what was signed is about {path!r}, which leads out of the folder")
    return Resource(path, digest, start, end)
