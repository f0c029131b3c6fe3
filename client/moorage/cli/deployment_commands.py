"""deployments: versions on their way to targets, what runs where, and recalls."""

from datetime import datetime

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import PAIR, TIME, limit_option
from moorage.cli.references import MODEL, VERSION
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.deployments import Deployment
from moorage.references import Reference
from moorage.targets import Place

_STATUSES = ("pending", "in_progress", "succeeded", "failed", "rolled_back", "superseded")
_REPORTED = ("in_progress", "succeeded", "failed", "rolled_back")
_DEPLOYMENTS = Columns(
    ("number", "target", "version", "status", "opened", "by", "detail"),
    spare=("by", "opened", "detail"),
    prose=("detail",),
)
# Of a model, its targets; of a target, its models.
_TARGETS = Columns(("target", "wanted", "serving", "state", "last heard"), spare=("last heard", "state", "wanted"))
_MODELS = Columns(("model", *_TARGETS.names[1:]), spare=_TARGETS.spare)
_THEN = Columns(("model", "version", "since"), spare=("since",))
_RECALLED = Columns(
    ("model", "version", "target", "environment", "state", "found"), spare=("environment", "found"), folded=("found",)
)
_FED = Columns(("version", "target", "state", "found", "comes from"), spare=("state",), prose=("found", "comes from"))


@click.group("deployments")
def deployments() -> None:
    """Follow deployments of versions to targets."""


@deployments.command("list")
@click.argument("model", type=MODEL)
@click.option("--target", help="Only on this target.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only of this status.")
@limit_option()
@list_command
def list_deployments(session: Session, model: str, target: str | None, status: str | None, limit: int | None) -> None:
    """List the deployments of a model, newest first."""
    client = session.client.deployments
    listed = session.first(limit, lambda most: client.list(model, target=target, status=status, limit=most))
    rows = (
        (one.number, one.target, one.version, one.status, one.opened_at, one.opened_by, one.detail) for one in listed
    )
    session.rows(listed, _DEPLOYMENTS, rows)


@deployments.command("show")
@click.argument("model", type=MODEL)
@click.argument("number", type=click.IntRange(min=1))
@command
def show(session: Session, model: str, number: int) -> None:
    """Show a deployment of a model."""
    _show(session, session.client.deployments.get(model, number))


@deployments.command("open")
@click.argument("version", type=VERSION)
@click.argument("target")
@click.option("--reason", help="Why.")
@command
def open_deployment(session: Session, version: Reference, target: str, reason: str | None) -> None:
    """Deploy a version by hand.

    The target takes versions that stand in its stage or that its alias points at, and its last good one.
    """
    client = session.client.deployments
    _show(session, client.open(version.model, session.key(version), target, reason=reason))


@deployments.command("retry")
@click.argument("model", type=MODEL)
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", help="Why.")
@command
def retry(session: Session, model: str, number: int, reason: str | None) -> None:
    """Try a failed deployment again."""
    _show(session, session.client.deployments.retry(model, number, reason=reason))


@deployments.command("report")
@click.argument("model", type=MODEL)
@click.argument("number", type=click.IntRange(min=1))
@click.argument("status", type=click.Choice(_REPORTED))
@click.option("--detail", help="How it stands, in a sentence.")
@click.option(
    "--link", "links", type=PAIR, multiple=True, metavar="TITLE=URL", help="A page about it. May be repeated."
)
@click.option("--attempt", type=click.IntRange(min=1), help="The attempt that this is about.")
@command
def report(
    session: Session,
    model: str,
    number: int,
    status: str,
    detail: str | None,
    links: tuple[tuple[str, str], ...],
    attempt: int | None,
) -> None:
    """Report how a deployment stands."""
    given = dict(links) or None
    client = session.client.deployments
    _show(session, client.report(model, number, status, detail=detail, links=given, attempt=attempt))


@deployments.command("observe")
@click.argument("target")
@click.argument("version", type=VERSION)
@click.option("--digest", help="The digest of the manifest of what is really served.")
@command
def observe(session: Session, target: str, version: Reference, digest: str | None) -> None:
    """Say which version of a model a target serves: a heartbeat."""
    place = session.client.targets.observe(target, version.model, session.number(version), digest=digest)
    session.facts(place, _place_facts(place))


@deployments.command("where")
@click.argument("model", type=MODEL, required=False)
@click.option("--target", help="What this target serves, instead of where a model runs.")
@click.option("--at", "time", metavar="TIME", type=TIME, help="At this time, such as 2026-11-23T09:30:00Z.")
@limit_option()
@list_command
def where(session: Session, model: str | None, target: str | None, time: datetime | None, limit: int | None) -> None:
    """Show the targets of a model, or the models on a target.

    'moorage as-of' shows where a model ran at a time.
    """
    if (model is None) == (target is None):
        raise click.UsageError("give a model or --target, and not both")
    if target is None and time is not None:
        raise click.UsageError("--at goes with --target; 'moorage as-of' shows where a model ran at a time")
    client = session.client
    if target is not None and time is not None:
        then = session.first(limit, lambda most: client.targets.as_of(target, time, limit=most))
        session.rows(then, _THEN, ((one.model, one.version, one.since) for one in then))
        return
    if target is not None:
        places = session.first(limit, lambda most: client.targets.models(target, limit=most))
    else:
        places = session.first(limit, lambda most: client.deployments.where(str(model))[:most])
    rows = (
        (
            one.model if target is not None else one.target,
            one.wanted and one.wanted.version,
            _serving(one),
            _state(one),
            one.seen_at,
        )
        for one in places
    )
    session.rows(places, _MODELS if target is not None else _TARGETS, rows)


@deployments.command("recall")
@click.option(
    "--requirement", metavar="PACKAGE", help="Versions that need this package, such as numpy or numpy==1.26.4."
)
@click.option("--dataset", metavar="NAME", help="Versions that learned from this dataset.")
@click.option("--digest", help="The version, or the dataset, with this digest.")
@limit_option()
@list_command
def recall(
    session: Session, requirement: str | None, dataset: str | None, digest: str | None, limit: int | None
) -> None:
    """List what runs with a package, a dataset or a digest."""
    if not (requirement or dataset or digest):
        raise click.UsageError("say what to look for: give --requirement, --dataset or --digest")
    client = session.client.deployments
    listed = session.first(
        limit, lambda most: client.recall(requirement=requirement, dataset=dataset, digest=digest, limit=most)
    )
    rows = (
        (one.model, one.version, one.target, one.environment, "serving" if one.serving else "on its way", one.found)
        for one in listed
    )
    session.rows(listed, _RECALLED, rows)


@deployments.command("origins")
@click.option("--requirement", metavar="PACKAGE", help="Only what needs this package, or comes from what does.")
@click.option("--dataset", metavar="NAME", help="Only what learned from this dataset, or comes from what did.")
@click.option("--digest", help="Only what comes from the version, or the dataset, with this digest.")
@limit_option()
@list_command
def origins(
    session: Session, requirement: str | None, dataset: str | None, digest: str | None, limit: int | None
) -> None:
    """List what runs, and what fed it."""
    graph = session.client.lineage
    listed = session.first(
        limit, lambda most: graph.serving(requirement=requirement, dataset=dataset, digest=digest, limit=most)
    )
    rows = (
        (
            f"{one.model}/{one.version}",
            one.target,
            "serving" if one.serving else "on its way",
            one.found,
            [f"{node.kind} {node.label}" for node in one.origins],
        )
        for one in listed
    )
    session.rows(listed, _FED, rows)


@deployments.command("withdraw")
@click.argument("model", type=MODEL)
@click.argument("target")
@yes_option
@command
def withdraw(session: Session, model: str, target: str, yes: bool) -> None:
    """Take a model off a target. Asks first."""
    ask(
        f"This ends deployments of {model} on {target}, and versions that it needs may be deleted. "
        "Nothing changes on the target itself.",
        yes=yes,
    )
    session.client.deployments.withdraw(model, target)
    session.say({"withdrawn": model, "target": target}, f"took {model} off {target}")


def _serving(place: Place) -> int | None:
    return None if place.serving is None else place.serving.version


def _state(place: Place) -> str:
    if place.active is not None:
        return f"deployment {place.active}"
    if place.drifting:
        return "drifting"
    return "" if place.wanted is None else "agrees" if _serving(place) == place.wanted.version else "differs"


def _place_facts(place: Place) -> list[tuple[str, object]]:
    return [
        ("model", place.model),
        ("target", place.target),
        ("wanted", place.wanted and place.wanted.version),
        ("serving", _serving(place)),
        ("state", _state(place)),
        ("last heard", place.seen_at),
    ]


def _show(session: Session, deployment: Deployment) -> None:
    facts: list[tuple[str, object]] = [
        ("deployment", f"{deployment.model} {deployment.number}"),
        ("version", deployment.version),
        ("target", f"{deployment.target} ({deployment.environment})"),
        ("status", deployment.status),
        ("detail", deployment.detail),
        ("attempt", deployment.attempt if deployment.attempt > 1 else None),
        ("opened", deployment.opened_at),
        ("by", deployment.opened_by),
        ("reason", deployment.reason),
        ("after", f"{deployment.cause.event_type} ({deployment.cause.sequence})"),
        ("rolls back", deployment.rolls_back),
        ("rolled back by", deployment.rolled_back_by),
        ("superseded by", deployment.superseded_by),
        ("started", deployment.started_at),
        ("ended", deployment.ended_at),
        ("reported by", deployment.reported_by),
        ("correlation id", deployment.correlation_id),
        *deployment.links.items(),
    ]
    session.facts(deployment, facts)
