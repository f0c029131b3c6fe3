"""Signatures of versions, as the registry keeps them, and the signers that it trusts."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.errors import InvalidRequestError
from moorage.listing import WholeList
from moorage.paths import VersionKey, segment

# The name of the registry's own signature of a version.
REGISTRY_NAME: Final = "registry"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of a version's files.

    It ``counts`` if it is the registry's own, or if a signer that is trusted now verified it; ``doubt`` says why it
    does not. ``identity`` is whom its certificate names. ``public_key`` is that of the registry's own. ``bundle`` is
    the document that ``model_signing verify`` reads; lists leave it out.
    """

    name: str
    signed_with: str
    counts: bool
    recorded_at: datetime
    recorded_by: str
    signer: str | None = None
    identity: str | None = None
    doubt: str | None = None
    public_key: str | None = None
    digest: str | None = None
    bundle: dict[str, Any] = field(default_factory=dict)
    etag: str | None = None

    def save(self, file: str | os.PathLike[str]) -> Path:
        """Write the bundle to ``file``, for example ``model.sig``. Returns the path."""
        path = Path(file)
        path.write_text(json.dumps(self.bundle), encoding="utf-8")
        return path


class Signatures:
    """The signatures of each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey) -> WholeList[Signature]:
        """The signatures of a version, without their bundles: the registry's first, the others by name."""
        return self._connection.whole(Signature, _path(model, version))

    def get(self, model: str, version: VersionKey, name: str = REGISTRY_NAME) -> Signature:
        """A signature with its bundle, by default the registry's own."""
        return self._connection.get(Signature, f"{_path(model, version)}/{segment(name)}")

    def bring(
        self,
        model: str,
        version: VersionKey,
        name: str,
        file: str | os.PathLike[str],
        *,
        if_match: str | None = None,
    ) -> Signature:
        """Give the registry a bundle that ``moorage sign`` or ``model_signing sign`` wrote, under a name.

        It must be about exactly the version's files. Raises ConflictError if no trusted signer signed it, and
        InvalidRequestError if it is about other files.
        """
        try:
            bundle = json.loads(Path(file).read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidRequestError(f"{file} is not a signature: it is not JSON") from error
        saved = self._connection.write("PUT", f"{_path(model, version)}/{segment(name)}", bundle, if_match=if_match)
        return decode(Signature, saved)


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer that the registry trusts.

    One of ``public_key`` and ``authority`` is None. An authority's certificates count for whom ``subjects`` name.
    """

    name: str
    public_key: str | None = None
    authority: str | None = None
    subjects: tuple[str, ...] = ()
    description: str = ""
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


class Signers:
    """The signers that the registry trusts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> WholeList[Signer]:
        """All trusted signers, by name."""
        return self._connection.whole(Signer, "signers")

    def get(self, name: str) -> Signer:
        return self._connection.get(Signer, _signer(name))

    def save(
        self,
        name: str,
        *,
        public_key: str | None = None,
        authority: str | None = None,
        subjects: Sequence[str] = (),
        description: str = "",
        if_match: str | None = None,
    ) -> Signer:
        """Trust a public key, or an authority for the subjects that it certifies. Both are given in PEM.

        What the signer verified under other terms counts no longer.
        """
        body = {
            "public_key": public_key,
            "authority": authority,
            "subjects": list(subjects),
            "description": description,
        }
        return decode(Signer, self._connection.write("PUT", _signer(name), body, if_match=if_match))

    def delete(self, name: str) -> None:
        """Trust a signer no longer. What it verified counts no longer."""
        self._connection.write("DELETE", _signer(name))


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/signatures"


def _signer(name: str) -> str:
    return f"signers/{segment(name)}"
