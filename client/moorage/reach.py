"""Whether the registry and its storage can be reached from here."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from moorage.connection import Connection
from moorage.diagnosis import clock_skew
from moorage.errors import NotFoundError
from moorage.paths import VersionKey
from moorage.storage import SignedRequest, Storage
from moorage.versions import Versions


@dataclass(frozen=True, slots=True)
class Reached:
    """A registry that answered.

    ``skew`` is by how many seconds this machine's clock is ahead, None if the registry does not tell.
    """

    version: str
    skew: float | None = None


class Reach:
    """Calls that only find out whether something answers."""

    def __init__(self, connection: Connection, versions: Versions, storage: Storage) -> None:
        self._connection = connection
        self._versions = versions
        self._storage = storage

    def registry(self) -> Reached:
        """Ask the registry for its version. This needs no valid token."""
        answer = self._connection.answer("openapi.json")
        skew = clock_skew(answer, datetime.now(UTC))
        return Reached(str(answer.json()["info"]["version"]), skew)

    def storage(self, model: str, version: VersionKey) -> str:
        """Fetch one byte of a version's first file from the storage, and return the storage's host.

        The registry counts that as a use of the version. Raises NotFoundError if the version has no stored file.
        """
        items = self._versions.manifest_page(model, version).items
        url = next((item.url for item in items if item.url and item.size), None)
        if url is None:
            raise NotFoundError(f"Version {version} of {model!r} has no file in the storage.")
        self._storage.get(0, 1, False, _Signed(SignedRequest(url, {})), lambda *_: None)
        return urlsplit(url).netloc


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signer for a request that was just signed, so that a new signature would not help."""

    signed: SignedRequest

    def current(self) -> SignedRequest:
        return self.signed

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        return stale
