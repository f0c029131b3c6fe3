"""models: models and the rules that promote their versions."""

from typing import Final

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.marks import restriction
from moorage.cli.options import NUMBER, PAIR, limit_option
from moorage.cli.references import MODEL
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.unknown_names import unseen_metrics
from moorage.models import ModelContent
from moorage.results import Beats, Model, Number, PromotionRule

_MODELS = Columns(("name", "owner", "description", "created"), spare=("description", "created"), prose=("description",))


_LEVELS: Final = ("public", "internal", "confidential", "restricted")


@click.group("models")
def models() -> None:
    """Manage models and the rules that promote their versions."""


@models.command("list")
@click.option("--prefix", help="List only names that begin with this text.")
@click.option(
    "--order",
    type=click.Choice(["name", "newest"]),
    help="Sort by name or newest first. Default: newest, or name with --prefix.",
)
@limit_option()
@list_command
def list_models(session: Session, prefix: str | None, order: str | None, limit: int | None) -> None:
    """List models."""
    listed = session.first(limit, lambda most: session.client.models.list(prefix=prefix, order=order, limit=most))
    rows = ((model.name, model.owner, model.description, model.created_at) for model in listed)
    session.rows(listed, _MODELS, rows)


@models.command("show")
@click.argument("model", type=MODEL)
@command
def show(session: Session, model: str) -> None:
    """Show a model."""
    show_model(session, session.client.models.get(model))


@models.command("create")
@click.argument("name")
@click.option("--description", help="A description of the model.")
@click.option("--owner", help="Who is responsible for it.")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="A tag. May be repeated.")
@command
def create(
    session: Session, name: str, description: str | None, owner: str | None, tags: tuple[tuple[str, str], ...]
) -> None:
    """Create a model.

    'moorage register' does this automatically.
    """
    content = _content(description, owner)
    if tags:
        content["tags"] = dict(tags)
    model = session.client.models.create(name, **content)
    session.say(model, f"created {model.name}")


@models.command("update")
@click.argument("model", type=MODEL)
@click.option("--description", help="The new description.")
@click.option("--owner", help="The new owner.")
@click.option("--tag", "tags", type=PAIR, multiple=True, help="Set a tag. May be repeated.")
@click.option("--untag", multiple=True, metavar="NAME", help="Remove a tag. May be repeated.")
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
        # Tags are replaced as a whole, so the update must apply to the state that was read.
        etag = current.etag
        kept = {name: value for name, value in current.tags.items() if name not in untag}
        content["tags"] = kept | dict(tags)
    if not content:
        raise click.UsageError("nothing to change: give --description, --owner, --tag or --untag")
    show_model(session, session.client.models.update(model, if_match=etag, **content))


@models.command("classify")
@click.argument("model", type=MODEL)
@click.argument("classification", type=click.Choice((*_LEVELS, "none")))
@click.option("--personal-data", is_flag=True, help="The data is about people who could be told from it.")
@click.option("--reason", help="Why. A classification that is lowered needs one.")
@command
def classify(session: Session, model: str, classification: str, personal_data: bool, reason: str | None) -> None:
    """Say how far a model's data may be known.

    'none' takes it back. For example: moorage models classify fraud confidential --personal-data
    """
    level = None if classification == "none" else classification
    if level is None and personal_data:
        raise click.UsageError("--personal-data comes with a classification")
    said = session.client.models.classify(model, level, personal_data=personal_data, reason=reason)
    personal = ", personal data" if said.personal_data else ""
    session.say(said, f"{model} is {said.classification or 'unclassified'}{personal}")


@models.command("delete")
@click.argument("model", type=MODEL)
@yes_option
@command
def delete(session: Session, model: str, yes: bool) -> None:
    """Delete a model that has no versions. Asks first."""
    ask(f"This deletes the model {model}, with its card and its rules. It cannot be restored.", yes=yes)
    session.client.models.delete(model)
    session.say({"deleted": model}, f"deleted {model}")


@models.command("rule")
@click.argument("model", type=MODEL)
@click.option("--metric", help="The metric that decides.")
@click.option("--to", "to_stage", metavar="STAGE", help="The stage that versions are promoted to.")
@click.option("--at-least", type=NUMBER, help="The value to reach; with --lower-is-better, the highest allowed value.")
@click.option("--beats", "beats", metavar="STAGE", help="Must be better than the version in this stage.")
@click.option("--by", type=NUMBER, default=0, help="With --beats: better by at least this much.")
@click.option("--lower-is-better", is_flag=True, help="Lower values are better.")
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
    """Show, set or clear the rule that promotes new versions."""
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
        for sentence in unseen_metrics(session.client, model, [metric]):
            session.warn(f"{sentence}. Until one has it, the rule promotes nothing.")


def show_model(session: Session, model: Model) -> None:
    session.facts(
        model,
        [
            ("model", model.name),
            ("description", model.description),
            ("frozen", restriction(model.frozen)),
            ("owner", model.owner),
            ("versions", f"{model.versions} (last is {model.last_version})"),
            ("aliases", model.aliases),
            ("stages", {name: holder.version for name, holder in model.stages.items()}),
            ("scheme", None if model.scheme is None else f"{model.scheme.name} version {model.scheme.version}"),
            ("tier", model.tier),
            ("classification", _classification(model)),
            ("rule", None if model.promotion_rule is None else rule_sentence(model.promotion_rule)),
            ("tags", model.tags),
            ("metadata", model.metadata),
            ("created", f"{model.created_at:%Y-%m-%d %H:%M} by {model.created_by}"),
        ],
    )


def _classification(model: Model) -> str | None:
    return f"{model.classification}, personal data" if model.personal_data else model.classification


def rule_sentence(rule: PromotionRule) -> str:
    """A promotion rule in words."""
    bound = "at least" if rule.higher_is_better else "at most"
    if rule.beats is None:
        return f"to {rule.to_stage} when {rule.metric} is {bound} {rule.at_least}"
    margin = f" by {rule.beats.by}" if rule.beats.by else ""
    return f"to {rule.to_stage} when {rule.metric} beats the version in {rule.beats.stage}{margin}"


def _show_rule(session: Session, rule: PromotionRule) -> None:
    session.say(rule, rule_sentence(rule))


def _content(description: str | None, owner: str | None) -> ModelContent:
    content: ModelContent = {}
    if description is not None:
        content["description"] = description
    if owner is not None:
        content["owner"] = owner
    return content
