"""models: list, show, create, update, delete, rule."""

import click

from moorage.cli.options import NUMBER, PAIR
from moorage.cli.session import Session, command
from moorage.models import ModelContent
from moorage.results import Beats, Model, Number, PromotionRule


@click.group("models")
def models() -> None:
    """Registered models, and the rules that promote them."""


@models.command("list")
@click.option("--prefix", help="Only names that begin so.")
@click.option("--order", type=click.Choice(["name", "newest"]), help="Newest first is the default.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@command
def list_models(session: Session, prefix: str | None, order: str | None, limit: int) -> None:
    """List models."""
    found = list(session.client.models.list(prefix=prefix, order=order, limit=limit))
    rows = ((model.name, model.owner, model.description, model.created_at) for model in found)
    session.rows(found, ("name", "owner", "description", "created"), rows)


@models.command("show")
@click.argument("model")
@command
def show(session: Session, model: str) -> None:
    """Show one model."""
    show_model(session, session.client.models.get(model))


@models.command("create")
@click.argument("name")
@click.option("--description")
@click.option("--owner")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="NAME=VALUE; may be repeated.")
@command
def create(
    session: Session, name: str, description: str | None, owner: str | None, tags: tuple[tuple[str, str], ...]
) -> None:
    """Create a model. 'moorage register' does so by itself."""
    content = _content(description, owner)
    if tags:
        content["tags"] = dict(tags)
    model = session.client.models.create(name, **content)
    session.say(model, f"created {model.name}")


@models.command("update")
@click.argument("model")
@click.option("--description")
@click.option("--owner")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="Set a tag: NAME=VALUE; may be repeated.")
@click.option("--untag", multiple=True, help="Remove a tag; may be repeated.")
@command
def update(
    session: Session,
    model: str,
    description: str | None,
    owner: str | None,
    tags: tuple[tuple[str, str], ...],
    untag: tuple[str, ...],
) -> None:
    """Change a model's description, owner or tags."""
    content = _content(description, owner)
    etag = None
    if tags or untag:
        current = session.client.models.get(model)
        # Tags are replaced as a whole: only on the state that they were read from.
        etag = current.etag
        kept = {name: value for name, value in current.tags.items() if name not in untag}
        content["tags"] = kept | dict(tags)
    if not content:
        raise click.UsageError("nothing to change: give --description, --owner, --tag or --untag")
    show_model(session, session.client.models.update(model, if_match=etag, **content))


@models.command("delete")
@click.argument("model")
@command
def delete(session: Session, model: str) -> None:
    """Delete a model that has no versions."""
    session.client.models.delete(model)
    session.say({"deleted": model}, f"deleted {model}")


@models.command("rule")
@click.argument("model")
@click.option("--metric", help="The metric that decides.")
@click.option("--to", "to_stage", help="The stage that a version moves to.")
@click.option("--at-least", type=NUMBER, help="The value to reach (with --lower-is-better: at most).")
@click.option("--beats", "beats", metavar="STAGE", help="Be better than the version in this stage …")
@click.option("--by", type=NUMBER, default=0, help="… by this much.")
@click.option("--lower-is-better", is_flag=True)
@click.option("--clear", is_flag=True, help="Remove the rule.")
@command
def rule(
    session: Session,
    model: str,
    metric: str | None,
    to_stage: str | None,
    at_least: Number | None,
    beats: str | None,
    by: Number,
    lower_is_better: bool,
    clear: bool,
) -> None:
    """Show, set or clear the rule that promotes versions."""
    if clear:
        session.client.models.clear_promotion_rule(model)
        session.say({"cleared": model}, f"{model} has no promotion rule any more")
    elif metric is None and to_stage is None and at_least is None and beats is None:
        _show_rule(session, session.client.models.promotion_rule(model))
    else:
        if metric is None or to_stage is None or (at_least is None) == (beats is None):
            raise click.UsageError("a rule needs --metric, --to, and one of --at-least and --beats")
        wanted = PromotionRule(
            metric, to_stage, not lower_is_better, at_least, None if beats is None else Beats(beats, by)
        )
        _show_rule(session, session.client.models.set_promotion_rule(model, wanted))


def show_model(session: Session, model: Model) -> None:
    session.facts(
        model,
        [
            ("model", model.name),
            ("description", model.description),
            ("owner", model.owner),
            ("versions", f"{model.versions} (last is {model.last_version})"),
            ("aliases", model.aliases),
            ("stages", {name: holder.version for name, holder in model.stages.items()}),
            ("scheme", None if model.scheme is None else f"{model.scheme.name} version {model.scheme.version}"),
            ("tier", model.tier),
            ("rule", None if model.promotion_rule is None else rule_sentence(model.promotion_rule)),
            ("frozen", None if model.frozen is None else f"by {model.frozen.by}: {model.frozen.reason}"),
            ("tags", model.tags),
            ("metadata", model.metadata),
            ("created", f"{model.created_at:%Y-%m-%d %H:%M} by {model.created_by}"),
        ],
    )


def rule_sentence(rule: PromotionRule) -> str:
    """A promotion rule in words."""
    bound = "at least" if rule.higher_is_better else "at most"
    if rule.beats is None:
        return f"to {rule.to_stage} when {rule.metric} is {bound} {rule.at_least}"
    margin = f" by {rule.beats.by}" if rule.beats.by else ""
    return f"to {rule.to_stage} when {rule.metric} beats that of {rule.beats.stage}{margin}"


def _show_rule(session: Session, rule: PromotionRule) -> None:
    session.say(rule, rule_sentence(rule))


def _content(description: str | None, owner: str | None) -> ModelContent:
    content: ModelContent = {}
    if description is not None:
        content["description"] = description
    if owner is not None:
        content["owner"] = owner
    return content
