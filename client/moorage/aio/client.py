"""The asynchronous client: the entry point for programs that run on an event loop."""

from dataclasses import replace
from typing import Self

import httpx

from moorage.aio.bridge import Bridge
from moorage.aio.methods import Resource, awaited, streamed, threaded
from moorage.aio.model_resources import (
    AsyncAliases,
    AsyncBillsOfMaterials,
    AsyncCards,
    AsyncChallengers,
    AsyncChanges,
    AsyncChecks,
    AsyncComments,
    AsyncDeployments,
    AsyncEvaluations,
    AsyncEvents,
    AsyncEvidenceFiles,
    AsyncLifecycle,
    AsyncLineageGraph,
    AsyncModels,
    AsyncMonitors,
    AsyncRequests,
    AsyncScans,
    AsyncSearch,
    AsyncSignatures,
    AsyncStages,
    AsyncStateChecker,
    AsyncStatements,
    AsyncUsage,
    AsyncVersions,
    AsyncVulnerabilities,
)
from moorage.aio.registry_resources import (
    AsyncAccess,
    AsyncAnchors,
    AsyncGrants,
    AsyncQuotas,
    AsyncReach,
    AsyncRoles,
    AsyncSchedules,
    AsyncSchemes,
    AsyncSessions,
    AsyncSigners,
    AsyncTargets,
    AsyncTokens,
    AsyncTrusts,
    AsyncWebhooks,
)
from moorage.cache.blob_fetcher import Segments
from moorage.client import THREADS, Client
from moorage.digests import Multipart
from moorage.retry import RetryPolicy


class AsyncClient(Resource[Client]):
    """A client of one registry for ``asyncio``. It has the calls of ``Client``, with the same parameters and results.

    Single calls are awaited. Lists are for ``async for``, or awaited as a whole. Transfers run in a worker thread with
    ``threads`` of their own. Any number of tasks of one event loop may share a client. Close it with ``aclose``, or use
    it in an ``async with`` block.

    The arguments are those of ``Client``. The waits of ``retry`` do not block the loop; its ``sleep`` is not used.
    ``transport`` is for the calls to the registry, ``storage_transport`` for the transfers in threads. Needs the
    package greenlet: ``pip install 'moorage[async]'``.
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
        transport: httpx.AsyncBaseTransport | None = None,
        storage_transport: httpx.BaseTransport | None = None,
    ) -> None:
        bridge = Bridge(transport)
        sync = Client(
            url,
            token,
            threads=threads,
            multipart=multipart,
            segments=segments,
            retry=replace(retry or RetryPolicy(), sleep=bridge.sleep),
            offline=offline,
            transport=bridge,
            storage_transport=storage_transport,
        )
        super().__init__(sync, bridge)
        self.url = sync.url
        self.offline = sync.offline
        self.models = AsyncModels(sync.models, bridge)
        self.versions = AsyncVersions(sync.versions, bridge)
        self.aliases = AsyncAliases(sync.aliases, bridge)
        self.checks = AsyncChecks(sync.checks, bridge)
        self.evaluations = AsyncEvaluations(sync.evaluations, bridge)
        self.evidence_files = AsyncEvidenceFiles(sync.evidence_files, bridge)
        self.bom = AsyncBillsOfMaterials(sync.bom, bridge)
        self.vulnerabilities = AsyncVulnerabilities(sync.vulnerabilities, bridge)
        self.signatures = AsyncSignatures(sync.signatures, bridge)
        self.statements = AsyncStatements(sync.statements, bridge)
        self.signers = AsyncSigners(sync.signers, bridge)
        self.challengers = AsyncChallengers(sync.challengers, bridge)
        self.stages = AsyncStages(sync.stages, bridge)
        self.schemes = AsyncSchemes(sync.schemes, bridge)
        self.search = AsyncSearch(sync.search, bridge)
        self.requests = AsyncRequests(sync.requests, bridge)
        self.lifecycle = AsyncLifecycle(sync.lifecycle, bridge)
        self.scans = AsyncScans(sync.scans, bridge)
        self.events = AsyncEvents(sync.events, bridge)
        self.webhooks = AsyncWebhooks(sync.webhooks, bridge)
        self.schedules = AsyncSchedules(sync.schedules, bridge)
        self.targets = AsyncTargets(sync.targets, bridge)
        self.deployments = AsyncDeployments(sync.deployments, bridge)
        self.monitors = AsyncMonitors(sync.monitors, bridge)
        self.lineage = AsyncLineageGraph(sync.lineage, bridge)
        self.tokens = AsyncTokens(sync.tokens, bridge)
        self.sessions = AsyncSessions(sync.sessions, bridge)
        self.cards = AsyncCards(sync.cards, bridge)
        self.comments = AsyncComments(sync.comments, bridge)
        self.changes = AsyncChanges(sync.changes, bridge)
        self.roles = AsyncRoles(sync.roles, bridge)
        self.grants = AsyncGrants(sync.grants, bridge)
        self.trusts = AsyncTrusts(sync.trusts, bridge)
        self.access = AsyncAccess(sync.access, bridge)
        self.anchors = AsyncAnchors(sync.anchors, bridge)
        self.state = AsyncStateChecker(sync.state, bridge)
        self.quotas = AsyncQuotas(sync.quotas, bridge)
        self.usage = AsyncUsage(sync.usage, bridge)
        self.reach = AsyncReach(sync.reach, bridge)

    async def aclose(self) -> None:
        self._sync.close()
        await self._bridge.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()

    whoami = awaited(Client.whoami)
    get_or_create_model = awaited(Client.get_or_create_model)
    register = threaded(Client.register)
    resume = threaded(Client.resume)
    log = threaded(Client.log)
    load = threaded(Client.load)
    fetch = threaded(Client.fetch)
    download = threaded(Client.download)
    package = threaded(Client.package)
    serve = threaded(Client.serve)
    verify = threaded(Client.verify)
    export_audit = threaded(Client.export_audit)
    watch = streamed(Client.watch)
