"""The resources of models and their versions, asynchronously: one line for each call."""

from moorage.aio.methods import Resource, awaited, listed, threaded
from moorage.aliases import Aliases
from moorage.bom import BillsOfMaterials
from moorage.cards import Cards
from moorage.changes import Changes
from moorage.checks import Checks
from moorage.comments import Comments
from moorage.comparison import Challengers
from moorage.deployments import Deployments
from moorage.evaluations import Evaluations
from moorage.events import Events
from moorage.evidence_files import EvidenceFiles
from moorage.lifecycle import Lifecycle
from moorage.lineage import LineageGraph
from moorage.models import Models
from moorage.monitors import Monitors
from moorage.requests import Requests
from moorage.scans import Scans
from moorage.search import Search
from moorage.signatures import Signatures
from moorage.stages import Stages
from moorage.state_check import StateChecker
from moorage.statements import Statements
from moorage.usage import Usage
from moorage.versions import Versions
from moorage.vulnerabilities import Vulnerabilities


class AsyncModels(Resource[Models]):
    """``Models``, asynchronously."""

    create = awaited(Models.create)
    get = awaited(Models.get)
    overview = awaited(Models.overview)
    get_or_create = awaited(Models.get_or_create)
    list = listed(Models.list)
    update = awaited(Models.update)
    classify = awaited(Models.classify)
    delete = awaited(Models.delete)
    best = listed(Models.best)
    series = awaited(Models.series)
    as_of = listed(Models.as_of)
    promotion_rule = awaited(Models.promotion_rule)
    set_promotion_rule = awaited(Models.set_promotion_rule)
    clear_promotion_rule = awaited(Models.clear_promotion_rule)


class AsyncVersions(Resource[Versions]):
    """``Versions``, asynchronously."""

    create = awaited(Versions.create)
    get = awaited(Versions.get)
    latest = awaited(Versions.latest)
    overview = awaited(Versions.overview)
    list = listed(Versions.list)
    update = awaited(Versions.update)
    delete = awaited(Versions.delete)
    upload_plan = awaited(Versions.upload_plan)
    sign_parts = awaited(Versions.sign_parts)
    finalise = awaited(Versions.finalise)
    files = listed(Versions.files)
    manifest_page = awaited(Versions.manifest_page)
    compare = awaited(Versions.compare)
    transition = awaited(Versions.transition)
    explain = awaited(Versions.explain)
    transitions = listed(Versions.transitions)
    override = awaited(Versions.override)


class AsyncAliases(Resource[Aliases]):
    """``Aliases``, asynchronously."""

    list = listed(Aliases.list)
    get = awaited(Aliases.get)
    set = awaited(Aliases.set)
    delete = awaited(Aliases.delete)
    roll_back = awaited(Aliases.roll_back)
    protect = awaited(Aliases.protect)
    history = listed(Aliases.history)
    as_of = awaited(Aliases.as_of)


class AsyncChecks(Resource[Checks]):
    """``Checks``, asynchronously."""

    list = listed(Checks.list)
    open = awaited(Checks.open)
    report = awaited(Checks.report)
    withdraw = awaited(Checks.withdraw)


class AsyncDeployments(Resource[Deployments]):
    """``Deployments``, asynchronously."""

    list = listed(Deployments.list)
    get = awaited(Deployments.get)
    open = awaited(Deployments.open)
    retry = awaited(Deployments.retry)
    report = awaited(Deployments.report)
    where = listed(Deployments.where)
    withdraw = awaited(Deployments.withdraw)
    recall = listed(Deployments.recall)


class AsyncLineageGraph(Resource[LineageGraph]):
    """``LineageGraph``, asynchronously."""

    of = awaited(LineageGraph.of)
    of_node = awaited(LineageGraph.of_node)
    descendants = listed(LineageGraph.descendants)
    serving = listed(LineageGraph.serving)
    reproducibility = awaited(LineageGraph.reproducibility)
    state = awaited(LineageGraph.state)
    unstate = awaited(LineageGraph.unstate)
    to_openlineage = awaited(LineageGraph.to_openlineage)
    to_prov = awaited(LineageGraph.to_prov)


class AsyncEvaluations(Resource[Evaluations]):
    """``Evaluations``, asynchronously."""

    list = listed(Evaluations.list)
    record = awaited(Evaluations.record)
    withdraw = awaited(Evaluations.withdraw)
    history = listed(Evaluations.history)
    series = awaited(Evaluations.series)


class AsyncBillsOfMaterials(Resource[BillsOfMaterials]):
    """``BillsOfMaterials``, asynchronously."""

    export = awaited(BillsOfMaterials.export)
    import_file = awaited(BillsOfMaterials.import_file)


class AsyncEvidenceFiles(Resource[EvidenceFiles]):
    """``EvidenceFiles``, asynchronously."""

    list = listed(EvidenceFiles.list)
    attach = awaited(EvidenceFiles.attach)
    attach_document = awaited(EvidenceFiles.attach_document)
    download = awaited(EvidenceFiles.download)
    withdraw = awaited(EvidenceFiles.withdraw)


class AsyncSignatures(Resource[Signatures]):
    """``Signatures``, asynchronously."""

    list = listed(Signatures.list)
    get = awaited(Signatures.get)
    bring = awaited(Signatures.bring)


class AsyncStatements(Resource[Statements]):
    """``Statements``, asynchronously."""

    list = listed(Statements.list)
    get = awaited(Statements.get)


class AsyncChallengers(Resource[Challengers]):
    """``Challengers``, asynchronously."""

    get = awaited(Challengers.get)
    set = awaited(Challengers.set)
    promote = awaited(Challengers.promote)
    retire = awaited(Challengers.retire)


class AsyncStages(Resource[Stages]):
    """``Stages``, asynchronously."""

    list = listed(Stages.list)
    roll_back = awaited(Stages.roll_back)
    history = listed(Stages.history)
    as_of = awaited(Stages.as_of)
    of_all_models_as_of = listed(Stages.of_all_models_as_of)


class AsyncSearch(Resource[Search]):
    """``Search``, asynchronously."""

    versions = listed(Search.versions)
    models = listed(Search.models)
    leaderboard = listed(Search.leaderboard)
    fields = listed(Search.fields)
    explain_versions = awaited(Search.explain_versions)
    explain_models = awaited(Search.explain_models)


class AsyncRequests(Resource[Requests]):
    """``Requests``, asynchronously."""

    open = awaited(Requests.open)
    list = listed(Requests.list)
    inbox = listed(Requests.inbox)
    get = awaited(Requests.get)
    standing = awaited(Requests.standing)
    approve = awaited(Requests.approve)
    reject = awaited(Requests.reject)
    withdraw = awaited(Requests.withdraw)
    execute = awaited(Requests.execute)


class AsyncScans(Resource[Scans]):
    """``Scans``, asynchronously."""

    get = awaited(Scans.get)
    quarantined = listed(Scans.quarantined)
    again = awaited(Scans.again)
    release = awaited(Scans.release)
    restore = awaited(Scans.restore)


class AsyncLifecycle(Resource[Lifecycle]):
    """``Lifecycle``, asynchronously."""

    freeze = awaited(Lifecycle.freeze)
    unfreeze = awaited(Lifecycle.unfreeze)
    lock = awaited(Lifecycle.lock)
    unlock = awaited(Lifecycle.unlock)
    hold = awaited(Lifecycle.hold)
    release = awaited(Lifecycle.release)
    deleted = listed(Lifecycle.deleted)
    restore = awaited(Lifecycle.restore)
    retention = awaited(Lifecycle.retention)
    set_retention = awaited(Lifecycle.set_retention)
    clear_retention = awaited(Lifecycle.clear_retention)
    preview_retention = listed(Lifecycle.preview_retention)


class AsyncEvents(Resource[Events]):
    """``Events``, asynchronously."""

    list = listed(Events.list)
    verify = awaited(Events.verify)
    verified_by_registry = awaited(Events.verified_by_registry)


class AsyncCards(Resource[Cards]):
    """``Cards``, asynchronously."""

    get = awaited(Cards.get)
    set = awaited(Cards.set)
    update = awaited(Cards.update)
    revisions = listed(Cards.revisions)
    import_document = awaited(Cards.import_document)
    export_document = awaited(Cards.export_document)


class AsyncComments(Resource[Comments]):
    """``Comments``, asynchronously."""

    add = awaited(Comments.add)
    list = listed(Comments.list)
    get = awaited(Comments.get)
    edit = awaited(Comments.edit)
    delete = awaited(Comments.delete)


class AsyncChanges(Resource[Changes]):
    """``Changes``, asynchronously."""

    list = listed(Changes.list)


class AsyncStateChecker(Resource[StateChecker]):
    """``StateChecker``, asynchronously."""

    check = awaited(StateChecker.check)
    check_bytes = listed(StateChecker.check_bytes)


class AsyncUsage(Resource[Usage]):
    """``Usage``, asynchronously."""

    list = listed(Usage.list)


class AsyncMonitors(Resource[Monitors]):
    """``Monitors``, asynchronously."""

    list = listed(Monitors.list)
    get = awaited(Monitors.get)
    save = awaited(Monitors.save)
    delete = awaited(Monitors.delete)
    put_window = awaited(Monitors.put_window)
    put_windows = awaited(Monitors.put_windows)
    windows = listed(Monitors.windows)
    judge = awaited(Monitors.judge)


class AsyncVulnerabilities(Resource[Vulnerabilities]):
    """``Vulnerabilities``, asynchronously."""

    get = awaited(Vulnerabilities.get)
    match = awaited(Vulnerabilities.match)
    state = awaited(Vulnerabilities.state)
    unstate = awaited(Vulnerabilities.unstate)
    advisories = awaited(Vulnerabilities.advisories)
    update = threaded(Vulnerabilities.update)
    affected = listed(Vulnerabilities.affected)
