"""The three calls with which the Hub's clients load a model: what it is, its files, and where the bytes of one are."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.api.call import Answer
from chalicelib.api.scanning.presenters import verdict_headers, verdict_of
from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.errors import FileNotInManifestError
from chalicelib.domain.versions.commits import commit_of
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.audit.use_counts import record_use
from chalicelib.registry.versions.revisions import file_at, files_at, ref_of

# What clients ask for when nobody named a revision. It is an alias like any other.
DEFAULT_REVISION: Final = "main"


@dataclass(frozen=True, slots=True)
class HubCall:
    """A call about a model. ``repository`` is its name on the Hub, as the caller wrote it."""

    services: Services
    principal: Principal
    repository: str
    model: str
    revision: str
    path: str
    recursive: bool


def info(call: HubCall) -> Answer:
    """The commit that the revision is now, and the names of its files."""
    found = files_at(call.services, call.model, call.revision)
    commit = commit_of(found.served.number, found.served.digest)
    return Answer(
        {
            "id": call.repository,
            "sha": commit,
            "private": True,
            "gated": False,
            "tags": _tags(found.served),
            "siblings": [_sibling(file) for file in found.files],
        },
        headers={"X-Repo-Commit": commit, **verdict_headers(found.served.clearance)},
    )


def tree(call: HubCall) -> Answer:
    """The files below a directory, or one level of it with the directories there. Raises FileNotInManifestError."""
    found = files_at(call.services, call.model, call.revision)
    prefix = f"{call.path}/" if call.path else ""
    below = [file for file in found.files if file.path.startswith(prefix)]
    if prefix and not below:
        raise FileNotInManifestError(f"Version {found.served.number} of {call.model!r} has no directory {call.path!r}.")
    entries: dict[str, dict[str, Any]] = {}
    for file in below:
        name, deeper, _ = file.path.removeprefix(prefix).partition("/")
        if deeper and not call.recursive:
            path = prefix + name
            # What a directory holds is not hashed. Its id only tells it from others.
            entries[path] = {"type": "directory", "path": path, "size": 0, "oid": _git_id(b"tree", path.encode())}
        else:
            entries[file.path] = {"type": "file", "path": file.path, "size": file.size, **_large_file(file, "oid")}
    commit = commit_of(found.served.number, found.served.digest)
    headers = {"X-Repo-Commit": commit, **verdict_headers(found.served.clearance)}
    return Answer(list(entries.values()), headers=headers)


def resolve(call: HubCall) -> Answer:
    """A redirect to a file's bytes, with its digest.

    Clients ask with HEAD and then GET the address that they were sent to, so the address is one to GET either way, and
    either counts as a use.
    """
    found = file_at(call.services, call.model, call.revision, call.path)
    alias = ref_of(call.revision)
    used = alias[1:] if alias.startswith("@") else None
    record_use(Use(call.model, found.number, call.principal.name, FILE, call.services.clock(), used))
    return Answer(
        status=302,
        secret=True,
        digest=found.file.sha256,
        headers={
            "Location": str(found.url),
            "X-Repo-Commit": commit_of(found.number, found.digest),
            "X-Linked-Etag": f'"{found.file.sha256}"',
            "X-Linked-Size": str(found.file.size),
            **verdict_headers(found.clearance),
        },
    )


def _tags(served: Aliased) -> list[str]:
    """The verdict, as the Hub's tags that have a value are written."""
    verdict = verdict_of(served.clearance)
    return [] if verdict is None else [f"moorage.verdict:{verdict}"]


def _sibling(file: File) -> dict[str, Any]:
    return {"rfilename": file.path, "size": file.size, **_large_file(file, "sha256", "blobId")}


def _large_file(file: File, digest: str, blob: str = "oid") -> dict[str, Any]:
    """How the Hub says what a file holds: all files are large ones, of which Git keeps a pointer.

    https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
    """
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{file.sha256}\nsize {file.size}\n".encode()
    return {
        blob: _git_id(b"blob", pointer),
        "lfs": {digest: file.sha256, "size": file.size, "pointerSize": len(pointer)},
    }


def _git_id(kind: bytes, content: bytes) -> str:
    """A Git object's id: the SHA-1 of its kind, length and content."""
    return hashlib.sha1(kind + b" %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
