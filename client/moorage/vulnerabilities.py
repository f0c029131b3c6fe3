"""Vulnerabilities: what advisories know of the packages that versions require, and what is stated about that."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, format_time
from moorage.listing import Listing
from moorage.paths import VersionKey
from moorage.signers import SignedBatch
from moorage.storage import Piece, SignedRequest, Storage

if TYPE_CHECKING:
    from moorage.advisories.index import MadeIndex

_INDEX: Final = "index"


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """A requirement that an advisory affects.

    ``severity`` is ``none``, ``low``, ``medium``, ``high``, ``critical``, or ``unknown`` where nobody rated it.
    ``fixed`` is the first version without it, if that is known; ``aliases`` are its other names, such as a CVE.
    ``lifted``: something stated says that it does not count against the version.
    """

    id: str
    package: str
    version: str
    severity: str
    fixed: str | None = None
    aliases: tuple[str, ...] = ()
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class VexStatement:
    """What was stated of a vulnerability of a version, as VEX has it. It ``stands`` until it expires."""

    id: str
    status: str
    stated_at: datetime
    stated_by: str
    justification: str | None = None
    detail: str = ""
    expires_at: datetime | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of the vulnerabilities of a version, worst first. ``matched_at`` is None if it was never matched.

    ``published_at`` is of when the advisories are, and ``requirements`` how many requirements were looked at.
    ``unpinned`` are those that name no single version; ``#3`` is the third line, which names no package. ``cut`` is how
    much more was found than is kept.
    """

    model: str
    version: int
    matched_at: datetime | None = None
    index: str | None = None
    published_at: datetime | None = None
    requirements: int = 0
    vulnerabilities: tuple[Vulnerability, ...] = ()
    unpinned: tuple[str, ...] = ()
    cut: int = 0
    statements: tuple[VexStatement, ...] = ()
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class AdvisoryIndex:
    """The advisories that versions are matched against: how many, on how many packages, from where and of when."""

    ecosystem: str
    sha256: str
    size: int
    source: str
    published_at: datetime
    advisories: int
    packages: int
    updated_at: datetime
    updated_by: str
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class AdvisoryState:
    """The current index, None if there is none. While ``rematching``, the versions in use are matched against it."""

    index: AdvisoryIndex | None
    rematching: bool = False
    matched: int = 0


@dataclass(frozen=True, slots=True)
class AffectedVersion:
    """A version in use that has what was asked for, and the lines of its requirements that name the package."""

    model: str
    version: int
    stage: str
    aliases: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    vulnerabilities: tuple[Vulnerability, ...] = ()


@dataclass(frozen=True, slots=True)
class _Upload:
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class Vulnerabilities:
    """The vulnerabilities of each version, and the advisories that they are found by."""

    def __init__(self, connection: Connection, storage: Storage) -> None:
        self._connection = connection
        self._storage = storage

    def get(self, model: str, version: VersionKey) -> Assessment:
        """What was found when the version was last matched, and what is stated about it."""
        return self._connection.get(Assessment, _path(model, version))

    def match(self, model: str, version: VersionKey) -> Assessment:
        """Match a READY version against the current advisories now. Raises ConflictError if there are none."""
        return self._connection.post(Assessment, _path(model, version))

    def state(
        self,
        model: str,
        version: VersionKey,
        vulnerability: str,
        status: str,
        *,
        justification: str | None = None,
        detail: str = "",
        expires_at: datetime | None = None,
        if_match: str | None = None,
    ) -> Assessment:
        """State how a version stands to a vulnerability, by its id or an alias such as a CVE.

        ``status`` is ``not_affected``, ``affected``, ``fixed`` or ``under_investigation``. ``not_affected`` takes a
        ``justification`` in the words of OpenVEX or CycloneDX, or a ``detail`` that says why. Raises AccessDeniedError
        where the scheme wants this from somebody who did not register the version.
        """
        given: dict[str, Any] = {
            "status": status,
            "justification": justification,
            "detail": detail,
            "expires_at": None if expires_at is None else format_time(expires_at),
        }
        body = {name: value for name, value in given.items() if value is not None}
        path = f"{_path(model, version)}/{paths.segment(vulnerability)}"
        return decode(Assessment, self._connection.write("PUT", path, body, if_match=if_match))

    def unstate(self, model: str, version: VersionKey, vulnerability: str) -> None:
        """Take back what was stated of a vulnerability. The events keep it."""
        self._connection.write("DELETE", f"{_path(model, version)}/{paths.segment(vulnerability)}")

    def advisories(self) -> AdvisoryState:
        """The advisories that versions are matched against."""
        return self._connection.get(AdvisoryState, "vulnerabilities")

    def update(self, source: str, *, published_at: datetime | None = None) -> AdvisoryIndex:
        """Have versions matched against the advisories of ``source`` from now on.

        ``source`` is a zip of OSV documents, a directory with them, such as a checkout of pypa/advisory-database, or
        the URL of a zip. This machine reads it; the registry fetches nothing. ``published_at`` is of when the data is,
        if that is not what the source itself says. Raises MoorageError if the source cannot be read.
        """
        from moorage.advisories.index import index_of

        made = index_of(source)
        body = {
            "sha256": made.sha256,
            "size": len(made.content),
            "source": made.source,
            "published_at": format_time(published_at or made.published_at),
        }
        self._upload(made, body)
        return decode(AdvisoryIndex, self._connection.write("PUT", "vulnerabilities", body))

    def affected(
        self, *, advisory: str | None = None, package: str | None = None, limit: int | None = None
    ) -> Listing[AffectedVersion]:
        """The versions in use that have a vulnerability, by any of its names, or that need a package."""
        return self._connection.items(
            AffectedVersion, "vulnerabilities/affected", limit, advisory=advisory, package=package
        )

    def _upload(self, made: "MadeIndex", body: dict[str, Any]) -> None:
        def sign(_: str) -> dict[str, SignedRequest]:
            upload = self._connection.post(_Upload, "vulnerabilities/upload", body)
            return {_INDEX: SignedRequest(upload.url, upload.headers)}

        signed: SignedBatch[str] = SignedBatch(sign)
        with TemporaryDirectory() as directory:
            path = Path(directory) / "index.json.gz"
            path.write_bytes(made.content)
            self._storage.put(Piece(path, 0, len(made.content)), signed.signer(_INDEX), _nothing)


def _nothing(_size: int) -> None:
    """Nobody watches the progress of a small upload."""


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/vulnerabilities"
