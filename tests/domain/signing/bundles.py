"""Files, statements and bundles for tests of signing. The signatures in these bundles are no signatures."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.signing.bundle import MEDIA_TYPE
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, STATEMENT_TYPE
from chalicelib.domain.signing.model_statement import PREDICATE_TYPE, root_digest
from chalicelib.domain.versions.manifest import File


def file(path: str, content: bytes = b"weights") -> File:
    return File(path, len(content), hashlib.sha256(content).hexdigest())


def statement(files: Sequence[File], **predicate: Any) -> dict[str, Any]:
    """A statement as ``model_signing`` writes it: in the order that it was given."""
    resources = [{"name": one.path, "algorithm": "sha256", "digest": one.sha256} for one in files]
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": "folder", "digest": {"sha256": root_digest(one.sha256 for one in files)}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False},
            "resources": resources,
            **predicate,
        },
    }


def shards(files: Sequence[File]) -> dict[str, Any]:
    """A statement whose resources are one shard of each file."""
    given = statement(files)
    for resource, one in zip(given["predicate"]["resources"], files, strict=True):
        resource |= {"name": f"{one.path}:0:{one.size}", "algorithm": "sha256-sharded-1000000000"}
    given["predicate"]["serialization"] |= {"method": "shards", "shard_size": 10**9}
    return given


def bundle(payload: Mapping[str, Any] | bytes, sig: bytes = b"sig", **material: Any) -> dict[str, Any]:
    """A bundle around a statement, with a hint unless other ``material`` is given."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": material or {"publicKey": {"hint": "ab" * 32}},
        "dsseEnvelope": {
            "payload": base64.b64encode(content).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": base64.b64encode(sig).decode(), "keyid": ""}],
        },
    }
