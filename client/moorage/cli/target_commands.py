"""targets: where versions are put into service."""

import json
from typing import Any

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.targets import Target

_TARGETS = Columns(
    ("name", "kind", "environment", "starts with", "models", "enabled"),
    spare=("models", "environment", "kind"),
    folded=("models",),
)


class JsonObject(click.ParamType[dict[str, Any]]):
    """A JSON object."""

    name = "json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        try:
            document = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            document = None
        if not isinstance(document, dict):
            self.fail(f"{value!r} is not a JSON object", param, ctx)
        return document


_JSON = JsonObject()


@click.group("targets")
def targets() -> None:
    """Manage targets: where versions are put into service."""


@targets.command("set")
@click.argument("name")
@click.option("--environment", required=True, help="Such as production.")
@click.option(
    "--kind", default="external", show_default=True, help="Who puts versions there; external: somebody outside."
)
@click.option(
    "--model", "models", multiple=True, required=True, metavar="NAME", help="* matches any text. May be repeated."
)
@click.option("--stage", help="Deploy versions when they enter this stage.")
@click.option("--alias", help="Deploy versions when this alias is pointed at them.")
@click.option("--reporter", "reporters", multiple=True, metavar="PRINCIPAL", help="Who may report. Repeatable.")
@click.option("--config", type=_JSON, default="{}", help="Where on the platform, as JSON.")
@click.option("--rollout", type=_JSON, default="{}", help="How versions get there, as JSON.")
@click.option("--roll-back", is_flag=True, help="Deploy the last good version again after a failure.")
@click.option("--move-back", is_flag=True, help="Roll the stage or alias back too.")
@click.option("--give-up-after", type=click.IntRange(60, 604_800), default=3600, show_default=True, metavar="SECONDS")
@click.option("--description", default="", help="A description of the target.")
@click.option("--enable/--disable", "enabled", default=True, help="Whether moves start deployments.")
@command
def set_target(
    session: Session,
    name: str,
    environment: str,
    kind: str,
    models: tuple[str, ...],
    stage: str | None,
    alias: str | None,
    reporters: tuple[str, ...],
    config: dict[str, Any],
    rollout: dict[str, Any],
    roll_back: bool,
    move_back: bool,
    give_up_after: int,
    description: str,
    enabled: bool,
) -> None:
    """Make a target, or replace its terms.

    Give --stage or --alias: it says which moves start a deployment.
    """
    if (stage is None) == (alias is None):
        raise click.UsageError("give --stage or --alias, and not both: it says which moves start a deployment")
    if move_back and not roll_back:
        raise click.UsageError("--move-back needs --roll-back: else the stage or alias would move, and the target not")
    policy = {"roll_back": roll_back, "move_back": move_back, "give_up_after": give_up_after, "rollout": rollout}
    target = session.client.targets.set(
        name,
        kind=kind,
        environment=environment,
        models=models,
        stage=stage,
        alias=alias,
        config=config,
        policy=policy,
        reporters=reporters,
        description=description,
        enabled=enabled,
    )
    _show(session, target)


@targets.command("list")
@limit_option()
@list_command
def list_targets(session: Session, limit: int | None) -> None:
    """List targets."""
    listed = session.first(limit, lambda most: session.client.targets.list(limit=most))
    rows = (
        (one.name, one.kind, one.environment, _starts_with(one), one.models, "yes" if one.enabled else "no")
        for one in listed
    )
    session.rows(listed, _TARGETS, rows)


@targets.command("show")
@click.argument("name")
@command
def show(session: Session, name: str) -> None:
    """Show a target."""
    _show(session, session.client.targets.get(name))


@targets.command("delete")
@click.argument("name")
@yes_option
@command
def delete(session: Session, name: str, yes: bool) -> None:
    """Delete a target. Asks first."""
    ask(
        f"This deletes the target {name}: deployments that have not ended there fail, and nothing starts new ones.",
        yes=yes,
    )
    session.client.targets.delete(name)
    session.say({"deleted": name}, f"deleted {name}")


def _starts_with(target: Target) -> str:
    return f"stage {target.stage}" if target.stage is not None else f"alias {target.alias}"


def _show(session: Session, target: Target) -> None:
    policy = target.policy
    follows = "nothing"
    if policy.roll_back:
        follows = "target, and stage or alias" if policy.move_back else "target"
    facts: list[tuple[str, object]] = [
        ("name", target.name),
        ("kind", target.kind),
        ("environment", target.environment),
        ("starts with", _starts_with(target)),
        ("models", target.models),
        ("reporters", target.reporters),
        ("rolls back", follows),
        ("gives up after", f"{policy.give_up_after} seconds"),
        ("config", json.dumps(target.config) if target.config else None),
        ("rollout", json.dumps(policy.rollout) if policy.rollout else None),
        ("description", target.description),
        ("enabled", "yes" if target.enabled else "no"),
        ("created", target.created_at),
        ("by", target.created_by),
    ]
    session.facts(target, facts)
