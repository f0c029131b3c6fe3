"""The statement that OpenSSF Model Signing signs: the digest of every file of a model, and one digest over them.

Model Signing 1.0 sorts files by the segments of their paths. The subject's digest is SHA-256 over the binary digests of
the files in that order. Verifiers of 1.0 ignore fields of the predicate that they do not know: the registry adds which
version the files are.
https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.signing.dsse import STATEMENT_TYPE, invalid, json_of
from chalicelib.domain.versions.manifest import MAX_FILES, File

PREDICATE_TYPE: Final = "https://model_signing/signature/v1.0"
# What releases before 1.0 made. Their signatures are over other bytes than DSSE says.
EARLY_PREDICATE_TYPE: Final = "https://model_signing/Digests/v0.1"
# The field of the predicate in which the registry says which version the files are.
VERSION_FIELD: Final = "moorage"
SHA256: Final = "sha256"
# What the clients of the registry keep in a folder to which they downloaded. No file of a version, so not signed.
LEFT_OUT: Final = (
    ".moorage-download.files",
    ".moorage-download.json",
    ".moorage-download.json.new",
    ".moorage-download.lock",
)
# The file that model_signing writes into the folder that it signs. No bundle is about itself.
SIGNATURE_FILE: Final = "model.sig"
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{2}){32,64}")
_SHARD: Final = re.compile(r"(.+):(\d{1,20}):(\d{1,20})", re.DOTALL)
_WHERE: Final = "/dsseEnvelope/payload"


@dataclass(frozen=True, slots=True)
class Resource:
    """A file, or the bytes from ``start`` to before ``end`` of one, and their digest in hexadecimal."""

    path: str
    digest: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class ModelStatement:
    """What a statement says. ``root`` is the digest over all resources; ``algorithm`` is that of each resource."""

    name: str
    root: str
    algorithm: str
    resources: tuple[Resource, ...]


def payload_for(model: str, number: int, digest: str, files: Iterable[File]) -> bytes:
    """The statement about a version's files, as the bytes to sign. ``digest`` is the version's.

    The same version has the same statement in every release: only the signature is stored, so a change here would make
    all of them wrong. The digests of all files must be proven.
    """
    ordered = sorted(files, key=lambda file: file.path.split("/"))
    resources = [{"name": file.path, "algorithm": SHA256, "digest": file.sha256} for file in ordered]
    own = {file.path.partition("/")[0] for file in ordered}
    serialization = {
        "method": "files",
        "hash_type": SHA256,
        "allow_symlinks": False,
        "ignore_paths": [name for name in LEFT_OUT if name not in own],
    }
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": model, "digest": {SHA256: root_digest(file.sha256 for file in ordered)}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "serialization": serialization,
            "resources": resources,
            VERSION_FIELD: {"model": model, "version": number, "digest": digest},
        },
    }
    return canonical_json(statement).encode()


def root_digest(digests: Iterable[str]) -> str:
    """SHA-256 over the binary digests in their order, in hexadecimal."""
    return hashlib.sha256(b"".join(bytes.fromhex(digest) for digest in digests)).hexdigest()


def statement_from(payload: bytes) -> ModelStatement:
    """What the payload of a bundle states. Raises InvalidInputError if it is not a consistent statement of 1.0."""
    try:
        given = json_of(payload)
    except ValueError as error:
        raise invalid(_WHERE, "is not JSON in UTF-8 with every name once") from error
    if not isinstance(given, Mapping) or given.get("_type") != STATEMENT_TYPE:
        raise invalid(_WHERE, f"must be a statement of type {STATEMENT_TYPE}")
    if given.get("predicateType") == EARLY_PREDICATE_TYPE:
        raise invalid(
            _WHERE, "was made before model_signing 1.0, which signs other bytes; sign again with 1.0 or newer"
        )
    if given.get("predicateType") != PREDICATE_TYPE:
        raise invalid(_WHERE, f"must have the predicate type {PREDICATE_TYPE}")
    name, root = _subject(given.get("subject"))
    algorithm, resources = _predicate(given.get("predicate"))
    if root_digest(resource.digest for resource in resources) != root:
        raise invalid(_WHERE, "contradicts itself: its subject's digest is not that over its resources")
    return ModelStatement(name, root, algorithm, resources)


def check_covers(statement: ModelStatement, files: Sequence[File]) -> None:
    """Refuse a statement that is not about exactly ``files``. Raises InvalidInputError.

    A ``model.sig`` among the files may be left out, because no bundle is about itself. Files may be signed in shards if
    each is one shard: the registry knows no digest of a part of a file.
    """
    if statement.algorithm != SHA256:
        raise invalid(_WHERE, f"has {statement.algorithm} digests; the registry knows SHA-256 of files, so use that")
    known = {file.path: file for file in files}
    signed: set[str] = set()
    for resource in statement.resources:
        file = known.get(resource.path)
        if file is None:
            raise invalid(_WHERE, f"is about {resource.path!r}, which this version does not have")
        if resource.start is not None and (resource.start, resource.end) != (0, file.size):
            raise invalid(_WHERE, f"is about a part of {resource.path!r}; sign whole files: the method 'files'")
        if resource.digest != file.sha256:
            raise invalid(_WHERE, f"has another digest of {resource.path!r} than this version")
        signed.add(resource.path)
    for path in known:
        if path not in signed and path != SIGNATURE_FILE:
            raise invalid(_WHERE, f"is not about {path!r}, which this version has")


def _subject(given: object) -> tuple[str, str]:
    one = given[0] if isinstance(given, list) and len(given) == 1 else None
    if not isinstance(one, Mapping) or not isinstance(one.get("digest"), Mapping):
        raise invalid(_WHERE, "must have one subject with its digest")
    name, root = one.get("name"), one["digest"].get(SHA256)
    if not isinstance(name, str) or not isinstance(root, str):
        raise invalid(_WHERE, "must have a subject with a name and a SHA-256")
    return name, root


def _predicate(given: object) -> tuple[str, tuple[Resource, ...]]:
    serialization = given.get("serialization") if isinstance(given, Mapping) else None
    listed = given.get("resources") if isinstance(given, Mapping) else None
    if not isinstance(serialization, Mapping) or not isinstance(listed, list):
        raise invalid(_WHERE, "must have a predicate with 'serialization' and 'resources'")
    method = serialization.get("method")
    if method not in ("files", "shards"):
        raise invalid(_WHERE, f"has the method {method!r}; it must be 'files' or 'shards'")
    if not 1 <= len(listed) <= MAX_FILES:
        raise invalid(_WHERE, f"must be about 1 to {MAX_FILES} resources")
    algorithms = [one.get("algorithm") if isinstance(one, Mapping) else None for one in listed]
    algorithm = algorithms[0]
    if not isinstance(algorithm, str) or algorithms.count(algorithm) != len(algorithms):
        raise invalid(_WHERE, "must have one algorithm for all resources")
    resources = tuple(_resource(one, in_shards=method == "shards") for one in listed)
    if len({(one.path, one.start) for one in resources}) != len(resources):
        raise invalid(_WHERE, "names a resource twice")
    # The hash of a shard is called by the hash and the size of shards: sha256-sharded-1000000000.
    return algorithm.partition("-sharded-")[0], resources


def _resource(given: Mapping[str, Any], in_shards: bool) -> Resource:
    name, digest = given.get("name"), given.get("digest")
    if not isinstance(name, str) or not name:
        raise invalid(_WHERE, "has a resource without a name")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise invalid(_WHERE, f"has no digest of {name!r} in lower-case hexadecimal")
    if not in_shards:
        return Resource(name, digest)
    shard = _SHARD.fullmatch(name)
    if shard is None:
        raise invalid(_WHERE, f"has a shard {name!r}; it must be <path>:<start>:<end>")
    return Resource(shard[1], digest, int(shard[2]), int(shard[3]))
