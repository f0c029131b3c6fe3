"""The client: the entry point of the SDK."""

import os
import tempfile
from collections.abc import Collection, Generator, Sequence
from pathlib import Path
from typing import Any, Final, Self, Unpack, cast

import httpx

from moorage.access import Access, Grants, Roles, Trusts
from moorage.aliases import Aliases
from moorage.anchors import Anchors
from moorage.audit_export import AuditExport, AuditExporter
from moorage.bom import BillsOfMaterials
from moorage.cache.blob_fetcher import BlobFetcher, Segments
from moorage.cache.blobs import Blobs
from moorage.cache.location import cache_root, is_offline
from moorage.cache.records import content_digest
from moorage.cache.store import CachedVersion, CacheStore
from moorage.capture.switches import Capture
from moorage.cards import Cards
from moorage.changes import Changes
from moorage.checks import Checks
from moorage.comments import Comments
from moorage.comparison import Challengers
from moorage.connection import Connection
from moorage.deployments import Deployments
from moorage.digests import Multipart
from moorage.download import Download, Downloader
from moorage.evaluations import Evaluations
from moorage.events import Events
from moorage.evidence_files import EvidenceFiles
from moorage.following.served_model import ServedModel
from moorage.lifecycle import Lifecycle
from moorage.lineage import LineageGraph
from moorage.local_files import Files, gather
from moorage.login_lookup import find_login
from moorage.models import ModelContent, Models
from moorage.monitors import Monitors
from moorage.offline import OfflineTransport
from moorage.packaging.package import Package
from moorage.paths import VersionKey
from moorage.principals import Identity
from moorage.progress import Progress, Silent
from moorage.proving.claims import Proof
from moorage.quotas import Quotas
from moorage.reach import Reach
from moorage.references import parse_version
from moorage.registration import Registrar
from moorage.requests import Requests
from moorage.results import Alias, Model, Version
from moorage.retry import RetryPolicy
from moorage.scans import Scans
from moorage.schedules import Schedules
from moorage.schemes import Schemes
from moorage.search import Search
from moorage.sessions import Sessions
from moorage.signatures import Signatures, Signers
from moorage.signing.registry_key import RegistryKey
from moorage.stages import Stages
from moorage.state_check import StateChecker
from moorage.statements import Statements
from moorage.storage import Storage
from moorage.targets import Targets
from moorage.tokens import Tokens
from moorage.usage import Usage
from moorage.versions import VersionContent, Versions
from moorage.vulnerabilities import Vulnerabilities
from moorage.watching import Watcher, alias_in
from moorage.webhooks import Webhooks

THREADS: Final = 8
_LOG_AGAIN: Final = "{version} is not finished, and log has removed the files that it saved: call log again"


class Client:
    """A client of one registry.

    ``url`` and ``token`` default to ``MOORAGE_URL`` and ``MOORAGE_TOKEN``, then to the login that ``moorage login``
    saved. Threads may share a client. Close it, or use it in a ``with`` block.

    ``threads`` is the number of parallel transfers. ``multipart`` sets which files are uploaded in parts, ``segments``
    the size of the ranges that downloads fetch, and ``retry`` how often a call is repeated.

    An ``offline`` client calls nobody and needs no token: it serves versions from the cache, and raises OfflineError
    for everything else. By default, ``MOORAGE_OFFLINE`` decides.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        threads: int = THREADS,
        multipart: Multipart | None = None,
        segments: Segments | None = None,
        retry: RetryPolicy | None = None,
        offline: bool | None = None,
        transport: httpx.BaseTransport | None = None,
        storage_transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.offline = is_offline() if offline is None else offline
        login = find_login(url, token, offline=self.offline)
        policy = retry or RetryPolicy()
        self.url = login.url
        self._threads = threads
        self._segments = segments or Segments()
        self._connection = Connection(login, policy, OfflineTransport() if self.offline else transport)
        self._storage = Storage(policy, threads, OfflineTransport() if self.offline else storage_transport)
        self.models = Models(self._connection)
        self.versions = Versions(self._connection)
        self.aliases = Aliases(self._connection)
        self.checks = Checks(self._connection)
        self.evidence_files = EvidenceFiles(self._connection, self._storage)
        self.bom = BillsOfMaterials(self._connection, self.evidence_files)
        self.evaluations = Evaluations(self._connection, self.evidence_files)
        self.vulnerabilities = Vulnerabilities(self._connection, self._storage)
        self.challengers = Challengers(self._connection)
        self.stages = Stages(self._connection)
        self.schemes = Schemes(self._connection)
        self.search = Search(self._connection)
        self.requests = Requests(self._connection)
        self.lifecycle = Lifecycle(self._connection)
        self.scans = Scans(self._connection)
        self.events = Events(self._connection)
        self.webhooks = Webhooks(self._connection)
        self.schedules = Schedules(self._connection)
        self.targets = Targets(self._connection)
        self.deployments = Deployments(self._connection)
        self.monitors = Monitors(self._connection)
        self.lineage = LineageGraph(self._connection)
        self.tokens = Tokens(self._connection)
        self.sessions = Sessions(self._connection)
        self.cards = Cards(self._connection)
        self.comments = Comments(self._connection)
        self.changes = Changes(self._connection)
        self.roles = Roles(self._connection)
        self.quotas = Quotas(self._connection)
        self.grants = Grants(self._connection)
        self.trusts = Trusts(self._connection)
        self.access = Access(self._connection)
        self.anchors = Anchors(self._connection, self._storage)
        self.state = StateChecker(self._connection)
        self.usage = Usage(self._connection)
        self.signatures = Signatures(self._connection)
        self.signers = Signers(self._connection)
        self.statements = Statements(self._connection)
        self._registry_key = RegistryKey(self.url, self.signatures.get, os.environ)
        self._watcher = Watcher(self._connection, policy)
        self.reach = Reach(self._connection, self.versions, self._storage)
        self._registrar = Registrar(self.models, self.versions, self._storage, threads, multipart or Multipart())

    def close(self) -> None:
        self._connection.close()
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def whoami(self) -> Identity:
        """The principal of the token, with its grants and groups."""
        return self._connection.get(Identity, "whoami")

    def get_or_create_model(self, name: str, **content: Unpack[ModelContent]) -> Model:
        """Get the model ``name``. Creates it with ``content`` if it does not exist; does not change an existing one."""
        return self.models.get_or_create(name, **content)

    def register(
        self,
        model: str,
        directory: str | os.PathLike[str] | None = None,
        *,
        files: Files | None = None,
        ignore: Sequence[str] = (),
        follow_links: bool = False,
        idempotency_key: str | None = None,
        progress: Progress | None = None,
        **content: Unpack[VersionContent],
    ) -> Version:
        """Register a version: upload its files and have the registry verify them.

        Creates the model if it does not exist. ``directory`` uploads a whole directory; ``files`` is a list of files
        and directories, or a mapping from the path in the version to a local file. ``follow_links`` also takes the
        files of linked directories, and linked files outside; without it, such links are errors.

        Of a directory, what tools leave there is left out, such as ``.git``, ``__pycache__`` and virtual environments,
        and so is what its ``.moorageignore`` or ``ignore`` names, in the syntax of ``.gitignore``. A directory without
        files is an error.

        Give an ``idempotency_key``, such as the id of a run, so that a pipeline that starts again continues the version
        that it began. Without a key, use ``resume`` to finish an interrupted upload.
        """
        gathered = gather(directory, files, ignore=ignore, follow_links=follow_links).files
        return self._registrar.register(model, gathered, progress or Silent(), idempotency_key, content)

    def resume(
        self,
        model: str,
        version: int,
        directory: str | os.PathLike[str] | None = None,
        *,
        files: Files | None = None,
        ignore: Sequence[str] = (),
        follow_links: bool = False,
        progress: Progress | None = None,
    ) -> Version:
        """Finish an interrupted upload: send the missing files and parts, then have the version verified.

        Give the files as to ``register``.
        """
        gathered = gather(directory, files, ignore=ignore, follow_links=follow_links).files
        return self._registrar.resume(model, version, gathered, progress or Silent())

    def fetch(self, model: str, version: VersionKey, *, progress: Progress | None = None) -> CachedVersion:
        """Have a version in the cache, and return where. Downloads only the files that the cache does not have.

        ``version`` is a number, ``@alias`` or ``@latest``. The registry is asked each time whether the caller may
        download it, and where an alias points. The SHA-256 of every file is verified each time: a file that was changed
        in the cache is downloaded again.

        Offline, the version is the one that the registry named last, and ``age`` of the result says how long ago that
        was. Raises OfflineError if a file is not in the cache, and IntegrityError if one was changed there.
        """
        return self._cache(progress).fetch(model, version)

    def download(
        self,
        model: str,
        version: VersionKey,
        directory: str | os.PathLike[str],
        *,
        paths: Collection[str] | None = None,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Download:
        """Have ``directory`` hold exactly a version's files, and check the SHA-256 of each.

        ``version`` is a number, ``@alias`` or ``@latest``. Files that are already complete stay, those of an earlier
        download are replaced or removed if nobody changed them, and an interrupted download continues where it stopped.
        The whole directory is exchanged in one step, unless it is a mount point, the current directory, or has other
        files.

        A version that is being scanned is waited for, for five minutes at most. One in quarantine is refused with
        ForbiddenError (``quarantined``).

        Raises LocalFilesError if the directory has files of the user's own. ``overwrite`` replaces those that differ
        from the version's, and leaves the others there.

        With ``paths``, only these files are downloaded. Each is replaced in one step; all others stay as they are.
        """
        downloader = Downloader(self._cache(progress), self._threads)
        return downloader.run(model, version, Path(directory), paths, overwrite)

    def _cache(self, progress: Progress | None) -> CacheStore:
        fetcher = BlobFetcher(self.versions, self._storage, self._threads, self._segments, progress or Silent())
        return CacheStore(cache_root(), self.url, fetcher, self.offline, self._registry_key.check)

    def watch(self, reference: str, *, interval: float = 30.0, timeout: float | None = None) -> Generator[Alias]:
        """Yield where an alias such as ``fraud@champion`` points: at once, and then each time that it has moved.

        It is asked for about every ``interval`` seconds. An alias that has not moved costs one small read. The
        generator ends after ``timeout`` seconds, or when it is closed. While the registry does not answer, or the
        alias is deleted, it logs a warning and goes on; only at the start is that an error.
        """
        model, alias = alias_in(reference)
        return self._watcher.watch(model, alias, interval, timeout)

    def verify(
        self, reference: str, directory: str | os.PathLike[str] | None = None, *, keys: Sequence[str] = ()
    ) -> Proof:
        """Say what is proven of a version such as ``fraud@champion``, and what is not, and why.

        Checked are the bytes of all files in ``directory``, or else in the cache; the registry's signature of them;
        what it stated of the version's move; and that the move's event is in the ledger, whose chain is unbroken and
        anchored. ``keys`` are public keys in PEM that you trust to be the registry's. Without any, it is the one that
        ``MOORAGE_SIGNING_KEY`` names, or that was remembered. A key that only the registry gives proves less, and the
        result says so.

        It takes the right to read, not to download. Nothing is raised for what is contradicted: ``Proof.check`` does
        that. Raises IntegrityError if the registry contradicts itself about the version's files, ConflictError for a
        version that is not READY, UnfitKeyError, and ValueError if ``reference`` names no version.
        """
        from moorage.proving.prover import Prover

        model, version = parse_version(reference)
        prover = Prover(
            self.versions,
            self.signatures,
            self.statements,
            self.events,
            self.anchors,
            Blobs(cache_root()),
            self._threads,
            self._registry_key.known,
        )
        return prover.prove(model, version, None if directory is None else Path(directory), keys)

    def log(
        self,
        model: object,
        name: str,
        *,
        example: Any = None,
        format: str | None = None,
        capture: Capture | None = None,
        idempotency_key: str | None = None,
        progress: Progress | None = None,
        **content: Unpack[VersionContent],
    ) -> Version:
        """Save a model in the safest format of its framework and register it as a version of ``name``.

        ``model`` is a model of scikit-learn, XGBoost, LightGBM, PyTorch, ONNX or transformers, or a function with
        annotations. ``example`` is a few rows of its inputs, from which the signature is read. ``format`` chooses
        another format; ``pickle`` saves any object, but whoever loads it runs its code. ``capture`` says what is
        recorded by itself, by default all but the example. What ``content`` gives wins over what is captured.
        docs/frameworks.md has the formats, their risks and the files of the version.

        Raises UnsupportedModelError if the object cannot be saved, MissingLibraryError if that takes a library that is
        not installed, and what ``register`` raises.
        """
        from moorage.frameworks.log import save

        with tempfile.TemporaryDirectory(prefix="moorage-log-") as directory:
            fields = save(model, Path(directory), format, example, capture or Capture(), content)
            files, content = gather(directory).files, cast("VersionContent", fields)
            return self._registrar.register(name, files, progress or Silent(), idempotency_key, content, _LOG_AGAIN)

    def load(
        self,
        reference: str,
        *,
        allow: Collection[str] = (),
        trust: Collection[str] = (),
        into: Any = None,
        progress: Progress | None = None,
    ) -> Any:
        """Load the model of a version that ``log`` saved: ``fraud@champion``, ``fraud/3`` or ``fraud@latest``.

        Every file's SHA-256 is checked first. ``allow`` permits formats that run code, each by format and model or
        version: ``["pickle:fraud/3"]``. ``trust`` names the types that a skops file may make. ``into`` is the PyTorch
        module that gets the weights, or a class or function that makes it; without it, the state dict is returned.

        Raises UntrustedModelError for code or types that are not named, IncompatibleModelError for a version that
        ``log`` did not save, MissingLibraryError if its framework is not installed, IntegrityError if a file does not
        match its digest, and ValueError if ``reference`` names no version.
        """
        from moorage.frameworks.load import load

        model, version = parse_version(reference)
        found = self.fetch(model, version, progress=progress)
        return load(model, found.version, found.path, allow, trust, into)

    def package(
        self,
        reference: str,
        directory: str | os.PathLike[str],
        *,
        base: str | None = None,
        download: bool = False,
        follow: bool = False,
        allow: Collection[str] = (),
        trust: Collection[str] = (),
        requirements: Collection[str] = (),
        progress: Progress | None = None,
    ) -> Package:
        """Write into ``directory`` what an image is built from that serves a version which ``log`` saved.

        The same version gives the same bytes each time. The environment comes from a lock among the version's files,
        else from ``provenance.runtime``. ``base`` is the image to start from, pinned as ``NAME@sha256:DIGEST``.
        ``requirements`` are pinned ones to add. With ``download``, the image's build downloads the model's files
        instead of having them in ``directory``. ``allow`` and ``trust`` permit what they do for ``load``.

        The image serves this version for good. With ``follow``, ``reference`` must name an alias, and the image takes
        over each version that it moves to, as ``serve`` does, if that version needs the same environment.

        Raises PackagingError if the version does not say enough for that, UntrustedModelError for code or types that
        are not named, LocalFilesError if ``directory`` is not empty, and what ``fetch`` raises.
        """
        from moorage.frameworks.permissions import check_permissions
        from moorage.packaging.context import Options, needed_paths, write_context

        check_permissions(allow)
        alias = alias_in(reference)[1] if follow else None
        options = Options(base, self.url, download, alias, tuple(allow), tuple(trust), tuple(requirements))
        model, version = parse_version(reference)
        manifest = self._cache(progress).find(model, version).manifest
        needed = needed_paths(manifest)
        described, digest = self.versions.get(model, manifest.version), content_digest(manifest)
        if not download:
            files = self.fetch(model, manifest.version, progress=progress).files
            return write_context(manifest, digest, described, files, Path(directory), options)
        with tempfile.TemporaryDirectory(prefix="moorage-package-") as temporary:
            self.download(model, manifest.version, temporary, paths=needed, progress=progress)
            files = {path: Path(temporary, path) for path in needed}
            return write_context(manifest, digest, described, files, Path(directory), options)

    def serve(
        self,
        reference: str,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        interval: float = 30.0,
        allow: Collection[str] = (),
        trust: Collection[str] = (),
        into: Any = None,
        target: str | None = None,
        monitor: str | None = None,
    ) -> ServedModel:
        """Serve a model over HTTP from this process: MLflow's ``/invocations`` and the Open Inference Protocol.

        Close what is returned, or use it in a ``with`` block. Port 0 takes a free one. An alias is followed: it is
        looked at about every ``interval`` seconds, and the version that it has moved to takes over without a request
        being dropped. A version that cannot be loaded, or whose bytes are not those that were registered, is refused:
        the one before goes on answering, and ``/health`` and the log say why. ``allow``, ``trust`` and ``into`` are
        those of ``load``; ``into`` must be a class or a function, which makes a module for each version. ``target`` is
        the registry's target that this server is: the registry is told as often what it serves.

        ``monitor`` is a monitor of the model. It gets each version's windows of what was asked and answered, when they
        are over: the inputs and outputs that its baseline names, as counts in its bins. No request is kept. What was
        counted of a window that is not over when the server is closed is lost.

        Raises what ``load`` raises if the first version cannot be loaded, NotFoundError for a monitor that does not
        exist, and InvalidRequestError for one without a baseline.
        """
        from moorage.following.reporter import Reporter, WindowReporter
        from moorage.following.start import Options, Source, start
        from moorage.frameworks.permissions import check_permissions
        from moorage.serving.served import Permissions

        check_permissions(allow)
        model, version = parse_version(reference)
        source = Source(self.versions, self._watcher, self.fetch, Permissions(tuple(allow), tuple(trust), into))
        reporter = None if target is None else Reporter(self.targets, target)
        watching = None if monitor is None else WindowReporter(self.monitors, model, monitor)
        return start(source, model, version, Options(host, port, interval, reporter, watching))

    def export_audit(
        self, directory: str | os.PathLike[str], *, models: Sequence[str] | None = None, state: bool = False
    ) -> AuditExport:
        """Export the audit trail into ``directory``, as files that can be verified without the registry.

        ``models`` limits the export to the ledgers of these models, which may be deleted ones. None exports every
        ledger, which requires the action ``audit`` on the registry. With ``state``, what is stored is exported too.
        """
        return AuditExporter(self._connection, self.anchors).export(Path(directory), models, state)
