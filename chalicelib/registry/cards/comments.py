"""Comments on a model, its versions and its requests."""

from chalicelib.aws import keys
from chalicelib.aws.access import quota_items
from chalicelib.aws.cards import comment_items
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action
from chalicelib.domain.cards import comment_decisions as decisions
from chalicelib.domain.cards.comment import Comment, Subject, parse_id
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.limits import Quota
from chalicelib.domain.promotion.request_decisions import existing as existing_request
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.versions.decisions import existing as existing_version
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page


def create_comment(
    services: Services, request: Request, model: str, subject: Subject, text: str, reply_to: str | None
) -> Changed[Comment]:
    """Comment on something that exists.

    Raises a NotFoundError of its kind, InvalidInputError for a reply elsewhere, QuotaExceededError.
    """
    if reply_to is not None and parse_id(reply_to)[0] != subject:
        message = "is a comment on something else"
        raise InvalidInputError(f"The comment {reply_to!r} {message}.", [Problem("/reply_to", message)])
    # Counted in the commit, as models are.
    counted = quota_items.quota_key(request.principal.name, services.clock())
    on_version = subject.number if subject.kind == "version" else None
    on_request = subject.number if subject.kind == "request" else None

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Comment]:
        services.settings.limits.check_day(Quota.COMMENTS, quota_items.made(snapshot.item(counted), Quota.COMMENTS))
        current = loaded_model(snapshot, model)
        if on_version is not None:
            existing_version(model, on_version, snapshot.get(Version, on_version))
        if on_request is not None:
            existing_request(model, on_request, snapshot.get(TransitionRequest, on_request))
        answered = None if reply_to is None else decisions.standing(snapshot.get(Comment, reply_to), reply_to)
        return decisions.create(current, subject, text, answered, stamp)

    asked = model_keys(
        model,
        versions=[] if on_version is None else [on_version],
        requests=[] if on_request is None else [on_request],
    )
    asked.append(counted)
    if reply_to is not None:
        asked.append(_key(model, reply_to))

    def recall(made: str) -> Comment:
        return get_comment(services, model, made)

    return change_model(services, request, model, decide, recall, asked)


def get_comment(services: Services, model: str, comment_id: str) -> Comment:
    """One comment; of a deleted one, its place. Raises CommentNotFoundError."""
    stored = services.table.get(_key(model, comment_id))
    return decisions.existing(None if stored is None else comment_items.comment_from(stored), comment_id)


def list_comments(
    services: Services, model: str, subject: Subject, limit: int, start: dict[str, str | int] | None
) -> Page[Comment]:
    """The comments on one subject, oldest first. Raises ModelNotFoundError."""
    after = None if start is None else keys.comment(model, str(subject), int(start["sequence"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)), keys.comment_prefix(str(subject)), limit, after
    )
    if not stored and start is None:
        model_head(services, model)
    comments = tuple(comment_items.comment_from(item) for item in stored)
    more = last is not None and comments
    return Page(comments, {"sequence": parse_id(comments[-1].id)[1]} if more else None)


def update_comment(services: Services, request: Request, model: str, comment_id: str, text: str) -> Changed[Comment]:
    """Edit one's own comment. Raises CommentNotFoundError, PermissionDeniedError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Comment]:
        current = loaded_model(snapshot, model)
        comment = decisions.standing(snapshot.get(Comment, comment_id), comment_id)
        request.check_match(comment.revision)
        return decisions.update(current, comment, text, stamp)

    def recall(_: str) -> Comment:
        return get_comment(services, model, comment_id)

    return change_model(services, request, model, decide, recall, [*model_keys(model), _key(model, comment_id)])


def delete_comment(services: Services, request: Request, model: str, comment_id: str) -> Changed[None]:
    """Delete one's own comment, or anybody's with the right to manage; one deleted before stays deleted."""
    may_manage = request.principal.may(Action.MANAGE, model)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        current = loaded_model(snapshot, model)
        comment = decisions.existing(snapshot.get(Comment, comment_id), comment_id)
        request.check_match(comment.revision)
        return decisions.delete(current, comment, may_manage, stamp)

    asked = [*model_keys(model), _key(model, comment_id)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def _key(model: str, comment_id: str) -> Key:
    subject, sequence = parse_id(comment_id)
    return keys.comment(model, str(subject), sequence)
